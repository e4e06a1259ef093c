import { createServer } from "node:http";
import type { Logger } from "pino";
import type { Database } from "../store/database.js";
import { BuiltSite } from "./built-site.js";
import { firstBuildPage } from "./first-build-page.js";
import { createHttpApp } from "./http-app.js";
import { closeServer, listenOnLoopback } from "./listen.js";
import type { LiveServices } from "./live/live-services.js";
import { SitePublisher } from "./site-publisher.js";
import type { WorkflowServices } from "./workflows/workflow-services.js";

export interface WorkbenchOptions {
  readonly version: string;
  readonly port: number;
  readonly siteFolder: string;
  readonly database: Database;
  readonly live: LiveServices;
  readonly workflows?: Pick<WorkflowServices, "routes"> | undefined;
  readonly logger: Logger;
  /** False where another process keeps the pages in step with the data. */
  readonly isPublishing: boolean;
  readonly isFresh: () => Promise<boolean>;
  readonly build: (onLine: (line: string) => void) => Promise<void>;
}

export interface RunningWorkbench {
  readonly url: string;
  /** Resolves when the pages are there. */
  readonly published: Promise<void>;
  close(): Promise<void>;
}

/** Serves the built site and keeps it in step with the data. @throws PORT_IN_USE */
export async function startWorkbench(options: WorkbenchOptions): Promise<RunningWorkbench> {
  const { database, live, logger, version } = options;
  const site = new BuiltSite(options.siteFolder);
  const publisher = new SitePublisher(options);
  const app = createHttpApp({
    version,
    database,
    logger,
    startedAtMs: performance.now(),
    publishing: () => (options.isPublishing ? publisher.state : undefined),
    siteIsThere: () => site.isThere,
    live,
    workflows: options.workflows,
    pages: [site.handle, firstBuildPage(() => (site.isThere ? undefined : publisher.state))],
  });
  const server = createServer(app);
  server.on("upgrade", (request, socket, head) => {
    if (!live.upgrade(request, socket, head)) socket.destroy();
  });
  const url = await listenOnLoopback(server, options.port);
  return {
    url,
    published: options.isPublishing ? publisher.start() : Promise.resolve(),
    close: async () => {
      publisher.stop();
      await closeServer(server);
    },
  };
}
