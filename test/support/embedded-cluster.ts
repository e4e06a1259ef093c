import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { openEmbeddedDatabase } from "../../src/store/adapters/embedded-database.js";

const CACHE = resolve(import.meta.dirname, "../../node_modules/.cache/quantflow-tests");
const DECIDED_BY = ["src/store/adapters/create-cluster.js", "node_modules/@electric-sql/pglite/package.json"];

/** Puts a new, empty cluster into a data folder: a copy of one made earlier, in a fifth of a second instead of several. */
export async function placeCluster(dataFolder: string): Promise<void> {
  const template = join(CACHE, `cluster-${fingerprint()}`);
  if (!existsSync(template)) await makeTemplate(template);
  cpSync(template, join(dataFolder, "postgres"), { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = `${template}-${process.pid}`;
  await (await openEmbeddedDatabase(folder, { purpose: "test" })).close();
  try {
    renameSync(join(folder, "postgres"), template);
  } catch (error) {
    // Another test process was faster.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of DECIDED_BY) hash.update(readFileSync(resolve(import.meta.dirname, "../..", file)));
  return hash.digest("hex").slice(0, 16);
}
