import { epochMs } from "../../../engine/units/epoch-ms.js";
import type { TriggerInstance } from "../../../engine/workflow/workflow-ids.js";
import type { TriggerFiring } from "../trigger-dispatcher.js";
import type { ActiveTrigger, TriggerCondition } from "./active-triggers.js";
import type { PriceWatch } from "./market-triggers.js";
import { isLater, type PricePoint } from "./price-point.js";

type PriceCross = Extract<TriggerCondition, { kind: "price-cross" }>;

/** Fires when the last price reaches a level from one side. The first price seen has no side it came from. */
export class PriceCrossWatch implements PriceWatch {
  readonly #trigger: ActiveTrigger<PriceCross>;
  #last: PricePoint | undefined;
  #mayBeginEarlier = false;

  constructor(trigger: ActiveTrigger<PriceCross>) {
    this.#trigger = trigger;
  }

  restart(): void {
    this.#mayBeginEarlier = true;
  }

  price(point: PricePoint): TriggerFiring | undefined {
    const before = this.#last;
    const isOld = before !== undefined && !isLater(point, before);
    const beginsAnew = isOld && this.#mayBeginEarlier && point.eventTimeMs < before.eventTimeMs;
    this.#mayBeginEarlier = false;
    if (isOld && !beginsAnew) return undefined;
    this.#last = point;
    if (before === undefined || beginsAnew || !this.#isCrossing(before.price, point.price)) return undefined;
    const { workflowId, nodeId, condition } = this.#trigger;
    const { symbol, level } = condition;
    const { price, eventTimeMs } = point;
    const firedAtMs = epochMs(Math.floor(eventTimeMs));
    const instance = `price-cross:${nodeId}:${symbol}:${level}:${eventTimeMs}` as TriggerInstance;
    return {
      workflowId,
      nodeId,
      facts: { kind: "price-cross", instance, firedAtMs, payload: { symbol, level, price } },
    };
  }

  time(): undefined {
    return undefined;
  }

  #isCrossing(before: number, price: number): boolean {
    const { level, direction } = this.#trigger.condition;
    const isUp = before < level && price >= level;
    const isDown = before > level && price <= level;
    return (isUp && direction !== "down") || (isDown && direction !== "up");
  }
}
