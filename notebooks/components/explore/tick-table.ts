import type { DuckDBConnection } from "npm:@observablehq/duckdb";
import { makeVector, Table, TimestampMillisecond, Utf8, vectorFromArray } from "npm:apache-arrow";
import type { Tick } from "../../engine/live-market/market-event.js";
import { TRADING_UTC_OFFSET_MS } from "../../engine/units/trading-date.js";
import type { LiveMarket } from "../live/live.js";
import { SeenTicks } from "../live/seen-ticks.js";
import { TickPartitions } from "./tick-partitions.js";

const WRITE_EVERY_MS = 1_000;
/** Ticks that wait while the database is busy; beyond them the oldest are left out. */
const MOST_WAITING = 200_000;

/** The columns of `ticks`. Times are hours of Ho Chi Minh City, since that is how a reader asks for them. */
export const TICK_COLUMNS =
  "time TIMESTAMP, symbol VARCHAR, board VARCHAR, side VARCHAR, session VARCHAR, price DOUBLE, quantity DOUBLE, " +
  "value DOUBLE, cumulative_volume DOUBLE, backfilled BOOLEAN";

/** The last hour of the stream as the view `ticks` of the page's database, written once a second. */
export class TickTable {
  readonly #connection: DuckDBConnection;
  readonly #partitions = new TickPartitions();
  readonly #stops: (() => void)[] = [];
  #waiting: Tick[] = [];
  #latestMs = Number.NEGATIVE_INFINITY;
  #work: Promise<void> = Promise.resolve();
  #isWriteAsked = false;
  #isStale = false;
  #seen: SeenTicks | undefined;
  #writtenRows = 0;
  #wrote: (rows: number) => void = () => {};

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  get rows(): number {
    return this.#writtenRows;
  }

  onWrite(listener: (rows: number) => void): void {
    this.#wrote = listener;
  }

  async open(): Promise<void> {
    await this.#defineView();
  }

  /** Takes what comes until `close`. A replay, or another day, begins with an empty table. */
  follow(live: LiveMarket): void {
    const timer = setInterval(() => void this.write(), WRITE_EVERY_MS);
    this.#stops.push(
      live.want("market:ticks"),
      live.ticks.add(({ ticks }) => this.add(ticks)),
      live.restarts.add(() => {
        this.#waiting = [];
        this.#latestMs = Number.NEGATIVE_INFINITY;
        this.#seen = undefined;
        this.#isStale = true;
      }),
      () => clearInterval(timer),
    );
  }

  /** From here on trades before `untilMs` may also come as past ones. */
  expectPast(untilMs: number): void {
    this.#seen = new SeenTicks(untilMs);
    this.#seen.unseen(this.#waiting);
  }

  /** All past trades are there, and the stream has passed them. */
  expectNoPast(): void {
    this.#seen = undefined;
  }

  add(ticks: readonly Tick[]): void {
    for (const tick of this.#seen?.unseen(ticks) ?? ticks) {
      this.#waiting.push(tick);
      if (tick.eventTimeMs > this.#latestMs) this.#latestMs = tick.eventTimeMs;
    }
    if (this.#waiting.length > MOST_WAITING) this.#waiting = this.#waiting.slice(-MOST_WAITING / 2);
  }

  /** Writes past trades, those that came by the stream left out; resolves when they are there. */
  addPast(ticks: readonly Tick[], signal: AbortSignal): Promise<void> {
    return this.#afterOthers(async () => {
      if (signal.aborted) return;
      await this.#dropStale();
      const past = this.#seen?.unseen(ticks) ?? ticks;
      const lastMs = past.at(-1)?.eventTimeMs;
      if (lastMs === undefined) return;
      const name = this.#partitions.placeBefore(past.length, lastMs);
      await this.#connection.query(`CREATE TABLE ${name} (${TICK_COLUMNS})`);
      await this.#append(name, past);
      await this.#defineView();
      this.#tellRows();
    });
  }

  async write(): Promise<void> {
    if (this.#isWriteAsked || (this.#waiting.length === 0 && !this.#isStale)) return;
    this.#isWriteAsked = true;
    await this.#afterOthers(async () => {
      this.#isWriteAsked = false;
      await this.#dropStale();
      const ticks = this.#waiting;
      this.#waiting = [];
      let isChanged = false;
      if (ticks.length > 0) {
        const { name, isNew } = this.#partitions.place(ticks.length, this.#latestMs);
        if (isNew) await this.#connection.query(`CREATE TABLE ${name} (${TICK_COLUMNS})`);
        await this.#append(name, ticks);
        isChanged = isNew;
      }
      const gone = this.#partitions.expire(this.#latestMs);
      if (isChanged || gone.length > 0) await this.#defineView();
      for (const name of gone) await this.#connection.query(`DROP TABLE IF EXISTS ${name}`);
      this.#tellRows();
    });
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** One thing at a time: a connection of the page's database answers no two questions at once. */
  #afterOthers(act: () => Promise<void>): Promise<void> {
    const own = this.#work.then(act);
    this.#work = own.catch(() => {});
    return own;
  }

  async #dropStale(): Promise<void> {
    if (!this.#isStale) return;
    this.#isStale = false;
    const gone = this.#partitions.clear();
    await this.#defineView();
    for (const name of gone) await this.#connection.query(`DROP TABLE IF EXISTS ${name}`);
  }

  #tellRows(): void {
    this.#writtenRows = this.#partitions.rows;
    this.#wrote(this.rows);
  }

  async #append(name: string, ticks: readonly Tick[]): Promise<void> {
    await this.#connection.insertArrowTable(tickArrow(ticks), { name: "arrived_ticks", create: true });
    await this.#connection.query(
      `INSERT INTO ${name} SELECT "time", symbol, board, side, session, price, quantity, price * quantity,
         cumulative_volume, backfilled = 1 FROM arrived_ticks`,
    );
    await this.#connection.query("DROP TABLE arrived_ticks");
  }

  async #defineView(): Promise<void> {
    const { names } = this.#partitions;
    const parts = names.length > 0 ? names.map((name) => `SELECT * FROM ${name}`).join(" UNION ALL ") : EMPTY;
    await this.#connection.query(`CREATE OR REPLACE VIEW ticks AS ${parts}`);
  }
}

const EMPTY = `SELECT ${TICK_COLUMNS.split(", ")
  .map((column) => column.replace(/^(\w+) (\w+)$/, "CAST(NULL AS $2) AS $1"))
  .join(", ")} WHERE false`;

function tickArrow(ticks: readonly Tick[]): Table {
  const text = (of: (tick: Tick) => string) => vectorFromArray(ticks.map(of), new Utf8());
  const number = (of: (tick: Tick) => number) => makeVector(Float64Array.from(ticks, of));
  return new Table({
    time: vectorFromArray(
      ticks.map(({ eventTimeMs }) => eventTimeMs + TRADING_UTC_OFFSET_MS),
      new TimestampMillisecond(),
    ),
    symbol: text(({ symbol }) => symbol),
    board: text(({ board }) => board),
    side: text(({ side }) => side),
    session: text(({ session }) => session),
    price: number(({ price }) => price),
    quantity: number(({ quantity }) => quantity),
    cumulative_volume: number(({ cumulativeVolume }) => cumulativeVolume),
    backfilled: number(({ isBackfill }) => (isBackfill ? 1 : 0)),
  });
}
