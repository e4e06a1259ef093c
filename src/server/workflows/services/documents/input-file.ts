import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { WorkbenchError } from "../../../../engine/errors.js";

const LARGEST_FILE = 50 * 1024 * 1024;
const ACCEPTED = "accepted: the name of a file within the folder of inputs, such as watchlist.csv";

/**
 * The path of a file within a folder, once symbolic links are followed; what leads out of the folder does not exist
 * for workflows.
 * @throws ARGUMENT_INVALID, FILE_NOT_FOUND, FILE_IS_FOLDER, REQUEST_TOO_LARGE
 */
export async function inputFile(folder: string, name: string): Promise<string> {
  if (name === "" || name.length > 255 || /[\0\\]/.test(name) || isAbsolute(name) || name.split("/").includes("..")) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid file: ${JSON.stringify(name.slice(0, 80))} is no name within the folder of inputs (${ACCEPTED})`,
    );
  }
  const path = await pathWithin(folder, name);
  const facts = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || facts === undefined) {
    throw new WorkbenchError(
      "FILE_NOT_FOUND",
      `invalid file: ${name} does not exist within the folder of inputs (${ACCEPTED})`,
      {
        details: { name },
      },
    );
  }
  if (!facts.isFile()) {
    throw new WorkbenchError("FILE_IS_FOLDER", `invalid file: ${name} is no regular file (${ACCEPTED})`, {
      details: { name },
    });
  }
  if (facts.size <= LARGEST_FILE) return path;
  throw new WorkbenchError(
    "REQUEST_TOO_LARGE",
    `invalid file: ${name} has ${facts.size} bytes (accepted: up to ${LARGEST_FILE})`,
    { details: { name, bytes: facts.size } },
  );
}

async function pathWithin(folder: string, name: string): Promise<string | undefined> {
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, name));
    const inside = relative(root, path);
    return inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? undefined : path;
  } catch {
    return undefined;
  }
}
