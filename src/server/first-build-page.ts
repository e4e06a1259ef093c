import type { RequestHandler } from "express";
import type { PublishingState } from "./site-publisher.js";

/** While the very first build runs, every page says so and comes back by itself. */
export function firstBuildPage(state: () => PublishingState | undefined): RequestHandler {
  return (request, response, next) => {
    const current = state();
    if (
      request.method !== "GET" ||
      !request.accepts("html") ||
      current === undefined ||
      current.kind === "up-to-date"
    ) {
      next();
      return;
    }
    const [title, text, refresh] =
      current.kind === "building"
        ? [
            "Building the pages",
            "This happens once and takes about half a minute.",
            '<meta http-equiv="refresh" content="2">',
          ]
        : ["The pages could not be built", current.message, ""];
    const detail = current.kind === "building" ? current.lastLine : "Correct the cause and start the workbench again.";
    response.status(503).setHeader("Retry-After", "2");
    response.type("html").send(`<!doctype html><html lang="en"><meta charset="utf-8">${refresh}
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · QuantFlow Workbench</title>
<style>body{background:#0f1216;color:#e6e9ee;font:16px/1.5 system-ui,sans-serif;margin:20vh auto;max-width:36rem;padding:0 16px}
h1{font-size:20px}p{color:#9aa4b2}code{font-size:14px}</style>
<h1>${title}</h1><p role="status">${escaped(text)}</p><p><code>${escaped(detail)}</code></p></html>`);
  };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
