import type { Board } from "../engine/live-market/board.js";
import type { FeedEvent, IndexLevel, MarketEvent, ReferencePrice, Tick } from "../engine/live-market/market-event.js";
import {
  SequenceAudit,
  type SequenceStart,
  type VolumeGap,
  type WrongTotal,
} from "../engine/live-market/sequence-audit.js";
import { type Calendar, sessionPhaseAt } from "../engine/live-market/session-schedule.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import type { InstrumentSymbol } from "../engine/market-data/instrument-symbol.js";
import { tradingDateOf } from "../engine/units/trading-date.js";
import { TickTuples } from "../store/tick-writer.js";
import type { OpenGaps } from "./open-gaps.js";
import { type TallyEntry, TickTally } from "./tick-tally.js";
import { problemOfIndexLevel, problemOfReference, problemOfTick } from "./validate-event.js";

/** What a batch of feed events comes to. */
export interface AcceptedEvents {
  /** To be published, in the order of receipt. */
  readonly events: readonly MarketEvent[];
  readonly tally: readonly TallyEntry[];
  /** Accepted ticks as tuples of `market_ticks`. */
  readonly tuples: Uint8Array;
  readonly tickCount: number;
  readonly gaps: readonly VolumeGap[];
  readonly wrongTotals: readonly WrongTotal[];
  /** One of each symbol and day, the last. */
  readonly references: readonly ReferencePrice[];
  /** Reasons, one for each rejected event. */
  readonly rejections: readonly string[];
}

/** The exchange whose hours an index level is dated by. */
const INDEX_EXCHANGE = "HOSE";

/**
 * Decides on every event: valid or not, new or a duplicate, and what is missing before it. Holds the positions of
 * every symbol's board, and nothing of the events themselves.
 */
export class EventIntake {
  readonly #calendar: Calendar;
  readonly #openGaps: OpenGaps;
  readonly #isSimulated: boolean;
  readonly #source: string;
  readonly #tuples = new TickTuples();
  readonly #tally = new TickTally();
  readonly #levels = new Map<string, { eventTimeMs: number; cumulativeVolume: number; day: string }>();
  #audit = new SequenceAudit();

  constructor({
    calendar,
    openGaps,
    dataset,
    source,
  }: { calendar: Calendar; openGaps: OpenGaps; dataset: Dataset; source: string }) {
    this.#calendar = calendar;
    this.#openGaps = openGaps;
    this.#isSimulated = dataset === "simulated";
    this.#source = source;
  }

  /** Begins anew behind these positions. */
  restart(starts: readonly SequenceStart[]): void {
    this.#audit = new SequenceAudit(starts.filter(({ board }) => board !== "INDEX"));
    this.#levels.clear();
    for (const { symbol, board, eventTimeMs, cumulativeVolume, tradingDate } of starts) {
      if (board === "INDEX") this.#levels.set(symbol, { eventTimeMs, cumulativeVolume, day: tradingDate });
    }
  }

