import { SESSION_PHASES } from "../../live-market/session-phase.js";
import { isWorkingDate, nextWorkingDate } from "../../market-data/holiday-calendar.js";
import { MS_PER_DAY, MS_PER_MINUTE } from "../../units/epoch-ms.js";
import { type TradingDate, tradingDateOf, tradingDateToEpochMs, tradingDayNumberOf } from "../../units/trading-date.js";
import type { JsonValue } from "../json-value.js";
import type { NodeImplementation } from "../node-handler.js";
import type { SignalValue } from "../port-value.js";
import { isObject } from "./json-table.js";
import { signalAt, signalOf, valueAt } from "./step-inputs.js";
import { aBoolean, activeSignal, aSignal, aText, gives } from "./step-outputs.js";
import { choiceOf, flagOf, invalidParameter, listOf, numberOf, textOf } from "./step-parameters.js";

type TradingDayPlace = "first-of-month" | "last-of-month" | "first-of-week" | "last-of-week" | "any";

const monthOf = (date: TradingDate) => date.slice(0, 7);
/** Weeks begin on Monday; 1970-01-01, day 0, was a Thursday. */
const weekOf = (date: TradingDate) => Math.floor((tradingDayNumberOf(tradingDateToEpochMs(date)) + 3) / 7);

function formerWorkingDate(date: TradingDate): TradingDate {
  let former = date;
  do former = tradingDateOf(tradingDateToEpochMs(former) - MS_PER_DAY);
  while (!isWorkingDate("hose", former));
  return former;
}

function hasPlace(date: TradingDate, place: TradingDayPlace): boolean {
  if (!isWorkingDate("hose", date)) return false;
  switch (place) {
    case "any":
      return true;
    case "first-of-month":
      return monthOf(formerWorkingDate(date)) !== monthOf(date);
    case "last-of-month":
      return monthOf(nextWorkingDate("hose", date)) !== monthOf(date);
    case "first-of-week":
      return weekOf(formerWorkingDate(date)) !== weekOf(date);
    case "last-of-week":
      return weekOf(nextWorkingDate("hose", date)) !== weekOf(date);
  }
}

/** Numbers that a node left under a name; none in its first run. */
function numbersIn(state: JsonValue | undefined, name: string): readonly number[] {
  const list = isObject(state) ? state[name] : undefined;
  return Array.isArray(list) ? list.filter((value): value is number => typeof value === "number") : [];
}

/** Gates that remember, from run to run, and those that ask the calendar. */
export const GATE_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "logic.debounce": {
    run(parameters, inputs, { nodeState }) {
      const value = valueAt(inputs, "signal");
      const signal = value === undefined ? undefined : signalOf(value, "signal");
      if (!signal?.isActive) return gives({}, { nodeState: { streak: [] }, note: "begins anew" });
      const needed = numberOf(parameters, "runs");
      const [before = 0] = numbersIn(nodeState, "streak");
      // One above what is needed is as good as any longer streak.
      const streak = Math.min(before + 1, needed + 1);
      const passes = streak === needed || (streak > needed && !flagOf(parameters, "once"));
      return gives(passes ? { passed: aSignal(signal) } : {}, {
        nodeState: { streak: [streak] },
        note: streak > needed ? `active for more than ${needed} runs` : `active for ${streak} of ${needed} runs`,
      });
    },
  },
  "logic.delay": {
    run(parameters, inputs, { nodeState }) {
      const value = valueAt(inputs, "signal");
      const signal = value === undefined ? undefined : signalOf(value, "signal");
      const waiting = isObject(nodeState) && Array.isArray(nodeState.waiting) ? nodeState.waiting : [];
      const queue = [...waiting, signal?.isActive ? jsonOfSignal(signal) : null];
      const due = queue.length > numberOf(parameters, "runs") ? queue.at(-1 - numberOf(parameters, "runs")) : null;
      return gives(isObject(due) ? { passed: aSignal(due as unknown as SignalValue) } : {}, {
        nodeState: { waiting: queue.slice(-numberOf(parameters, "runs")) },
      });
    },
  },
  "logic.rate-gate": {
    run(parameters, inputs, { nodeState, asOfMs }) {
      const signal = signalAt(inputs, "signal");
      const sinceMs = asOfMs - numberOf(parameters, "minutes") * MS_PER_MINUTE;
      const recent = numbersIn(nodeState, "passedAtMs").filter((passedAtMs) => passedAtMs > sinceMs);
      const most = numberOf(parameters, "passes");
      const passes = signal.isActive && recent.length < most;
      return gives(passes ? { passed: aSignal(signal) } : {}, {
        nodeState: { passedAtMs: passes ? [...recent, asOfMs] : recent },
        ...(signal.isActive && !passes ? { note: `${recent.length} passed already` } : {}),
      });
    },
  },
  "logic.market-hours": {
    async run(parameters, _inputs, { services, asOfMs }) {
      const phases = listOf(parameters, "phases");
      const unknown = phases.find((phase) => !(SESSION_PHASES as readonly string[]).includes(phase));
      if (unknown !== undefined) throw invalidParameter("phases", unknown, SESSION_PHASES.join(", "));
      const exchange = textOf(parameters, "exchange");
      const phase = await services.marketData.phase(exchange, asOfMs);
      const signal = activeSignal(`${exchange}: ${phase}`);
      return gives({ [phases.includes(phase) ? "open" : "closed"]: signal, phase: aText(phase) });
    },
  },
  "logic.trading-day": {
    run(parameters, _inputs, { asOfMs }) {
      const date = tradingDateOf(asOfMs);
      const result = hasPlace(date, choiceOf<TradingDayPlace>(parameters, "day"));
      return gives({ result: aBoolean(result), date: aText(date) });
    },
  },
};

function jsonOfSignal({ isActive, side, symbol, strength, reason }: SignalValue): JsonValue {
  return {
    isActive,
    reason,
    ...(side === undefined ? {} : { side }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(strength === undefined ? {} : { strength }),
  };
}
