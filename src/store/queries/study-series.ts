import { instrumentSeries, type StudyInstrument } from "../../engine/lead-lag/instrument-series.js";
import type { StudySeries } from "../../engine/lead-lag/study-series.js";
import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { inferInstrumentConventions } from "../../engine/market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../database.js";
import { readCandles } from "./candle-queries.js";
import { listInstruments } from "./instrument-queries.js";

export interface StoredStudySeries {
  /** Daily closes by symbol; a symbol without candles, or with none but quarantined ones, is not there. */
  readonly series: ReadonlyMap<InstrumentSymbol, StudySeries>;
  /** What each of those symbols is. */
  readonly instruments: ReadonlyMap<InstrumentSymbol, StudyInstrument>;
  /** A sentence on quarantined rows left out; "" when there are none. */
  readonly excluded: string;
}

/** All daily closes of some symbols, or of every symbol, as studies take them. */
export async function readStudySeries(
  session: DatabaseSession,
  { dataset, symbols }: { readonly dataset: Dataset; readonly symbols?: readonly InstrumentSymbol[] },
): Promise<StoredStudySeries> {
  const { candles, excluded } = await readCandles(session, {
    interval: "1d",
    dataset,
    ...(symbols === undefined ? {} : { symbols }),
  });
  const described = new Map((await listInstruments(session, dataset)).map((each) => [each.symbol, each]));
  const series = new Map<InstrumentSymbol, StudySeries>();
  const instruments = new Map<InstrumentSymbol, StudyInstrument>();
  for (const { symbol, begin, end } of rangesBySymbol(candles)) {
    const instrument = described.get(symbol) ?? { symbol, ...inferInstrumentConventions(symbol) };
    instruments.set(symbol, instrument);
    series.set(
      symbol,
      instrumentSeries(instrument, {
        openedAtMs: candles.openedAtMs.subarray(begin, end),
        prices: candles.close.subarray(begin, end),
      }),
    );
  }
  return { series, instruments, excluded };
}

/** Row ranges of the symbols in candles that are ordered by symbol. */
function* rangesBySymbol({ length, symbols, symbolCodes }: CandleColumns) {
  for (let begin = 0; begin < length; ) {
    let end = begin + 1;
    while (end < length && symbolCodes[end] === symbolCodes[begin]) end++;
    yield { symbol: symbols[symbolCodes[begin]!]!, begin, end };
    begin = end;
  }
}