  take(feedEvents: readonly FeedEvent[], marketTimeMs: number): AcceptedEvents {
    const events: MarketEvent[] = [];
    const gaps: VolumeGap[] = [];
    const wrongTotals: WrongTotal[] = [];
    const rejections: string[] = [];
    const references = new Map<string, ReferencePrice>();
    for (const event of feedEvents) {
      switch (event.kind) {
        case "tick": {
          const problem = problemOfTick(event, marketTimeMs);
          if (problem !== undefined) this.#reject(event, marketTimeMs, problem, rejections);
          else if (this.#acceptTick(event, gaps, wrongTotals)) events.push(event);
          break;
        }
        case "index": {
          const problem = problemOfIndexLevel(event, marketTimeMs);
          if (problem !== undefined) this.#reject({ ...event, board: "INDEX" }, marketTimeMs, problem, rejections);
          else if (this.#acceptLevel(event)) events.push(event);
          break;
        }
        case "reference": {
          const problem = problemOfReference(event);
          if (problem !== undefined) {
            rejections.push(problem);
            break;
          }
          references.set(`${event.symbol} ${event.tradingDate}`, event);
          events.push(event);
          break;
        }
        case "book":
        case "session":
          events.push(event);
          break;
        case "rejected": {
          const entry = this.#tally.entry(event.symbol ?? "", "", marketTimeMs);
          entry.received++;
          entry.rejected++;
          rejections.push(event.problem);
          break;
        }
        case "notice":
          break;
      }
    }
    const tickCount = this.#tuples.rowCount;
    return {
      events,
      tally: this.#tally.take(),
      // A copy: the next batch is encoded while this one is on its way to the disk.
      tuples: this.#tuples.take().slice(),
      tickCount,
      gaps,
      wrongTotals,
      references: [...references.values()],
      rejections,
    };
  }

  #acceptTick(tick: Tick, gaps: VolumeGap[], wrongTotals: WrongTotal[]): boolean {
    const entry = this.#tally.entry(tick.symbol, tick.board, tick.eventTimeMs);
    entry.received++;
    const { verdict, gap, wrongTotal } = this.#audit.judge(tick);
    // Trades of a history fill gaps, some of them older than this start: the database tells which are there already.
    if (!tick.isBackfill) {
      if (verdict === "duplicate" && !this.#openGaps.holds(tick)) {
        entry.duplicates++;
        return false;
      }
      if (gap) gaps.push(gap);
      // The value of an index is no count of its trades.
      if (wrongTotal && tick.board !== "INDEX") {
        wrongTotals.push(wrongTotal);
        gaps.push(...wrongTotal.gapsInstead);
      }
    }
    this.#store(tick, entry);
    return true;
  }

  #acceptLevel(level: IndexLevel): boolean {
    const entry = this.#tally.entry(level.symbol, "INDEX", level.eventTimeMs);
    entry.received++;
    const known = this.#levels.get(level.symbol);
    const cumulativeVolume = Number.isFinite(level.cumulativeVolume) ? level.cumulativeVolume : 0;
    const day = tradingDateOf(level.eventTimeMs);
    const isSame = known?.eventTimeMs === level.eventTimeMs && known.cumulativeVolume === cumulativeVolume;
    if (isSame) {
      entry.duplicates++;
      return false;
    }
    // What was traded before the first level that is seen was traded in nobody knows which minutes.
    const volumeBefore = known?.day === day ? known.cumulativeVolume : cumulativeVolume;
    this.#store(
      {
        kind: "tick",
        symbol: level.symbol,
        board: "INDEX",
        eventTimeMs: level.eventTimeMs,
        receivedAtMs: level.receivedAtMs,
        price: level.value,
        quantity: Math.max(0, cumulativeVolume - volumeBefore),
        cumulativeVolume,
        side: "U",
        session: sessionPhaseAt(INDEX_EXCHANGE, level.eventTimeMs, this.#calendar),
        source: level.source,
        isBackfill: false,
      },
      entry,
    );
    if (known === undefined || level.eventTimeMs >= known.eventTimeMs) {
      this.#levels.set(level.symbol, { eventTimeMs: level.eventTimeMs, cumulativeVolume, day });
    }
    return true;
  }

  #store(tick: Tick, entry: TallyEntry): void {
    // What is stored names the feed it came by: deletions and audits go by it.
    this.#tuples.append(tick.source === this.#source ? tick : { ...tick, source: this.#source }, this.#isSimulated);
    entry.accepted++;
    if (tick.isBackfill) entry.backfilled++;
    if (tick.eventTimeMs < entry.firstMs) entry.firstMs = tick.eventTimeMs;
    if (tick.eventTimeMs > entry.lastMs) entry.lastMs = tick.eventTimeMs;
  }

  #reject(
    event: { symbol: InstrumentSymbol; board: Board; eventTimeMs: number },
    marketTimeMs: number,
    problem: string,
    rejections: string[],
  ): void {
    const symbol = typeof event.symbol === "string" ? event.symbol.slice(0, 32) : "";
    const entry = this.#tally.entry(symbol, String(event.board).slice(0, 8), marketTimeMs);
    entry.received++;
    entry.rejected++;
    rejections.push(problem);
  }
}
