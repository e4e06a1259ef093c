import { existsSync } from "node:fs";
import type { RequestHandler } from "express";
import sirv from "sirv";

const HASHED_ASSET = /^\/(_npm|_node|_import|_file|_observablehq|_esbuild)\//;
const YEAR_SECONDS = 31_536_000;

/**
 * Serves a built site with its precompressed files. Assets whose address changes with their content are kept by
 * browsers for good, pages are asked for anew each time. `reload` takes up a site that was swapped in.
 */
export class BuiltSite {
  readonly #folder: string;
  #serve: RequestHandler | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.reload();
  }

  get isThere(): boolean {
    return this.#serve !== undefined;
  }

  reload(): void {
    if (!existsSync(this.#folder)) {
      this.#serve = undefined;
      return;
    }
    this.#serve = sirv(this.#folder, {
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

  readonly handle: RequestHandler = (request, response, next) => {
    if (this.#serve) this.#serve(request, response, next);
    else next();
  };
}
