import { simpleReturns } from "../../market-data/returns.js";
import { fractionSize, riskSize, volatilitySize } from "../../portfolio/position-size.js";
import { rebalance } from "../../portfolio/rebalance.js";
import { type TrailingStop, trailStop } from "../../portfolio/trailing-stop.js";
import { summarize } from "../../statistics/moments.js";
import type { JsonValue } from "../json-value.js";
import type { NodeImplementation } from "../node-handler.js";
import { isObject } from "./json-table.js";
import { numberAt, optionalNumberAt, seriesAt, tableAt } from "./step-inputs.js";
import { aNumber, aSignal, aTable, gives } from "./step-outputs.js";
import { flagOf, numberOf, symbolOf } from "./step-parameters.js";
import { tableOf } from "./table-columns.js";
import { valuedPortfolio } from "./valued-portfolio.js";
import { weightsOf } from "./weight-handlers.js";

const sized = (quantity: number, price: number) => ({ quantity: aNumber(quantity), value: aNumber(quantity * price) });

function stopOf(state: JsonValue | undefined): TrailingStop | undefined {
  if (!isObject(state) || typeof state.high !== "number" || typeof state.stop !== "number") return undefined;
  return { high: state.high, stop: state.stop };
}

export const SIZING_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "portfolio.rebalance": {
    async run(parameters, inputs, context) {
      const weights = weightsOf(tableAt(inputs, "weights"), "weights");
      const symbols = weights.map(({ symbol }) => symbol);
      const { cash, positions, prices } = await valuedPortfolio(context, symbols);
      const { orders, equity } = rebalance({
        weights,
        positions,
        prices,
        cash,
        cashReserve: numberOf(parameters, "cashReserve"),
        band: numberOf(parameters, "band"),
        lotSize: numberOf(parameters, "lotSize"),
        sellOthers: flagOf(parameters, "sellOthers"),
      });
      const values = orders.map(({ quantity, price }) => quantity * price);
      const table = tableOf({
        symbol: orders.map(({ symbol }) => symbol),
        side: orders.map(({ side }) => side),
        quantity: orders.map(({ quantity }) => quantity),
        price: orders.map(({ price }) => price),
        value: values,
        reason: orders.map(
          ({ heldQuantity, targetWeight }) => `from ${heldQuantity} shares to ${(100 * targetWeight).toFixed(2)}%`,
        ),
      });
      const turnover = values.reduce((sum, value) => sum + value, 0) / equity;
      return gives({ orders: aTable(table), count: aNumber(orders.length), turnover: aNumber(turnover) });
    },
  },
  "portfolio.size-fraction": {
    run(parameters, inputs) {
      const price = numberAt(inputs, "price");
      const options = { equity: numberAt(inputs, "equity"), price, lotSize: numberOf(parameters, "lotSize") };
      return gives(sized(fractionSize(options, numberOf(parameters, "fraction")), price));
    },
  },
  "portfolio.size-risk": {
    run(parameters, inputs) {
      const price = numberAt(inputs, "price");
      const options = { equity: numberAt(inputs, "equity"), price, lotSize: numberOf(parameters, "lotSize") };
      const quantity = riskSize(options, {
        stop: numberAt(inputs, "stop"),
        risk: numberOf(parameters, "risk"),
        most: numberOf(parameters, "most"),
      });
      return gives(sized(quantity, price));
    },
  },
  "portfolio.size-volatility": {
    run(parameters, inputs) {
      const closes = seriesAt(inputs, "closes").values;
      const price = closes.at(-1) ?? NaN;
      const volatility = summarize(simpleReturns(closes)).sampleStdDev * Math.sqrt(numberOf(parameters, "periods"));
      const quantity = volatilitySize(
        { equity: numberAt(inputs, "equity"), price, lotSize: numberOf(parameters, "lotSize") },
        { volatility, target: numberOf(parameters, "target"), most: numberOf(parameters, "most") },
      );
      return gives({ ...sized(quantity, price), volatility: aNumber(volatility) });
    },
  },
  "portfolio.trailing-stop": {
    async run(parameters, inputs, { services, asOfMs, signal, nodeState }) {
      const symbol = symbolOf(parameters);
      const price = numberAt(inputs, "price");
      const { positions } = await services.portfolio.positions(asOfMs, signal);
      const isLong = positions.some((position) => position.symbol === symbol && position.quantity > 0);
      if (!isLong) return gives({}, { nodeState: null, note: `no long position of ${symbol}` });
      const unit = optionalNumberAt(inputs, "distance");
      const trailed = trailStop(stopOf(nodeState), price, (high) =>
        unit === undefined ? (high * numberOf(parameters, "percent")) / 100 : unit * numberOf(parameters, "multiple"),
      );
      if (!trailed) return gives({}, { note: `no price of ${symbol} yet` });
      const isActive = price <= trailed.stop;
      const reason = `${symbol} at ${price} is ${isActive ? "at or below" : "above"} its stop of ${trailed.stop}`;
      return gives(
        { hit: aSignal({ isActive, side: "sell", symbol, reason }), stop: aNumber(trailed.stop) },
        { nodeState: { high: trailed.high, stop: trailed.stop } },
      );
    },
  },
};
