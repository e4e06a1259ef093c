import type { CandleColumns } from "../market-data/candle-columns.js";
import { inferInstrumentConventions } from "../market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import { MS_PER_MINUTE } from "../units/epoch-ms.js";
import { tradingDayNumberOf, tradingDayToEpochMs } from "../units/trading-date.js";
import { type Board, PRICE_FORMING_BOARDS } from "./board.js";
import type { IndexLevel, Tick } from "./market-event.js";
import { sessionSegments } from "./session-schedule.js";
import { VolumeCoverage } from "./volume-coverage.js";

/**
 * Candles of a minute from trades on price-forming boards and from levels of indexes, in any order: the first and
 * the last trade of a minute are those of the lowest and highest event time, then cumulative volume. Volume already
 * accounted for does not count again, so that a trade may come twice.
 *
 * The minutes of the latest trading date of each symbol stay in memory, so that a late trade corrects its candle;
 * trades of an earlier date are left out.
 *
 * A minute's volume of an index is what its cumulative volume rose by since the minute before. Where no level came
 * before, it counts from 0 if the minute is not after the first of continuous trading, and else from that level.
 */
export class MinuteCandleBuilder {
  readonly #days = new Map<InstrumentSymbol, SymbolDay>();
  readonly #changed = new Map<InstrumentSymbol, Set<MinuteCandle>>();

  add(event: Tick | IndexLevel): void {
    const day = this.#dayOf(event);
    if (day === undefined) return;
    if (event.kind === "index") this.#addLevel(day, event);
    else if (PRICE_FORMING_BOARDS.has(event.board)) this.#addTick(day, event);
  }

  /** Candles that changed since the last call, by symbol, then by time, each at the opening instant of its minute. */
  take(): CandleColumns {
    const symbols = [...this.#changed.keys()].sort();
    const candles = symbols.map((symbol) =>
      [...this.#changed.get(symbol)!].sort((a, b) => a.openedAtMs - b.openedAtMs),
    );
    this.#changed.clear();
    return columnsOf(symbols, candles);
  }

  #dayOf({ symbol, eventTimeMs }: Tick | IndexLevel): SymbolDay | undefined {
    const number = tradingDayNumberOf(eventTimeMs);
    const known = this.#days.get(symbol);
    if (known !== undefined && known.number >= number) return known.number === number ? known : undefined;
    const day: SymbolDay = { number, symbol, minutes: new Map(), coverage: new Map() };
    this.#days.set(symbol, day);
    return day;
  }

  #addTick(day: SymbolDay, { board, eventTimeMs, price, quantity, cumulativeVolume }: Tick): void {
    let coverage = day.coverage.get(board);
    if (coverage === undefined) {
      coverage = new VolumeCoverage();
      day.coverage.set(board, coverage);
    }
    const candle = this.#trade(day, eventTimeMs, price, cumulativeVolume);
    candle.volume += coverage.add(cumulativeVolume - quantity, cumulativeVolume);
  }

