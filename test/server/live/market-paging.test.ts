import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type MarketCandles,
  type MarketInstruments,
  type MarketTicks,
  marketTicksSchema,
} from "../../../src/contracts/market-api.js";
import { BOARDS } from "../../../src/engine/live-market/board.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { upsertInstruments } from "../../../src/store/queries/instrument-queries.js";
import { tickOf } from "../../shared-state/market-messages.js";
import {
  instrumentOf,
  type MarketApi,
  type MarketStore,
  minuteRows,
  openMarketStore,
  serveMarket,
  storeTicks,
} from "./market-store.js";

let store: MarketStore;
let api: MarketApi;
/** Several trades share an instant, on several boards: what tells them apart is the rest of the key. */
const TICKS = Array.from({ length: 120 }, (_, at) =>
  tickOf({
    eventTimeMs: Date.parse("2026-03-06T02:15:00Z") + Math.floor(at / 5) * 1_000.001,
    board: BOARDS[at % 3]!,
    cumulativeVolume: 100 * at,
  }),
);
/** Of other symbols at the same instants. */
const TICKS_OF_OTHERS = TICKS.map((tick, at) => ({
  ...tick,
  symbol: instrumentSymbol(["VCB", "FPT"][at % 2]!),
  board: BOARDS[at % 2]!,
}));

beforeAll(async () => {
  store = await openMarketStore();
  await storeTicks(store.database, [...TICKS, ...TICKS_OF_OTHERS]);
  const many = Array.from({ length: 60 }, (_, at) => instrumentOf(`S${String(at).padStart(2, "0")}`));
  await upsertInstruments(store.database, many, { dataset: "market", described: true });
  api = await serveMarket(store.database);
}, 60_000);
afterAll(async () => {
  await api?.close();
  await store?.dispose();
});

/** A cursor of the same question that goes on from elsewhere. */
function forged(cursor: string, after: unknown): string {
  const { q } = JSON.parse(Buffer.from(cursor, "base64url").toString());
  return Buffer.from(JSON.stringify({ v: 1, q, after })).toString("base64url");
}

interface Page {
  readonly nextCursor: string | null;
}

/** The pages from the first to the last. */
async function walk<Answer extends Page>(path: string): Promise<Answer[]> {
  const pages = [await api.json<Answer>(path)];
  for (let cursor = pages[0]!.nextCursor; cursor !== null; cursor = pages.at(-1)!.nextCursor) {
    pages.push(await api.json<Answer>(`${path}&cursor=${encodeURIComponent(cursor)}`));
  }
  return pages;
}

const runs = { numRuns: 12 };
const limits = fc.integer({ min: 1, max: 250 });

