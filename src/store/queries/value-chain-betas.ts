import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import { closingOffsets } from "../../engine/market-data/closing-offset.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { inferInstrumentConventions } from "../../engine/market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { PriceSeries } from "../../engine/market-data/price-series.js";
import { type EpochMs, epochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import type { MeasuredEdgeBeta } from "../../engine/value-chain/edge-beta.js";
import { measureBetas } from "../../engine/value-chain/measured-beta.js";
import type { ValueChain, ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { valueChainAsOf } from "../../engine/value-chain/value-chain-as-of.js";
import type { DatabaseSession } from "../database.js";
import { listCandleExtents } from "./candle-extents.js";
import { readCandles } from "./candle-queries.js";
import { listInstruments } from "./instrument-queries.js";

/** Betas are measured over so many years up to the last close of the symbols. */
const YEARS = 5;

export interface MeasuredBetas {
  /** One for each edge between two nodes with prices that is valid on the last day; `NaN` where they are too few. */
  readonly betas: readonly MeasuredEdgeBeta[];
  /** Date of the last close used; "" when there is none. */
  readonly asOf: TradingDate | "";
  /** A sentence on quarantined rows left out; "" when there are none. */
  readonly excluded: string;
}

export interface BetasOptions {
  /** Only candles of trading dates before that of this instant are read; all of them unless given. */
  readonly beforeMs?: EpochMs;
}

interface ClosesOfSymbol {
  readonly series: PriceSeries;
  readonly closesAfterMs: { readonly earliestMs: number; readonly latestMs: number };
}

/** Betas of the edges whose two ends are traded, from the daily closes of five years; those to one target together. */
export async function measuredBetas(
  session: DatabaseSession,
  chain: ValueChain,
  dataset: Dataset,
  { beforeMs }: BetasOptions = {},
): Promise<MeasuredBetas> {
  const { nodes } = chain;
  const wanted = new Set(nodes.map(({ symbol }) => symbol));
  const extents = (await listCandleExtents(session, dataset)).filter(({ symbol }) => wanted.has(symbol));
  const before = beforeMs === undefined ? undefined : tradingDateOf(beforeMs);
  const asOf = extents
    .map(({ lastDate }) => (before !== undefined && lastDate > before ? before : lastDate))
    .sort()
    .at(-1);
  if (asOf === undefined) return { betas: [], asOf: "", excluded: "" };
  const { candles, excluded } = await readCandles(session, {
    interval: "1d",
    dataset,
    symbols: extents.map(({ symbol }) => symbol),
    fromMs: epochMs(tradingDateToEpochMs(asOf) - YEARS * 365.25 * MS_PER_DAY),
    ...(before === undefined ? {} : { toMsExclusive: tradingDateToEpochMs(before) }),
  });
  const closes = await closesBySymbol(session, candles, dataset);
  const betas: MeasuredEdgeBeta[] = [];
  const symbolOf = new Map(nodes.map(({ id, symbol }) => [id, symbol]));
  const pricesOf = (id: ValueChainNodeId) => closes.get(symbolOf.get(id) ?? ("" as InstrumentSymbol));
  for (const [targetId, toTarget] of Map.groupBy(valueChainAsOf(chain, asOf).edges, (edge) => edge.targetId)) {
    const target = pricesOf(targetId);
    if (target === undefined) continue;
    const traded = toTarget.filter(({ sourceId }) => {
      const source = pricesOf(sourceId);
      return source !== undefined && source !== target;
    });
    const sources = [...new Set(traded.map(({ sourceId }) => pricesOf(sourceId)!))];
    const measured = measureBetas(
      sources.map(({ series, closesAfterMs }) => ({ series, closesAfterMs: closesAfterMs.latestMs })),
      target.series,
      { targetClosesAfterMs: target.closesAfterMs.earliestMs },
    );
    for (const { id, sourceId } of traded) {
      betas.push({ edgeId: id, ...measured[sources.indexOf(pricesOf(sourceId)!)]! });
    }
  }
  const lastMs = candles.openedAtMs.reduce((last, time) => Math.max(last, time), Number.NEGATIVE_INFINITY);
  return { betas, asOf: candles.length === 0 ? "" : tradingDateOf(lastMs), excluded };
}

async function closesBySymbol(
  session: DatabaseSession,
  { symbols, symbolCodes, openedAtMs, close, length }: CandleColumns,
  dataset: Dataset,
): Promise<ReadonlyMap<InstrumentSymbol, ClosesOfSymbol>> {
  const instruments = new Map((await listInstruments(session, dataset)).map((each) => [each.symbol, each]));
  const closes = new Map<InstrumentSymbol, ClosesOfSymbol>();
  // Candles come by symbol and time, so those of a symbol stand together.
  for (let begin = 0; begin < length; ) {
    const code = symbolCodes[begin]!;
    let end = begin;
    while (end < length && symbolCodes[end] === code) end++;
    const symbol = symbols[code]!;
    const { closeTime, closeTimeZone } = instruments.get(symbol) ?? inferInstrumentConventions(symbol);
    closes.set(symbol, {
      series: { openedAtMs: openedAtMs.slice(begin, end), prices: close.slice(begin, end) },
      closesAfterMs:
        closeTime === undefined || closeTimeZone === undefined
          ? { earliestMs: MS_PER_DAY, latestMs: MS_PER_DAY }
          : closingOffsets({ closeTime, closeTimeZone }),
    });
    begin = end;
  }
  return closes;
}
