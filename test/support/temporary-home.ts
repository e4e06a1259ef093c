import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "../../src/store/database.js";
import { openSharedDatabase } from "../../src/store/open-database.js";
import { placeCluster } from "./embedded-cluster.js";
import type { ProcessEnvironment } from "./quantflow-process.js";

/** A temporary folder for files, readable by every user of the machine. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), "quantflow-test-"));

  constructor() {
    chmodSync(this.path, 0o777);
  }

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface SharedHome {
  readonly database: Database;
  /** Makes commands, in this process or others, use the database over loopback. */
  readonly environment: ProcessEnvironment;
  readonly folder: string;
  dispose(): Promise<void>;
}

/** An embedded database that this process owns and shares, as the running workbench does. */
export async function openSharedHome(): Promise<SharedHome> {
  const folder = new TemporaryFolder();
  await placeCluster(folder.path);
  const database = await openSharedDatabase({ databaseUrl: undefined, dataFolder: folder.path, purpose: "test" });
  return {
    database,
    environment: { QUANTFLOW_HOME: folder.path },
    folder: folder.path,
    dispose: async () => {
      await database.close();
      folder.remove();
    },
  };
}
