import { checkSeries } from "../engine/data-quality/check-series.js";
import { consensusTradingDays } from "../engine/data-quality/consensus-trading-days.js";
import type { Finding } from "../engine/data-quality/finding.js";
import type { CandleSeries } from "../engine/market-data/candle-columns.js";
import { DAILY_SECONDS } from "../engine/market-data/candle-interval.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { Instrument } from "../engine/market-data/instrument.js";
import { inferInstrumentConventions } from "../engine/market-data/instrument-conventions.js";
import { type InstrumentSymbol, instrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../store/database.js";
import { storedTradingDays } from "../store/queries/calendar-queries.js";
import { replaceFindings } from "../store/queries/finding-queries.js";
import { listImportedIntervals } from "../store/queries/import-batch-queries.js";
import { listInstruments } from "../store/queries/instrument-queries.js";
import { readStoredSeries, type StoredSeries } from "../store/queries/stored-candles.js";

const SYMBOLS_AT_ONCE = 200;
/** A calendar that fewer symbols agree on says more about them than about their market. */
const FEWEST_SYMBOLS_FOR_CONSENSUS = 3;
/** Instruments of a market whose stored days stand for it when a file brings too few symbols itself. */
const PEERS_FOR_CONSENSUS = 100;
const VNINDEX = instrumentSymbol("VNINDEX");

/**
 * Runs the quality checks on the stored candles of these symbols. Series that the caller has as they are stored,
 * in `atHand`, are not read again.
 */
export async function checkStoredSeries(
  session: DatabaseSession,
  {
    dataset,
    intervalSeconds,
    symbols,
    atHand = new Map(),
  }: {
    dataset: Dataset;
    intervalSeconds: number;
    symbols: readonly InstrumentSymbol[];
    atHand?: ReadonlyMap<InstrumentSymbol, CandleSeries>;
  },
): Promise<Finding[]> {
  const instruments = new Map((await listInstruments(session, dataset)).map((each) => [each.symbol, each]));
  const calendars = new MarketCalendars(session, dataset, instruments);
  const findings: Finding[] = [];
  for (let at = 0; at < symbols.length; at += SYMBOLS_AT_ONCE) {
    const slice = symbols.slice(at, at + SYMBOLS_AT_ONCE);
    const toRead = slice.filter((symbol) => !atHand.has(symbol));
    const stored =
      toRead.length === 0 ? [] : await readStoredSeries(session, { dataset, intervalSeconds, symbols: toRead });
    for (const symbol of slice) {
      const series = atHand.get(symbol);
      if (series) stored.push({ symbol, series });
    }
    const byMarket = Map.groupBy(stored, ({ symbol }) => marketOf(symbol, instruments.get(symbol)));
    for (const [market, series] of byMarket) {
      const tradingDaysMs = await calendars.tradingDays(market, series);
      for (const { symbol, series: candles } of series) {
        const { assetClass, exchange } = instruments.get(symbol) ?? inferInstrumentConventions(symbol);
        const context = {
          intervalSeconds,
          assetClass,
          exchange,
          hasVolume: candles.volume.some((volume) => !Number.isNaN(volume)),
          hasOhlc: candles.open.some((open) => !Number.isNaN(open)),
          tradingDaysMs,
        };
        findings.push(...checkSeries(symbol, candles, context));
      }
    }
  }
  return findings;
}

/**
 * Runs the checks anew on the candles these symbols have, of whatever interval, and replaces what they found before:
 * after a change of what the checks go by, such as the exchange of a share.
 */
export async function recheckStoredSeries(
  session: DatabaseSession,
  { dataset, symbols }: { dataset: Dataset; symbols: readonly InstrumentSymbol[] },
): Promise<Finding[]> {
  const all: Finding[] = [];
  if (symbols.length === 0) return all;
  for (const intervalSeconds of await listImportedIntervals(session, dataset)) {
    const findings = await checkStoredSeries(session, { dataset, intervalSeconds, symbols });
    await replaceFindings(session, symbols, findings, { dataset, intervalSeconds, batchId: undefined });
    all.push(...findings);
  }
  return all;
}

/** Instruments of one market trade on the same days. */
function marketOf(symbol: InstrumentSymbol, instrument: Instrument | undefined): string {
  const { closeTimeZone, currency, assetClass } = instrument ?? inferInstrumentConventions(symbol);
  if (assetClass === "fx" || assetClass === "commodity-spot") return symbol;
  if (currency === "VND") return "Asia/Ho_Chi_Minh";
  return closeTimeZone ?? currency;
}

/** Trading days by market: the stored calendar, else what its symbols agree on, else the days of VNINDEX. */
class MarketCalendars {
  readonly #session: DatabaseSession;
  readonly #dataset: Dataset;
  readonly #instruments: ReadonlyMap<InstrumentSymbol, Instrument>;
  readonly #known = new Map<string, Float64Array | undefined>();

  constructor(session: DatabaseSession, dataset: Dataset, instruments: ReadonlyMap<InstrumentSymbol, Instrument>) {
    this.#session = session;
    this.#dataset = dataset;
    this.#instruments = instruments;
  }

  async tradingDays(market: string, series: readonly StoredSeries[]): Promise<Float64Array | undefined> {
    if (!this.#known.has(market)) this.#known.set(market, await this.#find(market, series));
    return this.#known.get(market);
  }

  async #find(market: string, series: readonly StoredSeries[]): Promise<Float64Array | undefined> {
    if (market === "Asia/Ho_Chi_Minh") {
      const stored = await storedTradingDays(this.#session, "HOSE");
      if (stored.length > 0) return stored;
    }
    if (series.length >= FEWEST_SYMBOLS_FOR_CONSENSUS) return consensusOf(series);
    const peers = await this.#readDaily(this.#symbolsOf(market));
    if (peers.length >= FEWEST_SYMBOLS_FOR_CONSENSUS) return consensusOf(peers);
    if (market !== "Asia/Ho_Chi_Minh") return undefined;
    const [index] = await this.#readDaily([VNINDEX]);
    return index?.series.openedAtMs;
  }

  #symbolsOf(market: string): InstrumentSymbol[] {
    const instruments = [...this.#instruments.values()];
    const members = instruments.filter((instrument) => marketOf(instrument.symbol, instrument) === market);
    return members.map(({ symbol }) => symbol).slice(0, PEERS_FOR_CONSENSUS);
  }

  #readDaily(symbols: readonly InstrumentSymbol[]): Promise<StoredSeries[]> {
    return readStoredSeries(this.#session, { dataset: this.#dataset, intervalSeconds: DAILY_SECONDS, symbols });
  }
}

function consensusOf(series: readonly StoredSeries[]): Float64Array {
  return consensusTradingDays(series.map(({ series: { openedAtMs } }) => openedAtMs));
}
