import type { FeedStatus } from "../engine/live-market/feed-status.js";
import type { ReferencePrice } from "../engine/live-market/market-event.js";
import type { WrongTotal } from "../engine/live-market/sequence-audit.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { TradingDate } from "../engine/units/trading-date.js";
import type { FoundGap } from "../store/queries/feed-gaps.js";
import type { TallyEntry } from "./tick-tally.js";

/** What is stored beside ticks, in the order in which it happened. */
export type SpoolFact =
  | { readonly kind: "reference"; readonly price: ReferencePrice }
  | { readonly kind: "state"; readonly status: FeedStatus; readonly recordedAtMs: number }
  | { readonly kind: "gap"; readonly gap: FoundGap }
  /** A trade that is stored, or about to be, has a total that proved wrong. */
  | { readonly kind: "wrong-total"; readonly wrongTotal: Omit<WrongTotal, "gapsInstead">; readonly foundAtMs: number }
  /** What the feed stored of a simulated day so far is void: the day begins anew. */
  | { readonly kind: "day-reset"; readonly tradingDate: TradingDate };

/** The content of one spool record: ticks as tuples of `market_ticks`, what became of all received, and facts. */
export interface SpoolBatch {
  readonly feed: string;
  readonly dataset: Dataset;
  readonly tally: readonly TallyEntry[];
  readonly facts: readonly SpoolFact[];
  readonly tuples: Uint8Array;
}

type Head = Omit<SpoolBatch, "tuples" | "tally"> & { readonly tally: readonly TallyRow[] };
type TallyRow = readonly [
  string,
  string,
  TradingDate,
  number,
  number,
  number,
  number,
  number,
  number | null,
  number | null,
];

/** A length (uint32, big-endian), the head as JSON of that many bytes, the tuples. */
export function encodeBatch({ tuples, tally, ...rest }: SpoolBatch): Uint8Array[] {
  const head: Head = { ...rest, tally: tally.map(rowOf) };
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return [length, text, tuples];
}

/** The tuples lie in the bytes that are given. */
export function decodeBatch(payload: Uint8Array): SpoolBatch {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const end = 4 + bytes.readUInt32BE(0);
  const { tally, facts, ...rest } = JSON.parse(bytes.toString("utf8", 4, end)) as Head;
  return { ...rest, facts: facts.map(restoredFact), tally: tally.map(entryOf), tuples: bytes.subarray(end) };
}

/** A limit that is not known is `NaN`, for which JSON has no number. */
function restoredFact(fact: SpoolFact): SpoolFact {
  if (fact.kind !== "reference") return fact;
  const { price } = fact;
  const restored = (value: number | null | string) => (typeof value === "number" ? value : Number.NaN);
  const [reference, ceiling, floor] = [restored(price.reference), restored(price.ceiling), restored(price.floor)];
  return {
    kind: "reference",
    price: { ...price, reference, ceiling, floor, receivedAtMs: restored(price.receivedAtMs) },
  };
}

function rowOf(entry: TallyEntry): TallyRow {
  const { symbol, board, tradingDate, received, accepted, duplicates, rejected, backfilled, firstMs, lastMs } = entry;
  const times = accepted > 0 ? ([firstMs, lastMs] as const) : ([null, null] as const);
  return [symbol, board, tradingDate, received, accepted, duplicates, rejected, backfilled, ...times];
}

function entryOf(row: TallyRow): TallyEntry {
  const [symbol, board, tradingDate, received, accepted, duplicates, rejected, backfilled, firstMs, lastMs] = row;
  return {
    symbol,
    board,
    tradingDate,
    received,
    accepted,
    duplicates,
    rejected,
    backfilled,
    firstMs: firstMs ?? Number.POSITIVE_INFINITY,
    lastMs: lastMs ?? Number.NEGATIVE_INFINITY,
  };
}
