import type { InstrumentSymbol } from "../market-data/instrument-symbol.js";
import {
  type TradingDate,
  tradingDateOf,
  tradingDateToEpochMs,
  tradingDayNumberOf,
  tradingDayToEpochMs,
} from "../units/trading-date.js";
import type { Board } from "./board.js";
import type { Tick } from "./market-event.js";
import { TotalDoubt } from "./total-doubt.js";
import { VolumeCoverage } from "./volume-coverage.js";

/** How far the trades of a symbol's board have come on a day: its trade of the highest cumulative volume. */
export interface SequencePosition {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly tradingDate: TradingDate;
  readonly eventTimeMs: number;
  readonly cumulativeVolume: number;
}

/** A position from which the audit goes on: everything up to it counts as received, apart from `gaps`. */
export interface SequenceStart extends SequencePosition {
  /** Stretches of volume below the position that were never received, in any order. */
  readonly gaps?: readonly Pick<VolumeGap, "volumeBefore" | "volumeAfter">[] | undefined;
}

/** Volume traded between two ticks that follow one another in the stream, of which the stream said nothing. */
export interface VolumeGap {
  readonly symbol: InstrumentSymbol;
  readonly board: Board;
  readonly tradingDate: TradingDate;
  /** Event times of the ticks before and after; 00:00 of the day where there is none before. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Cumulative volume of the tick before, and that of the tick after without its own quantity. */
  readonly volumeBefore: number;
  readonly volumeAfter: number;
  readonly missingVolume: number;
}

/** `late` is new as well, but behind a trade that was received before it. */
export type SequenceVerdict = "new" | "duplicate" | "late";

/** A trade whose cumulative volume later trades proved wrong, and what to make of the gap that it left. */
export interface WrongTotal {
  readonly suspect: Pick<Tick, "symbol" | "board" | "eventTimeMs" | "cumulativeVolume">;
  readonly gap: VolumeGap;
  /** What is missing in its place. */
  readonly gapsInstead: readonly VolumeGap[];
}

export interface SequenceJudgement {
  readonly verdict: SequenceVerdict;
  readonly gap: VolumeGap | undefined;
  readonly wrongTotal?: WrongTotal;
}

export interface SequenceAuditOptions {
  /** Trades whose exact keys are remembered for each symbol and board: at least so many, at most twice. */
  readonly rememberedTicks?: number;
  /** Separate stretches of volume remembered for each symbol and board. */
  readonly rememberedStretches?: number;
}

const NEW: SequenceJudgement = { verdict: "new", gap: undefined };
const DUPLICATE: SequenceJudgement = { verdict: "duplicate", gap: undefined };
const LATE: SequenceJudgement = { verdict: "late", gap: undefined };

/** Cumulative volumes are sums of decimals on some venues: less than this part of one is a rounding error. */
const ROUNDING = 1e-9;

/**
 * Tells duplicates, reordered trades and gaps apart by the cumulative volumes of each symbol's board, anew on each
 * trading date.
 *
 * A duplicate has the event time and cumulative volume of an earlier trade. Exact keys are remembered for the last
 * `rememberedTicks` trades; one that may be older counts as a duplicate when its stretch of volume is accounted for, and is
 * otherwise `late`. So does a backfilled one of any age: histories may round the times of their trades. A trade of a
 * date before the latest of its board is always `late`: whoever stores it has to compare keys. A gap is reported once, by the trade that comes after it; before the first trade of a day without a
 * start the volume received is 0.
 *
 * A wrong total, far above the others, would hide every later gap. So a trade that leaves a gap is doubted until a higher
 * total follows; three later trades with totals within that gap prove it wrong (`TotalDoubt`). The audit then goes on
 * from the highest of the three, as if the wrong one had not come: `wrongTotal` names it, the gap that is void, and those that
 * were missed meanwhile. Trades of a start are not doubted.
 */
export class SequenceAudit {
  readonly #boards = new Map<Board, Map<InstrumentSymbol, BoardSequence>>();
  readonly #rememberedTicks: number;
  readonly #rememberedStretches: number;

