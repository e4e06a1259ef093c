import { COMPANION_HEADERS } from "../../contracts/companion-headers.js";

/** What a page is served by: files alone, a workbench that follows no feed, or one with a stream. */
export type Companion = "file-host" | "no-stream" | "stream";

/**
 * Asks for the page itself once more. A workbench numbers its answers, and says in them that it has a stream, so
 * nobody is ever asked for an address that he has not.
 */
export async function findCompanion(): Promise<Companion> {
  try {
    const { headers } = await fetch(location.href, { method: "HEAD" });
    if (!headers.has(COMPANION_HEADERS.requestId)) return "file-host";
    return headers.has(COMPANION_HEADERS.stream) ? "stream" : "no-stream";
  } catch {
    return "file-host";
  }
}
