import { delimiter, join } from "node:path";

/**
 * The search path for programs with the project's own first: Framework starts data loaders as `tsx file`, which npm
 * puts on the path but a shell does not.
 */
export function executablePath(projectRoot: string, path = process.env.PATH ?? ""): string {
  const own = join(projectRoot, "node_modules", ".bin");
  return path.split(delimiter).includes(own) ? path : [own, path].join(delimiter);
}
