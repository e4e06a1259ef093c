import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acquireFolderLock, readLockHolder } from "../../src/store/folder-lock.js";
import { TemporaryFolder } from "../support/temporary-home.js";

describe("acquireFolderLock(folder, {purpose})", () => {
  let temporary: TemporaryFolder;
  beforeAll(() => {
    temporary = new TemporaryFolder();
  });
  afterAll(() => temporary.remove());

  it("keeps others out until it is released, and names its holder", async () => {
    const folder = join(temporary.path, "shared");
    const lock = await acquireFolderLock(folder, { purpose: "start" });
    await expect(acquireFolderLock(folder, { purpose: "import" })).rejects.toMatchObject({
      code: "DATA_FOLDER_LOCKED",
      message: expect.stringContaining(`quantflow start (process ${process.pid}`),
    });
    await lock.release();
    const next = await acquireFolderLock(folder, { purpose: "import" });
    expect(readLockHolder(folder)).toMatchObject({ purpose: "import", pid: process.pid });
    await next.release();
  });

  it("does not take a damaged lock file for a lock", async () => {
    const folder = join(temporary.path, "damaged");
    mkdirSync(folder);
    writeFileSync(join(folder, "lock.db"), "no database ".repeat(1_000));
    await expect(acquireFolderLock(folder, { purpose: "start" })).rejects.toMatchObject({
      code: "DATA_FOLDER_UNUSABLE",
      message: expect.stringContaining("file is not a database"),
    });
  });

  it("keeps no lock when it cannot write its name", async () => {
    const folder = join(temporary.path, "unnamed");
    mkdirSync(join(folder, "lock-holder.json"), { recursive: true });
    const refused = { code: "DATA_FOLDER_UNUSABLE", message: expect.stringContaining("EISDIR") };
    await expect(acquireFolderLock(folder, { purpose: "start" })).rejects.toMatchObject(refused);
    await expect(acquireFolderLock(folder, { purpose: "start" })).rejects.toMatchObject(refused);
  });
});
