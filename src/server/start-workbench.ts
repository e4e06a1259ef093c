import { createServer } from "node:http";
import type { Logger } from "pino";
import type { Database } from "../store/database.js";
import { BuiltSite } from "./built-site.js";
import { firstBuildPage } from "./first-build-page.js";
import { createHttpApp } from "./http-app.js";
import { closeServer, listenOnLoopback } from "./listen.js";
import { SitePublisher } from "./site-publisher.js";

export interface WorkbenchOptions {
  readonly version: string;
  readonly port: number;
  readonly siteFolder: string;
  readonly database: Database;
  readonly logger: Logger;
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
  const { database, logger, version } = options;
  const site = new BuiltSite(options.siteFolder);
  const publisher = new SitePublisher(options);
  const app = createHttpApp({
    version,
    database,
    logger,
    startedAtMs: performance.now(),
    publishing: () => publisher.state,
    siteIsThere: () => site.isThere,
    pages: [site.handle, firstBuildPage(() => (site.isThere ? undefined : publisher.state))],
  });
  const server = createServer(app);
  const url = await listenOnLoopback(server, options.port);
  return {
    url,
    published: publisher.start(),
    close: async () => {
      publisher.stop();
      await closeServer(server);
    },
  };
}