  constructor(
    starts: Iterable<SequenceStart> = [],
    { rememberedTicks = 256, rememberedStretches = 256 }: SequenceAuditOptions = {},
  ) {
    this.#rememberedTicks = rememberedTicks;
    this.#rememberedStretches = rememberedStretches;
    for (const start of starts) {
      const sequence = this.#sequence(start.symbol, start.board);
      const day = tradingDayNumberOf(tradingDateToEpochMs(start.tradingDate));
      if (day > sequence.day) sequence.restart(day);
      if (day === sequence.day) sequence.begin(start);
    }
  }

  judge(tick: Tick): SequenceJudgement {
    const sequence = this.#sequence(tick.symbol, tick.board);
    const day = tradingDayNumberOf(tick.eventTimeMs);
    if (day < sequence.day) return LATE;
    if (day > sequence.day) sequence.restart(day);
    return sequence.judge(tick);
  }

  /** Volume of a board's latest day that no trade has accounted for so far; 0 for one without trades. */
  missingVolume(symbol: InstrumentSymbol, board: Board): number {
    return this.#boards.get(board)?.get(symbol)?.missingVolume() ?? 0;
  }

  *positions(): Iterable<SequencePosition> {
    for (const [board, sequences] of this.#boards) {
      for (const [symbol, { day, eventTimeMs, cumulativeVolume, isEmpty }] of sequences) {
        if (isEmpty) continue;
        const tradingDate = tradingDateOf(tradingDayToEpochMs(day));
        yield { symbol, board, tradingDate, eventTimeMs, cumulativeVolume };
      }
    }
  }

  /** Forgets everything: the next trade of every board is the first of its day. */
  reset(): void {
    this.#boards.clear();
  }

  #sequence(symbol: InstrumentSymbol, board: Board): BoardSequence {
    let sequences = this.#boards.get(board);
    if (sequences === undefined) {
      sequences = new Map();
      this.#boards.set(board, sequences);
    }
    let sequence = sequences.get(symbol);
    if (sequence === undefined) {
      sequence = new BoardSequence(this.#rememberedTicks, this.#rememberedStretches);
      sequences.set(symbol, sequence);
    }
    return sequence;
  }
}

/** One symbol's board on its latest trading date. */
class BoardSequence {
  day = -Infinity;
  isEmpty = true;
  eventTimeMs = NaN;
  cumulativeVolume = 0;
  readonly #rememberedTicks: number;
  readonly #rememberedStretches: number;
  #coverage: VolumeCoverage;
  /** Two generations of exact keys: the older one goes when the younger is full. */
  #recent = new ExactKeys();
  #older = new ExactKeys();
  /** The highest cumulative volume among keys that are no longer here. */
  #forgottenVolume = -Infinity;
  #doubt: TotalDoubt | undefined;

  constructor(rememberedTicks: number, rememberedStretches: number) {
    this.#rememberedTicks = rememberedTicks;
    this.#rememberedStretches = rememberedStretches;
    this.#coverage = new VolumeCoverage(rememberedStretches);
  }

  restart(day: number): void {
    this.day = day;
    this.isEmpty = true;
    this.eventTimeMs = tradingDayToEpochMs(day);
    this.cumulativeVolume = 0;
    this.#coverage = new VolumeCoverage(this.#rememberedStretches);
    this.#recent = new ExactKeys();
    this.#older = new ExactKeys();
    this.#forgottenVolume = -Infinity;
    this.#doubt = undefined;
  }

  begin({ eventTimeMs, cumulativeVolume, gaps = [] }: SequenceStart): void {
    let received = 0;
    for (const gap of [...gaps].sort((a, b) => a.volumeBefore - b.volumeBefore)) {
      this.#coverage.add(received, Math.min(gap.volumeBefore, cumulativeVolume));
      received = Math.max(received, gap.volumeAfter);
    }
    this.#coverage.add(received, cumulativeVolume);
    this.#remember(eventTimeMs, cumulativeVolume);
    this.#forgottenVolume = cumulativeVolume;
    this.#advance(eventTimeMs, cumulativeVolume);
  }

