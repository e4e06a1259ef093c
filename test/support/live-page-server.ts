import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Duplex } from "node:stream";
import { tableFromIPC } from "apache-arrow";
import { COMPANION_HEADERS } from "../../src/contracts/companion-headers.js";
import { LIVE_PROTOCOL_VERSION } from "../../src/contracts/live-protocol.js";
import type { LivePageStream, StreamedSymbol } from "./live-page-stream.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

export interface LivePageServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Shares and indexes of a built site with their last closes, for a stand-in to go on from. */
export function symbolsOfSite(siteFolder: string): StreamedSymbol[] {
  const folder = join(siteFolder, "_file/data");
  const file = readdirSync(folder).find((name) => /^snapshot\..*arrow$/.test(name))!;
  const rows = tableFromIPC(readFileSync(join(folder, file))).toArray() as { [column: string]: unknown }[];
  return rows
    .filter((row) => row.asset_class === "equity" || row.asset_class === "index")
    .map((row) => ({
      symbol: String(row.symbol),
      reference: Number(row.close),
      isIndex: row.asset_class === "index",
    }));
}

/** Serves a built site as the workbench does, as far as pages can tell: numbered answers, and the stream if given. */
export async function startLivePageServer(
  siteFolder: string,
  { stream, port = 0, isWorkbench = true }: { stream?: LivePageStream; port?: number; isWorkbench?: boolean },
): Promise<LivePageServer> {
  const server: Server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://host");
    const path = decodeURIComponent(pathname);
    if (isWorkbench) response.setHeader(COMPANION_HEADERS.requestId, randomUUID());
    if (stream) response.setHeader(COMPANION_HEADERS.stream, LIVE_PROTOCOL_VERSION);
    if (isWorkbench && path.startsWith("/api/market/")) {
      response.setHeader("content-type", "application/json");
      if (stream && path === "/api/market/ticks") {
        const [fromMs, toMs] = [Number(searchParams.get("from")), Number(searchParams.get("to"))];
        response.end(JSON.stringify(stream.storedTicks({ symbol: searchParams.get("symbol"), fromMs, toMs })));
        return;
      }
      response.end(JSON.stringify({ states: [], gaps: [], openIncidents: [], candles: [] }));
      return;
    }
    const file = join(siteFolder, normalize(path === "/" ? "/index.html" : path));
    if (!existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    if (!stream?.upgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}
