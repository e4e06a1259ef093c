import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acquireBuildLock } from "../../src/site/build-lock.js";
import { temporaryProject } from "./temporary-project.js";

describe("acquireBuildLock(cacheFolder)", () => {
  it("admits one build at a time", async () => {
    const folder = await temporaryProject();
    const lock = acquireBuildLock(folder);
    expect(() => acquireBuildLock(folder)).toThrow(
      expect.objectContaining({
        code: "SITE_BUILD_FAILED",
        message: `another site build is running (process ${process.pid}): wait for it`,
      }),
    );
    lock.release();
    expect(acquireBuildLock(folder).followsKilledBuild).toBe(false);
  });

  it("takes over from a process that is gone, and says that it was killed", async () => {
    const folder = await temporaryProject();
    const idThatNoSystemGives = 2 ** 31 - 1;
    await writeFile(join(folder, ".site-build.pid"), String(idThatNoSystemGives));
    expect(acquireBuildLock(folder).followsKilledBuild).toBe(true);
  });
});