  judge(tick: Tick): SequenceJudgement {
    const { eventTimeMs, cumulativeVolume } = tick;
    const volumeBeforeTick = cumulativeVolume - tick.quantity;
    const isBehind = !this.isEmpty && cumulativeVolume <= this.cumulativeVolume;
    if (isBehind && this.#isKnown(tick, volumeBeforeTick)) return DUPLICATE;
    this.#remember(eventTimeMs, cumulativeVolume);
    this.#coverage.add(volumeBeforeTick, cumulativeVolume);
    if (isBehind) return this.#late(tick);
    const gap = this.#gapBefore(tick, volumeBeforeTick);
    this.#doubt = gap && new TotalDoubt(tick, gap);
    this.#advance(eventTimeMs, cumulativeVolume);
    return gap === undefined ? NEW : { verdict: "new", gap };
  }

  missingVolume(): number {
    const missing = this.#coverage.missingBelow(this.cumulativeVolume);
    return missing > ROUNDING * this.cumulativeVolume ? missing : 0;
  }

  #late(tick: Tick): SequenceJudgement {
    const doubt = this.#doubt;
    const witnesses = doubt?.hear(tick);
    if (!doubt || !witnesses) return LATE;
    const { suspect, gap } = doubt;
    this.#doubt = undefined;
    this.#coverage.cutAbove(gap.volumeAfter);
    this.#advance(gap.fromMs, gap.volumeBefore);
    const gapsInstead = witnesses.flatMap((witness) => {
      const missed = this.#gapBefore(witness, witness.cumulativeVolume - witness.quantity);
      this.#advance(witness.eventTimeMs, witness.cumulativeVolume);
      return missed ?? [];
    });
    return { verdict: "late", gap: undefined, wrongTotal: { suspect, gap, gapsInstead } };
  }

  #isKnown({ eventTimeMs, cumulativeVolume, isBackfill }: Tick, volumeBeforeTick: number): boolean {
    if (this.#recent.has(eventTimeMs, cumulativeVolume) || this.#older.has(eventTimeMs, cumulativeVolume)) return true;
    const mayBeForgotten = cumulativeVolume <= this.#forgottenVolume && eventTimeMs <= this.eventTimeMs;
    return (isBackfill || mayBeForgotten) && this.#coverage.covers(volumeBeforeTick, cumulativeVolume);
  }

  #remember(eventTimeMs: number, cumulativeVolume: number): void {
    if (this.#recent.count >= this.#rememberedTicks) {
      this.#forgottenVolume = Math.max(this.#forgottenVolume, this.#older.highestVolume);
      this.#older = this.#recent;
      this.#recent = new ExactKeys();
    }
    this.#recent.add(eventTimeMs, cumulativeVolume);
  }

  #gapBefore(tick: Tick, volumeAfter: number): VolumeGap | undefined {
    const missingVolume = volumeAfter - this.cumulativeVolume;
    if (!(missingVolume > ROUNDING * tick.cumulativeVolume)) return undefined;
    return {
      symbol: tick.symbol,
      board: tick.board,
      tradingDate: tradingDateOf(tick.eventTimeMs),
      fromMs: this.eventTimeMs,
      toMs: tick.eventTimeMs,
      volumeBefore: this.cumulativeVolume,
      volumeAfter,
      missingVolume,
    };
  }

  #advance(eventTimeMs: number, cumulativeVolume: number): void {
    this.isEmpty = false;
    this.eventTimeMs = eventTimeMs;
    this.cumulativeVolume = cumulativeVolume;
  }
}

/** Event times by cumulative volume: hardly ever more than one. */
class ExactKeys {
  count = 0;
  highestVolume = -Infinity;
  readonly #eventTimes = new Map<number, number | number[]>();

  has(eventTimeMs: number, cumulativeVolume: number): boolean {
    const times = this.#eventTimes.get(cumulativeVolume);
    return typeof times === "object" ? times.includes(eventTimeMs) : times === eventTimeMs;
  }

  add(eventTimeMs: number, cumulativeVolume: number): void {
    const times = this.#eventTimes.get(cumulativeVolume);
    if (times === undefined) this.#eventTimes.set(cumulativeVolume, eventTimeMs);
    else if (typeof times === "object") times.push(eventTimeMs);
    else this.#eventTimes.set(cumulativeVolume, [times, eventTimeMs]);
    this.count++;
    this.highestVolume = Math.max(this.highestVolume, cumulativeVolume);
  }
}
