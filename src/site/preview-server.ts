import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { executablePath } from "./executable-path.js";
import { takeShortcuts } from "./framework-shortcuts.js";
import { goOffline } from "./offline-fetch.js";
import { siteFolders } from "./site-folders.js";
import { watchLoaders } from "./watch-loaders.js";

export interface PreviewOptions {
  /** Folder that holds `observablehq.config.ts`, `notebooks` and `node_modules`. */
  readonly projectRoot: string;
  /** The configuration when it is not `observablehq.config.ts`. */
  readonly configFile?: string;
  /** Told of a loader that cannot be parsed; its page keeps the former data. */
  readonly onError?: (error: unknown) => void;
}

/** Framework's preview, with hot reload, as part of a server that also answers other addresses. */
export interface Preview {
  /** Answers a page, module or data file; the caller has kept its own addresses for itself. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Takes the connection if it is the one for hot reload; `false` when it is somebody else's. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Makes every open page load its data again, as after an import. */
  invalidateLoaders(): void;
  /** Ends hot reload and its watchers, and gives the process its own `fetch` back. */
  close(): void;
}

const RELOAD_ADDRESS = "/_observablehq";

/**
 * Starts Framework's preview in this process, on no port of its own. Libraries come from `node_modules` as in a
 * build: Framework's requests to the network are answered or refused, all others pass.
 */
export async function attachPreview(options: PreviewOptions): Promise<Preview> {
  const projectRoot = resolve(options.projectRoot);
  const { configFile = join(projectRoot, "observablehq.config.ts"), onError = () => {} } = options;
  process.env.OBSERVABLE_TELEMETRY_DISABLE ??= "true";
  process.env.PATH = executablePath(projectRoot);
  takeShortcuts("preview");
  const { PreviewServer } = await import("@observablehq/framework/dist/preview.js");
  const goOnline = goOffline({
    projectRoot,
    cacheFolder: siteFolders(projectRoot).cache,
    otherRequests: globalThis.fetch,
  });
  const loaders = await watchLoaders({ projectRoot, onError });

  // Never listens: the place where Framework finds the requests handed to it.
  const requests = createServer();
  const preview = new PreviewServer({
    config: configFile,
    root: undefined,
    origins: [],
    server: requests,
    verbose: false,
  });

  return {
    handle(request, response) {
      requests.emit("request", request, response);
    },
    upgrade(request, socket, head) {
      if (request.url !== RELOAD_ADDRESS) return false;
      requests.emit("upgrade", request, socket, head);
      return true;
    },
    invalidateLoaders: () => loaders.touchAll(),
    close() {
      loaders.close();
      for (const client of preview._socketServer.clients) client.terminate();
      preview._socketServer.close();
      requests.removeAllListeners();
      goOnline();
    },
  };
}
