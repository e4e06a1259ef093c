import { describe, expect, it } from "vitest";
import { StorageWatch } from "../../src/ingestion/storage-watch.js";

const LIMITS = { behindAfterMs: 10_000, batchTicks: 100 };
const waiting = (pendingTicks: number) => ({ isWaiting: pendingTicks > 0, pendingTicks });

describe("storage watch", () => {
  it("tells of ticks that wait while none was stored, and is behind until the backlog is gone", () => {
    const watch = new StorageWatch(LIMITS, 0);
    expect(watch.at(9_999, waiting(820))).toEqual({ hanging: undefined, isBehind: false });
    expect(watch.at(12_500, waiting(820))).toEqual({
      hanging: "nothing was stored for 12 s; 820 ticks wait in the spool",
      isBehind: true,
    });
    watch.onStored(13_000);
    expect(watch.at(13_000, waiting(500))).toEqual({ hanging: undefined, isBehind: true });
    expect(watch.at(14_000, waiting(99))).toEqual({ hanging: undefined, isBehind: false });
  });

  it("counts the time from the first tick that waits, however long none came before", () => {
    const watch = new StorageWatch(LIMITS, 0);
    watch.at(3_600_000, waiting(0));
    expect(watch.at(3_605_000, waiting(1)).hanging).toBeUndefined();
    expect(watch.at(3_610_000, waiting(1)).hanging).toBe("nothing was stored for 10 s; 1 tick waits in the spool");
    expect(watch.at(3_611_000, waiting(0))).toEqual({ hanging: undefined, isBehind: false });
  });
});
