import { INTERVAL_SECONDS } from "../../../engine/market-data/candle-interval.js";
import { closingOffsets } from "../../../engine/market-data/closing-offset.js";
import { inferInstrumentConventions } from "../../../engine/market-data/instrument-conventions.js";
import { instrumentSymbol } from "../../../engine/market-data/instrument-symbol.js";
import { epochMs, MS_PER_SECOND } from "../../../engine/units/epoch-ms.js";
import { TRADING_TIME_ZONE, tradingDayNumberOf, tradingDayToEpochMs } from "../../../engine/units/trading-date.js";
import type { TriggerInstance } from "../../../engine/workflow/workflow-ids.js";
import type { TriggerFiring } from "../trigger-dispatcher.js";
import type { ActiveTrigger, TriggerCondition } from "./active-triggers.js";
import type { PriceWatch } from "./market-triggers.js";
import type { PricePoint } from "./price-point.js";

type CandleClose = Extract<TriggerCondition, { kind: "candle-close" }>;

/** Trades of a candle that come a little late still belong to it, in ms of the market's clock. */
const LATE_TRADES_MS = 2_000;

/** Of a symbol whose exchange is not known: the latest of the Vietnamese ones. */
const UNKNOWN_CLOSE = "15:00";

interface OpenCandle {
  readonly openedAtMs: number;
  readonly closesAtMs: number;
  last: PricePoint;
}

/**
 * Fires once a candle that had trades has closed: when the market's clock is past its end, or a trade of a later candle
 * comes. Trades of candles that were fired, or are older, are not looked at.
 */
export class CandleCloseWatch implements PriceWatch {
  readonly #trigger: ActiveTrigger<CandleClose>;
  readonly #dailyCloseMs: number;
  #candle: OpenCandle | undefined;
  #firedOpenMs = Number.NEGATIVE_INFINITY;

  constructor(trigger: ActiveTrigger<CandleClose>) {
    this.#trigger = trigger;
    const { closeTime, closeTimeZone } = inferInstrumentConventions(instrumentSymbol(trigger.condition.symbol));
    this.#dailyCloseMs = closingOffsets({
      closeTime: closeTime ?? UNKNOWN_CLOSE,
      closeTimeZone: closeTimeZone ?? TRADING_TIME_ZONE,
    }).latestMs;
  }

  restart(): void {
    this.#candle = undefined;
    this.#firedOpenMs = Number.NEGATIVE_INFINITY;
  }

  price(point: PricePoint): TriggerFiring | undefined {
    const openedAtMs = this.#openOf(point.eventTimeMs);
    const before = this.#candle;
    if (openedAtMs <= this.#firedOpenMs || (before && openedAtMs < before.openedAtMs)) return undefined;
    if (before?.openedAtMs === openedAtMs) {
      before.last = point;
      return undefined;
    }
    this.#candle = { openedAtMs, closesAtMs: this.#closeOf(openedAtMs), last: point };
    return before && this.#close(before);
  }

  time(marketTimeMs: number): TriggerFiring | undefined {
    const candle = this.#candle;
    if (!candle || marketTimeMs < candle.closesAtMs + LATE_TRADES_MS) return undefined;
    this.#candle = undefined;
    return this.#close(candle);
  }

  #close({ openedAtMs, closesAtMs, last }: OpenCandle): TriggerFiring {
    this.#firedOpenMs = openedAtMs;
    const { workflowId, nodeId, condition } = this.#trigger;
    const { symbol, interval } = condition;
    const instance = `candle-close:${symbol}:${interval}:${openedAtMs}` as TriggerInstance;
    const payload = { symbol, interval, openedAtMs, close: last.price };
    return { workflowId, nodeId, facts: { kind: "candle-close", instance, firedAtMs: epochMs(closesAtMs), payload } };
  }

  #openOf(timeMs: number): number {
    const { interval } = this.#trigger.condition;
    if (interval === "1d") return tradingDayToEpochMs(tradingDayNumberOf(timeMs));
    const lengthMs = INTERVAL_SECONDS[interval] * MS_PER_SECOND;
    return Math.floor(timeMs / lengthMs) * lengthMs;
  }

  #closeOf(openedAtMs: number): number {
    const { interval } = this.#trigger.condition;
    return openedAtMs + (interval === "1d" ? this.#dailyCloseMs : INTERVAL_SECONDS[interval] * MS_PER_SECOND);
  }
}
