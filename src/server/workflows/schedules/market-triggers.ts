import type { MarketMessage } from "../../../shared-state/market-bus.js";
import type { TriggerFiring } from "../trigger-dispatcher.js";
import { type ActiveTrigger, type TriggerCondition, triggerKey } from "./active-triggers.js";
import { CandleCloseWatch } from "./candle-close-watch.js";
import { PriceCrossWatch } from "./price-cross-watch.js";
import { type PricePoint, pricePointOf } from "./price-point.js";

/** Sees prices of one symbol in the order of their messages. */
export interface PriceWatch {
  /** A new epoch of the feed: its time may begin earlier. */
  restart(): void;
  price(point: PricePoint): TriggerFiring | undefined;
  /** The market's clock went on. */
  time(marketTimeMs: number): TriggerFiring | undefined;
}

interface WatchedTrigger {
  readonly revision: number;
  readonly symbol: string;
  readonly watch: PriceWatch;
}

/** Turns market messages into firings. What was fired is known by its instance: seen again, it starts nothing. */
export class MarketTriggers {
  readonly #watched = new Map<string, WatchedTrigger>();
  #bySymbol = new Map<string, PriceWatch[]>();
  #epoch: string | undefined;

  /** The triggers to watch from now on; those of the same revision remember what they saw. */
  watch(triggers: readonly ActiveTrigger[]): void {
    const keys = new Set<string>();
    for (const trigger of triggers) {
      const key = triggerKey(trigger);
      const symbol = symbolOf(trigger.condition);
      if (symbol === undefined) continue;
      keys.add(key);
      if (this.#watched.get(key)?.revision === trigger.revision) continue;
      const watch = watchOf(trigger);
      if (watch) this.#watched.set(key, { revision: trigger.revision, symbol, watch });
    }
    for (const key of this.#watched.keys()) if (!keys.has(key)) this.#watched.delete(key);
    this.#bySymbol = new Map(
      [...Map.groupBy(this.#watched.values(), ({ symbol }) => symbol)].map(([symbol, watched]) => [
        symbol,
        watched.map(({ watch }) => watch),
      ]),
    );
  }

  take({ epoch, events, marketTimeMs }: MarketMessage): readonly TriggerFiring[] {
    if (this.#watched.size === 0) return [];
    if (epoch !== this.#epoch) for (const { watch } of this.#watched.values()) watch.restart();
    this.#epoch = epoch;
    const firings: (TriggerFiring | undefined)[] = [];
    for (const event of events) {
      if (event.kind !== "tick" && event.kind !== "index") continue;
      const watches = this.#bySymbol.get(event.symbol);
      const point = watches && pricePointOf(event);
      if (point) for (const watch of watches) firings.push(watch.price(point));
    }
    for (const { watch } of this.#watched.values()) firings.push(watch.time(marketTimeMs));
    return firings.filter((firing) => firing !== undefined);
  }
}

function symbolOf(condition: TriggerCondition): string | undefined {
  return condition.kind === "candle-close" || condition.kind === "price-cross" ? condition.symbol : undefined;
}

function watchOf({ condition, ...trigger }: ActiveTrigger): PriceWatch | undefined {
  if (condition.kind === "candle-close") return new CandleCloseWatch({ ...trigger, condition });
  return condition.kind === "price-cross" ? new PriceCrossWatch({ ...trigger, condition }) : undefined;
}
