import { isWorkingDate } from "../../market-data/holiday-calendar.js";
import { tradingDateOf } from "../../units/trading-date.js";
import type { NodeImplementation, StepContext } from "../node-handler.js";
import { isObject, tableOfJson } from "./json-table.js";
import { activeSignal, aNumber, aSignal, aTable, aText, gives } from "./step-outputs.js";
import { flagOf, intervalOf, numberOf, symbolOf } from "./step-parameters.js";

/** What a trigger knows beside its occurrence: the fact of that name, when it is of that type. */
function fact<Type extends "number" | "string">(
  { trigger }: StepContext,
  name: string,
  type: Type,
): (Type extends "number" ? number : string) | undefined {
  const value = isObject(trigger.payload) && Object.hasOwn(trigger.payload, name) ? trigger.payload[name] : undefined;
  return typeof value === type ? (value as never) : undefined;
}

const byHand = ({ trigger }: StepContext) => trigger.kind === "manual";

export const TRIGGER_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "trigger.manual": {
    run: (_parameters, _inputs, { trigger }) =>
      gives({ fired: activeSignal("started by hand"), facts: aTable(tableOfJson(trigger.payload)) }),
  },
  "trigger.cron": {
    run(parameters, _inputs, context) {
      const date = tradingDateOf(context.asOfMs);
      const isOff = flagOf(parameters, "tradingDaysOnly") && !byHand(context) && !isWorkingDate("hose", date);
      if (isOff) return gives({ date: aText(date) }, { note: `${date} is no trading day of HOSE` });
      return gives({ fired: activeSignal(`schedule of ${date}`), date: aText(date) });
    },
  },
  "trigger.candle-close": {
    async run(parameters, _inputs, context) {
      const symbol = symbolOf(parameters);
      const interval = intervalOf(parameters);
      const known = fact(context, "close", "number");
      const close = known ?? (await lastClose(symbol, interval, context));
      return gives({
        fired: aSignal({ isActive: true, symbol, reason: `a ${interval} candle of ${symbol} closed` }),
        close: aNumber(close),
      });
    },
  },
  "trigger.price-cross": {
    async run(parameters, _inputs, context) {
      const symbol = symbolOf(parameters);
      const level = numberOf(parameters, "level");
      const price = fact(context, "price", "number") ?? (await lastPrice(symbol, context));
      return gives({
        fired: aSignal({
          isActive: true,
          symbol,
          reason: `${symbol} at ${price ?? "an unknown price"}, level ${level}`,
        }),
        price: aNumber(price),
      });
    },
  },
  "trigger.incident": {
    run(_parameters, _inputs, context) {
      const title = fact(context, "title", "string");
      const severity = fact(context, "severity", "string");
      return gives({
        fired: activeSignal(title ?? "started by hand"),
        title: title === undefined ? undefined : aText(title),
        severity: severity === undefined ? undefined : aText(severity),
      });
    },
  },
  "trigger.webhook": {
    run: (_parameters, _inputs, { trigger }) =>
      gives({
        fired: activeSignal("called from outside"),
        body: aText(JSON.stringify(trigger.payload)),
        facts: aTable(tableOfJson(trigger.payload)),
      }),
  },
};

async function lastClose(
  symbol: string,
  interval: ReturnType<typeof intervalOf>,
  { services, asOfMs, signal }: StepContext,
): Promise<number | undefined> {
  const candles = await services.marketData.candles({ symbol, interval, count: 1, asOfMs }, signal);
  return candles.close.at(-1);
}

async function lastPrice(symbol: string, { services, asOfMs, signal }: StepContext): Promise<number | undefined> {
  const [quote] = await services.marketData.quotes([symbol], asOfMs, signal);
  return quote?.price;
}