  #addLevel(day: SymbolDay, { symbol, eventTimeMs, value, cumulativeVolume }: IndexLevel): void {
    const isFirst = day.minutes.size === 0;
    const candle = this.#trade(day, eventTimeMs, value, cumulativeVolume);
    if (isFirst || candle.openedAtMs < day.firstMinuteMs!) {
      day.firstMinuteMs = candle.openedAtMs;
      day.isFromOpening = candle.openedAtMs <= continuousFromMs(symbol, day.number);
    }
    candle.lowestCumulative = Math.min(candle.lowestCumulative, cumulativeVolume);
    candle.highestCumulative = Math.max(candle.highestCumulative, cumulativeVolume);
    this.#correctVolumes(day, candle);
  }

  /** The candle's own volume and that of the minute after it, which counts from it. */
  #correctVolumes(day: SymbolDay, candle: MinuteCandle): void {
    let before: MinuteCandle | undefined;
    let after: MinuteCandle | undefined;
    for (const other of day.minutes.values()) {
      if (other.openedAtMs < candle.openedAtMs && !(before && before.openedAtMs > other.openedAtMs)) before = other;
      if (other.openedAtMs > candle.openedAtMs && !(after && after.openedAtMs < other.openedAtMs)) after = other;
    }
    const countsFrom = before?.highestCumulative ?? (day.isFromOpening === true ? 0 : candle.lowestCumulative);
    candle.volume = Math.max(0, candle.highestCumulative - countsFrom);
    if (after === undefined) return;
    const volume = Math.max(0, after.highestCumulative - candle.highestCumulative);
    if (volume === after.volume) return;
    after.volume = volume;
    this.#mark(day.symbol, after);
  }

  #trade(day: SymbolDay, eventTimeMs: number, price: number, cumulativeVolume: number): MinuteCandle {
    const openedAtMs = Math.floor(eventTimeMs / MS_PER_MINUTE) * MS_PER_MINUTE;
    let candle = day.minutes.get(openedAtMs);
    if (candle === undefined) {
      candle = new MinuteCandle(openedAtMs);
      day.minutes.set(openedAtMs, candle);
    }
    candle.trade(eventTimeMs, cumulativeVolume, price);
    this.#mark(day.symbol, candle);
    return candle;
  }

  #mark(symbol: InstrumentSymbol, candle: MinuteCandle): void {
    const changed = this.#changed.get(symbol);
    if (changed === undefined) this.#changed.set(symbol, new Set([candle]));
    else changed.add(candle);
  }
}

interface SymbolDay {
  readonly number: number;
  readonly symbol: InstrumentSymbol;
  readonly minutes: Map<number, MinuteCandle>;
  readonly coverage: Map<Board, VolumeCoverage>;
  /** Of an index: its first minute seen, and whether nothing can have come before it. */
  firstMinuteMs?: number;
  isFromOpening?: boolean;
}

class MinuteCandle {
  readonly openedAtMs: number;
  open = NaN;
  high = -Infinity;
  low = Infinity;
  close = NaN;
  volume = 0;
  lowestCumulative = Infinity;
  highestCumulative = -Infinity;
  #firstMs = Infinity;
  #firstVolume = Infinity;
  #lastMs = -Infinity;
  #lastVolume = -Infinity;

  constructor(openedAtMs: number) {
    this.openedAtMs = openedAtMs;
  }

  trade(eventTimeMs: number, cumulativeVolume: number, price: number): void {
    if (comesBefore(eventTimeMs, cumulativeVolume, this.#firstMs, this.#firstVolume)) {
      this.open = price;
      this.#firstMs = eventTimeMs;
      this.#firstVolume = cumulativeVolume;
    }
    if (comesBefore(this.#lastMs, this.#lastVolume, eventTimeMs, cumulativeVolume)) {
      this.close = price;
      this.#lastMs = eventTimeMs;
      this.#lastVolume = cumulativeVolume;
    }
    if (price > this.high) this.high = price;
    if (price < this.low) this.low = price;
  }
}

function comesBefore(timeMs: number, volume: number, otherMs: number, otherVolume: number): boolean {
  return timeMs < otherMs || (timeMs === otherMs && volume < otherVolume);
}

/** When continuous trading of an index's exchange begins on a day. */
function continuousFromMs(symbol: InstrumentSymbol, dayNumber: number): number {
  const exchange = inferInstrumentConventions(symbol).exchange ?? "HOSE";
  const minute = sessionSegments(exchange).find(({ phase }) => phase === "continuous")?.fromMinute ?? 0;
  return tradingDayToEpochMs(dayNumber) + minute * MS_PER_MINUTE;
}

function columnsOf(symbols: readonly InstrumentSymbol[], candles: readonly (readonly MinuteCandle[])[]): CandleColumns {
  const rows = candles.flat();
  const column = (of: (candle: MinuteCandle) => number) => Float64Array.from(rows, of);
  return {
    length: rows.length,
    symbols,
    symbolCodes: Int32Array.from(candles.flatMap((ofSymbol, code) => ofSymbol.map(() => code))),
    openedAtMs: column((candle) => candle.openedAtMs),
    open: column((candle) => candle.open),
    high: column((candle) => candle.high),
    low: column((candle) => candle.low),
    close: column((candle) => candle.close),
    volume: column((candle) => candle.volume),
  };
}
