import type { HeatmapRow, IndexRow } from "../../contracts/market-api.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import type { AssetClass, Instrument } from "../../engine/market-data/instrument.js";
import { inferInstrumentConventions } from "../../engine/market-data/instrument-conventions.js";
import { epochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { tradingDateOf, tradingDayToEpochMs } from "../../engine/units/trading-date.js";
import type { DatabaseSession } from "../../store/database.js";
import { listCandleExtents } from "../../store/queries/candle-extents.js";
import { readCandles } from "../../store/queries/candle-queries.js";
import { readDataVersion } from "../../store/queries/data-version.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import type { LiveMarketView } from "./live-market-view.js";
import type { StoreReach } from "./store-reach.js";

/** The latest of every symbol, with what it is. */
export interface MarketRows {
  readonly origin: "feed" | "store";
  readonly rows: readonly HeatmapRow[];
  readonly indexes: readonly IndexRow[];
  /** Event time or trading date of the latest price; "" without any. */
  readonly asOf: string;
}

/** Symbols whose last candle is older than this against the latest of all are not of the present market. */
const PRESENT_DAYS = 45;

const STATES_WITH_BOARD = new Set(["live", "stale", "gap", "replaying", "closed-market"]);

type InstrumentsBySymbol = ReadonlyMap<string, Instrument>;

/**
 * Rows from the board while a feed of the dataset is live, else from the last candles of the store. Without the store
 * the board goes on with what was last read of the instruments, else with their symbols alone.
 */
export class MarketRowsSource {
  readonly #session: DatabaseSession;
  readonly #market: LiveMarketView | undefined;
  readonly #store: StoreReach;
  readonly #instruments = new Map<Dataset, Kept<InstrumentsBySymbol>>();
  readonly #stored = new Map<Dataset, Kept<MarketRows>>();
  readonly #lastInstruments = new Map<Dataset, InstrumentsBySymbol>();
  readonly #lastStored = new Map<Dataset, MarketRows>();

  constructor(session: DatabaseSession, market: LiveMarketView | undefined, store: StoreReach) {
    this.#session = session;
    this.#market = market;
    this.#store = store;
  }

  /** @throws what the store throws when there is no board to read either */
  async read(dataset: Dataset): Promise<MarketRows> {
    const version = await this.#store.tryAsk(() => readDataVersion(this.#session));
    if (!version.isUp) {
      const rows = this.#fromBoard(dataset, this.#lastInstruments.get(dataset) ?? new Map());
      if (rows !== undefined) return rows;
      throw version.error;
    }
    const { watermark } = version.value;
    const listing = () => this.#instrumentsAt(dataset, watermark);
    if (this.#hasBoard(dataset)) {
      const listed = await this.#store.tryAsk(listing);
      const instruments = listed.isUp ? listed.value : (this.#lastInstruments.get(dataset) ?? new Map());
      const rows = this.#fromBoard(dataset, instruments);
      if (rows !== undefined) return rows;
    }
    const instruments = await listing();
    const rows = await kept(this.#stored, dataset, watermark, () => rowsFromStore(this.#session, dataset, instruments));
    this.#lastStored.set(dataset, rows);
    return rows;
  }

  /** As `read`; without store and board, the rows last read from the store. */
  async readOrLast(dataset: Dataset): Promise<MarketRows> {
    try {
      return await this.read(dataset);
    } catch (error) {
      const last = this.#lastStored.get(dataset);
      if (last === undefined) throw error;
      return last;
    }
  }

  async #instrumentsAt(dataset: Dataset, watermark: string): Promise<InstrumentsBySymbol> {
    const instruments = await kept(this.#instruments, dataset, watermark, async () => {
      const listed = await listInstruments(this.#session, dataset);
      return new Map<string, Instrument>(listed.map((instrument) => [instrument.symbol, instrument]));
    });
    this.#lastInstruments.set(dataset, instruments);
    return instruments;
  }

  #hasBoard(dataset: Dataset): boolean {
    const status = this.#market?.status();
    return status?.dataset === dataset && STATES_WITH_BOARD.has(status.state);
  }

  #fromBoard(dataset: Dataset, instruments: InstrumentsBySymbol): MarketRows | undefined {
    if (this.#market === undefined || !this.#hasBoard(dataset)) return undefined;
    const rows = rowsFromBoard(this.#market.board, instruments);
    return rows.asOf === "" ? undefined : rows;
  }
}

interface Kept<T> {
  readonly watermark: string;
  readonly value: Promise<T>;
}

/** A value that depends on nothing but the stored data: made once for each version of it, unless that fails. */
async function kept<T>(
  values: Map<Dataset, Kept<T>>,
  dataset: Dataset,
  watermark: string,
  make: () => Promise<T>,
): Promise<T> {
  const known = values.get(dataset);
  if (known?.watermark === watermark) return known.value;
  const making = { watermark, value: make() };
  values.set(dataset, making);
  try {
    return await making.value;
  } catch (error) {
    if (values.get(dataset) === making) values.delete(dataset);
    throw error;
  }
}

function rowsFromBoard(board: LiveMarketView["board"], instruments: InstrumentsBySymbol): MarketRows {
  let latestMs = Number.NEGATIVE_INFINITY;
  const rows: HeatmapRow[] = [];
  const levels = new Map([...board.indexes()].map((level) => [level.symbol as string, level]));
  const indexes = new Map<string, IndexRow>();
  for (const quote of board.quotes()) {
    const facts = factsOf(quote.symbol, instruments);
    const asOf = new Date(quote.eventTimeMs).toISOString();
    if (!Number.isNaN(quote.price)) latestMs = Math.max(latestMs, quote.eventTimeMs);
    if (facts.assetClass === "index" || levels.has(quote.symbol)) {
      const level = levels.get(quote.symbol);
      indexes.set(quote.symbol, {
        symbol: quote.symbol,
        name: facts.name,
        value: known(level?.value ?? quote.price),
        priorValue: known(level?.priorValue ?? quote.reference),
        change: known(level === undefined ? quote.change : level.value / level.priorValue - 1),
        volume: known(level?.cumulativeVolume ?? quote.cumulativeVolume),
        tradedValue: known(level?.cumulativeValue ?? quote.cumulativeValue),
        advances: known(level?.advances),
        declines: known(level?.declines),
        unchanged: known(level?.unchanged),
        atCeiling: known(level?.atCeiling),
        atFloor: known(level?.atFloor),
        asOf,
      });
    } else {
      rows.push({
        ...facts,
        price: known(quote.price),
        reference: known(quote.reference),
        change: known(quote.change),
        volume: known(quote.cumulativeVolume),
        tradedValue: known(quote.cumulativeValue),
        asOf,
      });
    }
  }
  return {
    origin: "feed",
    rows: rows.sort(bySymbol),
    indexes: [...indexes.values()].sort(bySymbol),
    asOf: latestMs === Number.NEGATIVE_INFINITY ? "" : new Date(latestMs).toISOString(),
  };
}

async function rowsFromStore(
  session: DatabaseSession,
  dataset: Dataset,
  instruments: InstrumentsBySymbol,
): Promise<MarketRows> {
  const extents = await listCandleExtents(session, dataset);
  if (extents.length === 0) return { origin: "store", rows: [], indexes: [], asOf: "" };
  const lastDay = Math.max(...extents.map((extent) => extent.lastDay));
  const fromMs = epochMs(tradingDayToEpochMs(lastDay) - PRESENT_DAYS * MS_PER_DAY);
  const { candles } = await readCandles(session, { interval: "1d", dataset, fromMs });
  const rows: HeatmapRow[] = [];
  const indexes: IndexRow[] = [];
  let latest = "";
  for (let at = 0; at < candles.length; at++) {
    const code = candles.symbolCodes[at]!;
    if (at + 1 < candles.length && candles.symbolCodes[at + 1] === code) continue;
    const facts = factsOf(candles.symbols[code]!, instruments);
    const price = candles.close[at]!;
    const hasBefore = at > 0 && candles.symbolCodes[at - 1] === code;
    const reference = hasBefore ? candles.close[at - 1]! : Number.NaN;
    const volume = candles.volume[at]!;
    const asOf = tradingDateOf(candles.openedAtMs[at]!);
    if (asOf > latest) latest = asOf;
    const change = known(price / reference - 1);
    if (facts.assetClass === "index") {
      indexes.push({
        symbol: facts.symbol,
        name: facts.name,
        value: known(price),
        priorValue: known(reference),
        change,
        volume: known(volume),
        tradedValue: null,
        advances: null,
        declines: null,
        unchanged: null,
        atCeiling: null,
        atFloor: null,
        asOf,
      });
    } else {
      rows.push({
        ...facts,
        price: known(price),
        reference: known(reference),
        change,
        volume: known(volume),
        tradedValue: known(price * volume),
        asOf,
      });
    }
  }
  return { origin: "store", rows: rows.sort(bySymbol), indexes: indexes.sort(bySymbol), asOf: latest };
}

function factsOf(symbol: string, instruments: InstrumentsBySymbol) {
  const instrument = instruments.get(symbol);
  const { exchange, assetClass } = instrument ?? inferInstrumentConventions(symbol as Instrument["symbol"]);
  return {
    symbol,
    name: instrument?.name ?? symbol,
    exchange: exchange ?? null,
    sector: instrument?.sector ?? null,
    industry: instrument?.industry ?? null,
    assetClass: assetClass satisfies AssetClass,
    marketCap: instrument?.marketCap ?? null,
  };
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}

/** By code points, as everywhere in the program. */
export function bySymbol(a: { readonly symbol: string }, b: { readonly symbol: string }): number {
  return a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0;
}
