import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import type { RequestHandler } from "express";
import sirv from "sirv";

const HASHED_ASSET = /^\/(_npm|_node|_import|_file|_observablehq|_esbuild)\//;
const YEAR_SECONDS = 31_536_000;

/**
 * Serves a built site with its precompressed files. Assets whose address changes with their content are kept by
 * browsers for good, pages are asked for anew each time. A site that was swapped in, by whatever process, is taken up
 * by the next request.
 */
export class BuiltSite {
  readonly #folder: string;
  #listed: { readonly identity: string; readonly serve: RequestHandler } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isThere(): boolean {
    return this.#current() !== undefined;
  }

  readonly handle: RequestHandler = (request, response, next) => {
    const serve = this.#current();
    // sirv would answer any method.
    if (serve === undefined || (request.method !== "GET" && request.method !== "HEAD")) {
      next();
      return;
    }
    // sirv opens a file after it has looked it up, and does not listen for its failure.
    response.once("pipe", (file: Readable) => file.once("error", () => response.destroy()));
    serve(request, response, next);
  };

  /** sirv lists a folder once; one that was renamed into its place has another inode. */
  #current(): RequestHandler | undefined {
    const folder = statSync(this.#folder, { throwIfNoEntry: false });
    const identity = folder && `${folder.ino} ${folder.mtimeMs}`;
    if (identity === undefined) this.#listed = undefined;
    else if (this.#listed?.identity !== identity) this.#listed = { identity, serve: serveFolder(this.#folder) };
    return this.#listed?.serve;
  }
}

function serveFolder(folder: string): RequestHandler {
  return sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    extensions: ["html"],
    setHeaders(response, pathname) {
      const immutable = HASHED_ASSET.test(pathname);
      response.setHeader("Cache-Control", immutable ? `public, max-age=${YEAR_SECONDS}, immutable` : "no-cache");
    },
  }) as RequestHandler;
}
