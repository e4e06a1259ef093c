import type { NodeImplementation } from "../node-handler.js";
import { aBoolean, aNumber, aTable, gives } from "./step-outputs.js";
import { symbolOf } from "./step-parameters.js";
import { cellOf, tableOf } from "./table-columns.js";
import { valuedPortfolio } from "./valued-portfolio.js";

export const ACCOUNT_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "data.portfolio": {
    async run(_parameters, _inputs, context) {
      const { cash, equity, positions, prices, unpriced } = await valuedPortfolio(context);
      const values = positions.map(({ symbol, quantity }) => quantity * (prices.get(symbol) ?? NaN));
      const table = tableOf({
        symbol: positions.map(({ symbol }) => symbol),
        quantity: positions.map(({ quantity }) => quantity),
        averagePrice: positions.map(({ averagePrice }) => cellOf(averagePrice)),
        price: positions.map(({ symbol }) => cellOf(prices.get(symbol))),
        value: values.map(cellOf),
        weight: values.map((value) => cellOf(value / (equity ?? NaN))),
      });
      return gives(
        { positions: aTable(table), cash: aNumber(cash), equity: aNumber(equity) },
        unpriced.length > 0 ? { note: `no price of ${unpriced.join(", ")}: the equity is unknown` } : {},
      );
    },
  },
  "data.position": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const symbol = symbolOf(parameters);
      const { positions } = await services.portfolio.positions(asOfMs, signal);
      const position = positions.find((each) => each.symbol === symbol && each.quantity !== 0);
      return gives({
        held: aBoolean(position !== undefined),
        quantity: aNumber(position?.quantity ?? 0),
        averagePrice: aNumber(position?.averagePrice),
      });
    },
  },
};
