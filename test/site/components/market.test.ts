import { describe, expect, it } from "vitest";
import { marketBreadth } from "../../../notebooks/components/market/market-breadth.js";
import { marketHeadline } from "../../../notebooks/components/market/market-headline.js";

const rising = Array.from({ length: 60 }, (_, i) => 100 + i);
const falling = [...rising].reverse();

describe("marketBreadth(shares)", () => {
  it("counts rises, falls and no changes, and leaves out what is not known", () => {
    const shares = [0.1, 0.2, -0.1, 0, Number.NaN].map((change) => ({ change, recentCloses: [] }));
    expect(marketBreadth(shares)).toMatchObject({ advancers: 2, decliners: 1, unchanged: 1 });
  });
  it("counts closes above the mean of their last 50", () => {
    const shares = [rising, falling].map((recentCloses) => ({ change: 0, recentCloses }));
    expect(marketBreadth(shares)).toMatchObject({ withAverage: 2, aboveAverage: 1 });
  });
  it("leaves shares with fewer than 50 closes out of the average", () => {
    const shares = [{ change: 0, recentCloses: rising.slice(0, 49) }];
    expect(marketBreadth(shares)).toMatchObject({ withAverage: 0, aboveAverage: 0 });
  });
});

describe("marketHeadline(facts)", () => {
  const breadth = { advancers: 61, decliners: 33, unchanged: 6, withAverage: 100, aboveAverage: 54 };
  const day = "2026-04-10";
  const period = "on the day";

  it("states index, shares, sectors and average", () => {
    const sectors = [
      { sector: "Banks", change: -0.012 },
      { sector: "Steel", change: 0.018 },
    ];
    expect(
      marketHeadline({
        index: { name: "VNINDEX", close: 1736.68, change: -0.0042, day },
        day,
        breadth,
        sectors,
        period,
      }),
    ).toBe(
      "VNINDEX fell 0.42% on the day to 1,736.68; 61 of 100 shares rose and 33 fell. " +
        "Steel did best (+1.8%), Banks worst (−1.2%). 54% close above their 50-day average.",
    );
  });
  it("keeps an index of another day apart from the shares", () => {
    const index = { name: "VNINDEX", close: 1768.12, change: 0.0195, day: "2026-08-21" };
    expect(marketHeadline({ index, day, breadth, sectors: [], period })).toMatch(
      /^VNINDEX rose 1.95% on the day to 1,768.12 as of 2026-08-21. As of 2026-04-10, 61 of 100 shares rose and 33 fell\. /,
    );
  });
  it("speaks of the shares alone without an index", () => {
    expect(marketHeadline({ index: undefined, day, breadth, sectors: [], period })).toMatch(/^61 of 100 shares rose/);
  });
  it("says nothing when nothing is known", () => {
    const none = { advancers: 0, decliners: 0, unchanged: 0, withAverage: 0, aboveAverage: 0 };
    expect(marketHeadline({ index: undefined, day, breadth: none, sectors: [], period })).toBe("");
  });
});
