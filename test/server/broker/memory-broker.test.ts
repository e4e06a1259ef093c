import { epochMs } from "../../../src/engine/units/epoch-ms.js";
import { tradingDate, tradingDateToEpochMs } from "../../../src/engine/units/trading-date.js";
import { MemoryBroker } from "../../../src/server/broker/memory-broker.js";
import { closesAfterMs } from "../../../src/server/workflows/services/candle-close.js";
import {
  BROKER_CASH,
  BROKER_CLOSES,
  BROKER_INSTRUMENTS,
  BROKER_NOW,
  brokerSuite,
} from "../../port-suites/broker-suite.js";

brokerSuite("in memory", async () => ({
  broker: new MemoryBroker({
    startingCash: BROKER_CASH,
    nowMs: () => BROKER_NOW,
    market: {
      instrument: async (name) => BROKER_INSTRUMENTS.find(({ symbol }) => symbol === name),
      lastPrice: async (instrument, asOfMs) => {
        const { symbol, currency } = instrument;
        const known = BROKER_CLOSES.filter((each) => each.symbol === symbol)
          .map(({ date, close: price }) => {
            const atMs = epochMs(tradingDateToEpochMs(tradingDate(date)) + closesAfterMs("1d", instrument));
            return { symbol, price, reference: Number.NaN, volume: Number.NaN, currency, atMs };
          })
          .filter(({ atMs }) => atMs <= asOfMs);
        return known.at(-1);
      },
    },
  }),
  dispose: async () => undefined,
}));
