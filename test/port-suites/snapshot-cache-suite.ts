import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SnapshotCache } from "../../src/shared-state/snapshot-cache.js";

export interface CacheUnderTest {
  readonly cache: SnapshotCache;
  dispose(): Promise<void>;
}

/** What every snapshot cache keeps. `open` takes the life of its entries, ms; the machine's clock runs. */
export function snapshotCacheSuite(name: string, open: (ttlMs: number) => Promise<CacheUnderTest>): void {
  describe(name, () => {
    let opened: CacheUnderTest;
    beforeEach(async () => {
      opened = await open(60_000);
    });
    afterEach(() => opened.dispose());

    it("gives back what it was given, by type", async () => {
      const { cache } = opened;
      expect(await cache.read("overview")).toBeUndefined();
      const overview = { madeAtMs: 1_772_416_500_000.25, body: '{"name":"Thép Hoà Phát\\n","rows":[1,2]}\n' };
      await cache.write("overview", overview);
      await cache.write("heatmap", { madeAtMs: 2, body: "{}" });
      expect(await cache.read("overview")).toEqual(overview);
      expect(await cache.read("heatmap")).toEqual({ madeAtMs: 2, body: "{}" });
      expect(await cache.read("indexes")).toBeUndefined();
    });

    it("keeps the latest of a type", async () => {
      const { cache } = opened;
      for (const madeAtMs of [1, 2, 3]) await cache.write("overview", { madeAtMs, body: String(madeAtMs) });
      expect(await cache.read("overview")).toEqual({ madeAtMs: 3, body: "3" });
    });

    it("forgets after its time", async () => {
      const { cache, dispose } = await open(200);
      try {
        await cache.write("overview", { madeAtMs: 1, body: "{}" });
        await setTimeout(200);
        await vi.waitFor(async () => expect(await cache.read("overview")).toBeUndefined(), { timeout: 5_000 });
      } finally {
        await dispose();
      }
    });
  });
}
