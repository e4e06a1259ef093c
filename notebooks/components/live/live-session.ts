import { indexesOf } from "../market/index-cards.js";
import type { LatestSession } from "../market/latest-session.js";
import { equitiesOf, type MarketSnapshot } from "../market/market-snapshot.js";
import { minuteOfDay } from "../market/session-clock.js";
import { askCandles } from "./day-candles.js";
import { type LivePrice, liveDayMs, livePrice } from "./live-price.js";
import type { LiveSnapshot } from "./live-snapshot.js";
import { INTERVAL_MINUTES, SessionLooks, type SharesNow } from "./session-looks.js";

const LOOK_EVERY_MS = 1_000;

/** The session of the day that the stream is in; the stored one until the stream has said something. */
export class LiveSession {
  readonly #now: LiveSnapshot;
  readonly #stored: LatestSession;
  #looks = new SessionLooks();
  #dayMs = Number.NaN;
  #lastLookMs = 0;

  constructor(now: LiveSnapshot, stored: LatestSession) {
    this.#now = now;
    this.#stored = stored;
    now.live.changes.add(() => this.#look());
    now.live.restarts.add(() => this.#startDay(Number.NaN));
  }

  get current(): LatestSession {
    const intervals = this.#looks.intervals;
    const index = livePrice(this.#now.live.board, this.#stored.index);
    if (!index || intervals.length === 0) return this.#stored;
    const { market } = this.#now;
    return {
      index: this.#stored.index,
      previousClose: index.reference,
      intervals,
      shares: sharesNow(market, this.#dayMs).shares,
      provenance: { ...market.provenance, excluded: "" },
      isRunning: true,
    };
  }

  #look(): void {
    if (performance.now() - this.#lastLookMs < LOOK_EVERY_MS) return;
    const { live, market } = this.#now;
    const index = livePrice(live.board, this.#stored.index);
    if (!index || !Number.isFinite(index.reference)) return;
    this.#lastLookMs = performance.now();
    const dayMs = liveDayMs(index.eventTimeMs);
    if (dayMs !== this.#dayMs) {
      this.#startDay(dayMs);
      if (!live.state.value.replay) void this.#askForMorning(index);
    }
    this.#looks.look(index, sharesNow(market, dayMs));
  }

  #startDay(dayMs: number): void {
    this.#dayMs = dayMs;
    this.#looks = new SessionLooks();
    this.#lastLookMs = 0;
  }

  /** Index and volume from before the page was opened; how many shares rose then is not known. */
  async #askForMorning({ reference, eventTimeMs }: LivePrice): Promise<void> {
    const looks = this.#looks;
    const candles = await askCandles({ symbol: this.#stored.index, interval: "5m", untilMs: eventTimeMs });
    const present = Math.floor(minuteOfDay(eventTimeMs) / INTERVAL_MINUTES) * INTERVAL_MINUTES;
    const intervals = candles.map(({ openedAtMs, close, volume }) => ({
      minute: minuteOfDay(openedAtMs),
      close,
      change: close / reference - 1,
      volume: volume || 0,
      rising: Number.NaN,
    }));
    looks.seed(intervals.filter(({ minute }) => minute < present));
  }
}

/** @param dayMs shares whose last price is of another day are left out */
function sharesNow(market: MarketSnapshot, dayMs: number): SharesNow {
  let [volume, risen, counted] = [0, 0, 0];
  for (const { dayMs: day, volume: traded, changes } of equitiesOf(market)) {
    if (day !== dayMs) continue;
    volume += traded || 0;
    if (!Number.isFinite(changes["1d"])) continue;
    counted++;
    if (changes["1d"] > 0) risen++;
  }
  return { volume, rising: risen / counted, shares: counted };
}

/** The index of the session is the stored one's; without a stored session there is none to go on from. */
export function runningSession(now: LiveSnapshot, stored: LatestSession | undefined): LiveSession | undefined {
  return stored && indexesOf(now.market).length > 0 ? new LiveSession(now, stored) : undefined;
}