describe("walking the cursor", () => {
  it("yields every candle once, in order, whatever the page size and the interval", async () => {
    await fc.assert(
      fc.asyncProperty(limits, fc.constantFrom("1m", "5m", "15m", "1h", "1d"), async (limit, interval) => {
        const path = `candles?symbol=HPG&interval=${interval}`;
        const whole = await api.json<MarketCandles>(`${path}&limit=10000`);
        const size = Math.max(limit, Math.ceil(whole.candles.length / 20));
        const pages = await walk<MarketCandles>(`${path}&limit=${size}`);
        expect(pages.flatMap(({ candles }) => candles)).toEqual(whole.candles);
        for (const { candles } of pages.slice(0, -1)) expect(candles).toHaveLength(size);
        expect(pages.at(-1)!.candles.length).toBeGreaterThan(0);
      }),
      runs,
    );
    const minutes = await api.json<MarketCandles>("candles?symbol=HPG&interval=1m");
    expect(minutes.candles.map(({ close }) => close)).toEqual(minuteRows().map((row) => row[5]));
  });

  it("yields every trade once, those of one instant too", async () => {
    const inOrder = [...TICKS].sort(
      (a, b) =>
        a.eventTimeMs - b.eventTimeMs ||
        (a.board < b.board ? -1 : a.board > b.board ? 1 : a.cumulativeVolume - b.cumulativeVolume),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 5, max: 130 }), async (limit) => {
        const pages = await walk<MarketTicks>(`ticks?symbol=HPG&limit=${limit}`);
        expect(pages.flatMap(({ ticks }) => ticks.map((tick) => tick.cumulativeVolume))).toEqual(
          inOrder.map((tick) => tick.cumulativeVolume),
        );
      }),
      runs,
    );
  });

  it("yields every trade of all symbols once, by time and then by symbol", async () => {
    const keyOf = (tick: {
      symbol?: string | undefined;
      eventTimeMs: number;
      board: string;
      cumulativeVolume: number;
    }) =>
      [tick.eventTimeMs.toFixed(3), tick.symbol, tick.board, String(tick.cumulativeVolume).padStart(6, "0")].join(" ");
    const inOrder = [...TICKS, ...TICKS_OF_OTHERS].map(keyOf).sort();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 7, max: 260 }), async (limit) => {
        const pages = await walk<MarketTicks>(`ticks?from=2026-03-06&to=2026-03-06&limit=${limit}`);
        expect(pages.flatMap(({ ticks }) => ticks.map(keyOf))).toEqual(inOrder);
        for (const page of pages) expect(marketTicksSchema.parse(page).symbol).toBeNull();
        for (const { ticks } of pages.slice(0, -1)) expect(ticks).toHaveLength(limit);
      }),
      runs,
    );
    expect((await api.json<MarketTicks>("ticks?from=2026-03-05&to=2026-03-05")).ticks).toEqual([]);
  });

  it("yields every instrument once", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 3, max: 70 }), async (limit) => {
        const pages = await walk<MarketInstruments>(`instruments?search=s&assetClass=equity&limit=${limit}`);
        const symbols = pages.flatMap(({ instruments }) => instruments.map(({ symbol }) => symbol));
        expect(symbols.filter((symbol) => symbol.startsWith("S"))).toHaveLength(60);
        expect(symbols).toEqual([...new Set(symbols)].sort());
        for (const { total } of pages) expect(total).toBe(symbols.length);
      }),
      runs,
    );
  });

  it("is not shifted by what is stored meanwhile", async () => {
    const first = await api.json<MarketInstruments>("instruments?limit=10");
    await upsertInstruments(store.database, [instrumentOf("AAA"), instrumentOf("ZZZ")], {
      dataset: "market",
      described: true,
    });
    const second = await api.json<MarketInstruments>(`instruments?limit=10&cursor=${first.nextCursor}`);
    const before = first.instruments.map(({ symbol }) => symbol);
    expect(second.instruments[0]!.symbol > before.at(-1)!).toBe(true);
    expect(second.instruments.some(({ symbol }) => before.includes(symbol))).toBe(false);

    const page = await api.json<MarketTicks>("ticks?symbol=HPG&from=2026-03-06&limit=20");
    const last = page.ticks.at(-1)!;
    await storeTicks(store.database, [tickOf({ eventTimeMs: TICKS[0]!.eventTimeMs - 5_000, cumulativeVolume: 7 })]);
    const next = await api.json<MarketTicks>(`ticks?symbol=HPG&from=2026-03-06&limit=20&cursor=${page.nextCursor}`);
    expect(next.ticks[0]!.eventTimeMs).toBeGreaterThanOrEqual(last.eventTimeMs);
    expect(next.ticks.map(({ cumulativeVolume }) => cumulativeVolume)).not.toContain(last.cumulativeVolume);
  });

  it("goes on with its own question only, and gives the next address in Link", async () => {
    const answer = await api.get("candles?symbol=HPG&interval=1m&limit=5&format=csv");
    const [, next] = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link))!;
    expect(next).toMatch(/^\/api\/market\/candles\?symbol=HPG&interval=1m&limit=5&format=csv&cursor=/);
    const cursor = new URL(next!, "http://localhost").searchParams.get("cursor")!;
    const following = await api.get(next!.slice("/api/market/".length));
    expect(following.body.toString().split("\n")[1]).toMatch(/^2026-03-06T02:20:00.000Z,HPG,/);
    for (const path of ["candles?symbol=FPT&interval=1m", "candles?symbol=HPG&interval=5m", "ticks?symbol=HPG"]) {
      const refused = await api.get(`${path}&cursor=${cursor}`);
      expect(refused.status, path).toBe(400);
      expect(refused.body.toString()).toContain("accepted: a cursor of the same question");
    }
  });

  it("refuses a cursor that was tampered with", async () => {
    const { nextCursor } = await api.json<MarketTicks>("ticks?symbol=HPG&limit=5");
    for (const after of [
      [1e300, "G1", 1],
      [0, "G9", 1],
      [0, "G1"],
      ["x", "G1", 1],
      [0, "G1'; --", 1],
      [0, "HPG", "G1", 1],
      "G1",
    ]) {
      const refused = await api.get(`ticks?symbol=HPG&limit=5&cursor=${forged(nextCursor!, after)}`);
      expect(refused.status, JSON.stringify(after)).toBe(400);
      expect(refused.body.toString()).toContain("nextCursor of the page before");
    }
    const all = "ticks?from=2026-03-06&limit=5";
    const ofAll = (await api.json<MarketTicks>(all)).nextCursor!;
    for (const after of [
      [0, "G1", 1],
      [0, "h'; --", "G1", 1],
      [0, "HPG", "G9", 1],
      [0, "HPG", "G1", "1"],
    ]) {
      const refused = await api.get(`${all}&cursor=${forged(ofAll, after)}`);
      expect(refused.status, JSON.stringify(after)).toBe(400);
    }
    const ofAnother = await api.get(`${all}&cursor=${nextCursor}`);
    expect(ofAnother.body.toString()).toContain("a cursor of the same question");
  });
});
