import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { dirname, normalize } from "node:path/posix";

/** Paths of all files in a folder, relative to it, with `/` between the parts, in a stable order. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** True for an address with a host: `https://…`, `wss://…`, `//…`. */
export function isForeignAddress(target: string): boolean {
  return /^(?:https?:|wss?:)?\/\//i.test(target);
}

/** True for an address beside the file that names it: `./x`, `../x`, `x.html`, but not `#x`, `data:…` or `/x`. */
export function isRelativeAddress(target: string): boolean {
  return target !== "" && !/^(?:[a-z][a-z\d+.-]*:|\/|#|\?)/i.test(target);
}

/** The file of the site that a relative address in `file` names, without its query and fragment. */
export function resolveInSite(file: string, target: string): string {
  const path = target.replace(/[?#].*$/, "");
  return normalize(`${dirname(file)}/${decodeURI(path)}`);
}
