import { BOARDS } from "../../engine/live-market/board.js";
import { TICK_SIDES, type Tick } from "../../engine/live-market/market-event.js";
import { SESSION_PHASES } from "../../engine/live-market/session-phase.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { type InstrumentSymbol, SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";

const ADDRESS = "/api/market/ticks";
const PAGE_ROWS = 10_000;

export interface StoredTicksQuestion {
  /** Every symbol when left out. */
  readonly symbol?: string | undefined;
  readonly dataset: Dataset;
  /** Event times, epoch milliseconds; the end is not included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

/** Trades that the server has stored, in order, page by page. Rejects when it cannot say, and when `signal` aborts. */
export async function* askStoredTicks({
  symbol,
  dataset,
  fromMs,
  toMs,
  signal,
}: StoredTicksQuestion): AsyncGenerator<Tick[]> {
  const query = new URLSearchParams({
    ...(symbol !== undefined && { symbol }),
    dataset,
    from: String(Math.floor(fromMs)),
    to: String(Math.ceil(toMs)),
    limit: String(PAGE_ROWS),
  });
  for (let hasMore = true; hasMore; ) {
    const response = await fetch(`${ADDRESS}?${query}`, { headers: { accept: "application/json" }, signal });
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    const answer: unknown = await response.json();
    yield readStoredTicks(answer);
    const cursor = (answer as { nextCursor?: unknown })?.nextCursor;
    hasMore = typeof cursor === "string";
    query.set("cursor", String(cursor));
  }
}

/** Trades of a server's answer; rows that cannot be read are left out, and so are levels of indexes. */
export function readStoredTicks(answer: unknown): Tick[] {
  const { symbol: ofAll, ticks } = (answer ?? {}) as { symbol?: unknown; ticks?: unknown };
  if (!Array.isArray(ticks)) return [];
  return ticks.flatMap((row: Record<string, unknown> | null): Tick[] => {
    const symbol = String(row?.symbol ?? ofAll);
    const board = BOARDS.find((each) => each === row?.board);
    const [eventTimeMs, price, quantity] = [Number(row?.eventTimeMs), Number(row?.price), Number(row?.quantity)];
    if (
      !row ||
      !board ||
      board === "INDEX" ||
      !SYMBOL_PATTERN.test(symbol) ||
      !Number.isFinite(eventTimeMs + price + quantity)
    )
      return [];
    return [
      {
        kind: "tick",
        symbol: symbol as InstrumentSymbol,
        board,
        eventTimeMs,
        receivedAtMs: Number(row.receivedAtMs),
        price,
        quantity,
        cumulativeVolume: Number(row.cumulativeVolume),
        side: TICK_SIDES.find((each) => each === row.side) ?? "U",
        session: SESSION_PHASES.find((each) => each === row.session) ?? "closed",
        source: String(row.source ?? ""),
        isBackfill: row.isBackfill === true,
      },
    ];
  });
}
