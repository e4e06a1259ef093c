import { createServer } from "node:http";
import type { Logger } from "pino";
import type { Database } from "../store/database.js";
import { createHttpApp } from "./http-app.js";
import { closeServer, listenOnLoopback } from "./listen.js";
import type { LiveServices } from "./live/live-services.js";

export interface BackgroundProcessOptions {
  readonly version: string;
  readonly port: number;
  readonly database: Database;
  readonly live: LiveServices;
  readonly logger: Logger;
}

/** A process that follows the feed, or executes workflows, and serves nobody: `/health` and `/ready` alone. @throws PORT_IN_USE */
export async function startBackgroundProcess(
  options: BackgroundProcessOptions,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(
    createHttpApp({
      ...options,
      startedAtMs: performance.now(),
      publishing: () => undefined,
      siteIsThere: () => true,
      pages: [],
    }),
  );
  const url = await listenOnLoopback(server, options.port);
  return { url, close: () => closeServer(server) };
}
