import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acquireBuildLock } from "../../src/site/build-lock.js";
import { temporaryProject } from "./temporary-project.js";

describe("acquireBuildLock(cacheFolder, {waitMs, signal})", () => {
  it("admits one build at a time and says who is in the way when waiting takes too long", async () => {
    const folder = await temporaryProject();
    await acquireBuildLock(folder, { waitMs: 0 });
    await expect(acquireBuildLock(folder, { waitMs: 0 })).rejects.toMatchObject({
      code: "SITE_BUILD_FAILED",
      message: `another site build is running (process ${process.pid}): wait for it`,
    });
  });

  it("waits for the build that runs", async () => {
    const folder = await temporaryProject();
    const first = await acquireBuildLock(folder, { waitMs: 0 });
    const second = acquireBuildLock(folder, { waitMs: 60_000 });
    first.release();
    expect((await second).followsKilledBuild).toBe(false);
  });

  it("stops waiting when cancelled", async () => {
    const folder = await temporaryProject();
    await acquireBuildLock(folder, { waitMs: 0 });
    const waiting = acquireBuildLock(folder, { waitMs: 60_000, signal: AbortSignal.abort() });
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("takes over from a process that is gone, and says that it was killed", async () => {
    const folder = await temporaryProject();
    const idThatNoSystemGives = 2 ** 31 - 1;
    await writeFile(join(folder, ".site-build.pid"), String(idThatNoSystemGives));
    expect((await acquireBuildLock(folder, { waitMs: 0 })).followsKilledBuild).toBe(true);
  });
});
