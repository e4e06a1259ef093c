import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const IDENTITY_FILE = "spool-id";

/** A folder keeps its identity: the database knows by it how far the folder was stored. */
export async function identityOf(folder: string): Promise<string> {
  const path = join(folder, IDENTITY_FILE);
  try {
    const id = (await readFile(path, "utf8")).trim();
    if (id !== "") return id;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const id = randomUUID();
  await writeFile(`${path}.new`, id, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return id;
}
