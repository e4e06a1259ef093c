import { TICK_SIDES, type Tick } from "../engine/live-market/market-event.js";
import { type TradingDate, tradingDateOf } from "../engine/units/trading-date.js";
import { COPY_HEADER_BYTES, COPY_SIGNATURE, POSTGRES_EPOCH_MS } from "./copy-binary/format.js";
import type { DatabaseSession } from "./database.js";

const COLUMNS = `symbol, simulated, board, event_time, cumulative_volume, received_at, price, quantity, side, session, source,
  backfilled`;
const FIELD_COUNT = 12;
/** Twelve lengths, the fixed fields and the longest texts that are accepted. */
const WIDEST_ROW_BYTES = 512;
const FIRST_CAPACITY = 1 << 16;
const MOST_CACHED_TEXTS = 20_000;
const TWO_32 = 4_294_967_296;

const textBytes = new Map<string, Uint8Array>();
const sideBytes = new Map(TICK_SIDES.map((side) => [side, side.charCodeAt(0)]));

/** A text field: its length and its bytes. */
function textField(text: string): Uint8Array {
  const known = textBytes.get(text);
  if (known) return known;
  const field = Buffer.alloc(4 + Buffer.byteLength(text));
  field.writeInt32BE(field.length - 4);
  field.write(text, 4);
  if (textBytes.size >= MOST_CACHED_TEXTS) textBytes.clear();
  textBytes.set(text, field);
  return field;
}

/**
 * Ticks as tuples of `market_ticks` in PostgreSQL's binary COPY format, without its header and end mark: encoded once,
 * they can be kept in a file and sent to a server as they are.
 */
export class TickTuples {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #rowCount = 0;

  get rowCount(): number {
    return this.#rowCount;
  }

  /** Symbol, session and source together are no longer than 400 bytes. */
  append(tick: Tick, isSimulated: boolean): void {
    if (this.#length + WIDEST_ROW_BYTES > this.#bytes.length) this.#grow();
    const view = this.#view;
    let at = this.#length;
    view.setInt16(at, FIELD_COUNT);
    at = this.#text(at + 2, tick.symbol);
    at = flag(view, at, isSimulated);
    at = this.#text(at, tick.board);
    at = instant(view, at, tick.eventTimeMs);
    at = float(view, at, tick.cumulativeVolume);
    at = instant(view, at, tick.receivedAtMs);
    at = float(view, at, tick.price);
    at = float(view, at, tick.quantity);
    view.setInt32(at, 1);
    view.setUint8(at + 4, sideBytes.get(tick.side)!);
    at = this.#text(at + 5, tick.session);
    at = this.#text(at, tick.source);
    this.#length = flag(view, at, tick.isBackfill);
    this.#rowCount++;
  }

  /** The tuples so far, in a buffer that the next `append` writes into; forgets them. */
  take(): Uint8Array {
    const tuples = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#rowCount = 0;
    return tuples;
  }

  #text(at: number, text: string): number {
    const field = textField(text);
    this.#bytes.set(field, at);
    return at + field.length;
  }

  #grow(): void {
    const grown = new Uint8Array(this.#bytes.length * 2);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}

function flag(view: DataView, at: number, value: boolean): number {
  view.setInt32(at, 1);
  view.setUint8(at + 4, value ? 1 : 0);
  return at + 5;
}

function float(view: DataView, at: number, value: number): number {
  view.setInt32(at, 8);
  view.setFloat64(at + 4, value);
  return at + 12;
}

function instant(view: DataView, at: number, epochMs: number): number {
  const micros = Math.round((epochMs - POSTGRES_EPOCH_MS) * 1_000);
  const high = Math.floor(micros / TWO_32);
  view.setInt32(at, 8);
  view.setInt32(at + 4, high);
  view.setUint32(at + 8, micros - high * TWO_32);
  return at + 12;
}

const COPY_HEADER = Buffer.concat([COPY_SIGNATURE, Buffer.alloc(COPY_HEADER_BYTES - COPY_SIGNATURE.length)]);
const COPY_END = new Uint8Array([0xff, 0xff]);

function* copyStream(tuples: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield COPY_HEADER;
  yield* tuples;
  yield COPY_END;
}

/** Stores tuples of new ticks; returns how many. Their partitions exist. @throws DATABASE_QUERY_FAILED when one is there already */
export function copyTicks(session: DatabaseSession, tuples: Iterable<Uint8Array>): Promise<number> {
  return session.copyIn(`COPY market_ticks (${COLUMNS}) FROM STDIN (FORMAT binary)`, copyStream(tuples));
}

/** How many ticks of a symbol's board and day were new. */
export interface StoredTickCount {
  readonly symbol: string;
  readonly board: string;
  readonly tradingDate: TradingDate;
  readonly stored: number;
  readonly backfilled: number;
}

/** Stores those tuples whose ticks are not there yet: several times slower than `copyTicks`. Within a transaction. */
export async function copyNewTicks(session: DatabaseSession, tuples: Iterable<Uint8Array>): Promise<StoredTickCount[]> {
  await session.execute(`
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_ticks (LIKE market_ticks INCLUDING DEFAULTS) ON COMMIT DELETE ROWS;
    TRUNCATE incoming_ticks`);
  await session.copyIn(`COPY incoming_ticks (${COLUMNS}) FROM STDIN (FORMAT binary)`, copyStream(tuples));
  const rows = await session.query<{ symbol: string; board: string; day: Date; stored: number; backfilled: number }>(`
    WITH added AS (
      INSERT INTO market_ticks (${COLUMNS}) SELECT ${COLUMNS} FROM incoming_ticks ON CONFLICT DO NOTHING
      RETURNING symbol, board, event_time, backfilled)
    SELECT symbol, board, date_bin(INTERVAL '1 day', event_time, TIMESTAMPTZ '2000-01-01 17:00:00+00') AS day,
           count(*)::int AS stored, (count(*) FILTER (WHERE backfilled))::int AS backfilled
      FROM added GROUP BY 1, 2, 3`);
  return rows.map(({ symbol, board, day, stored, backfilled }) => ({
    symbol,
    board,
    tradingDate: tradingDateOf(day.getTime()),
    stored,
    backfilled,
  }));
}
