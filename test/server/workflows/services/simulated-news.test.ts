import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs, MS_PER_DAY } from "../../../../src/engine/units/epoch-ms.js";
import { isWeekend } from "../../../../src/engine/units/trading-date.js";
import { SimulatedNews } from "../../../../src/server/workflows/services/news/simulated-news.js";

const news = new SimulatedNews();
const UNTIL = epochMs(Date.parse("2026-03-04T08:00:00Z"));

describe("SimulatedNews.read(symbol, window)", () => {
  it("says of every text that it is simulated", async () => {
    const items = await news.read("HPG", { afterMs: UNTIL - 60 * MS_PER_DAY, untilMs: UNTIL });
    expect(items.length).toBeGreaterThan(5);
    expect(new Set(items.map(({ source }) => source))).toEqual(new Set(["simulated"]));
    expect(items.every(({ title }) => title.startsWith("HPG "))).toBe(true);
    expect(items.some(({ publishedAtMs }) => isWeekend(publishedAtMs))).toBe(false);
  });

  it("has for each symbol its own", async () => {
    const window = { afterMs: UNTIL - 60 * MS_PER_DAY, untilMs: UNTIL };
    const timesOf = async (symbol: string) =>
      (await news.read(symbol, window)).map(({ publishedAtMs }) => publishedAtMs);
    expect(await timesOf("HPG")).not.toEqual(await timesOf("FPT"));
  });

  it("is newest first, within the window, and the same whatever the window around it", async () => {
    const days = fc.integer({ min: 0, max: 100 * MS_PER_DAY });
    await fc.assert(
      fc.asyncProperty(days, days, async (backMs, lengthMs) => {
        const untilMs = epochMs(UNTIL - backMs);
        const narrow = { afterMs: untilMs - lengthMs, untilMs };
        const items = await news.read("HPG", narrow);
        const all = await news.read("HPG", { afterMs: UNTIL - 300 * MS_PER_DAY, untilMs: UNTIL });
        expect(items).toEqual(
          all.filter(({ publishedAtMs }) => publishedAtMs > narrow.afterMs && publishedAtMs <= untilMs),
        );
        expect(items.toSorted((a, b) => b.publishedAtMs - a.publishedAtMs)).toEqual(items);
      }),
      { numRuns: 50 },
    );
  });
});
