import { candleInterval } from "../../market-data/candle-interval.js";
import type { NodeImplementation, Parameters } from "../node-handler.js";
import type { KnownQuote } from "../node-services.js";
import { candlesOf, candlesOfMany, commonCloses, seriesOfCandles } from "./candle-reading.js";
import { invalidInput, optionalTableAt } from "./step-inputs.js";
import { aNumber, aSeries, aTable, gives } from "./step-outputs.js";
import { intervalOf, numberOf, symbolOf, symbolsOf, textOf } from "./step-parameters.js";
import { cellOf, symbolsOfTable, tableOf } from "./table-columns.js";

const rangeOf = (parameters: Parameters) => ({
  interval: intervalOf(parameters),
  count: numberOf(parameters, "count"),
});

/** In %; `NaN` where the reference price is unknown. */
const changeOf = ({ price, reference }: KnownQuote) => (reference > 0 ? 100 * (price / reference - 1) : NaN);

export const MARKET_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "data.candles": {
    async run(parameters, _inputs, context) {
      const symbol = symbolOf(parameters);
      const candles = await candlesOf(symbol, rangeOf(parameters), context);
      const { open, high, low, close, volume } = candles;
      const output = (values: Float64Array) => aSeries(seriesOfCandles(symbol, candles, values));
      return gives({
        open: output(open),
        high: output(high),
        low: output(low),
        close: output(close),
        volume: output(volume),
      });
    },
  },
  "data.closes": {
    async run(parameters, inputs, context) {
      const table = optionalTableAt(inputs, "symbols");
      const symbols = table ? symbolsOfTable(table, "symbols") : [...new Set(symbolsOf(parameters))];
      if (symbols.length === 0) throw invalidInput("symbols", "no symbols", "at least one");
      const all = await candlesOfMany(symbols, rangeOf(parameters), context);
      const closes = commonCloses(symbols, all);
      const shortest = all.reduce((least, { length }, i) => (length < all[least]!.length ? i : least), 0);
      const note = `${closes.rowCount} common rows; ${symbols[shortest]} has fewest candles, ${all[shortest]!.length}`;
      return gives({ closes: aTable(closes) }, { note });
    },
  },
  "data.quote": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const symbol = symbolOf(parameters);
      const [quote] = await services.marketData.quotes([symbol], asOfMs, signal);
      if (!quote) return gives({}, { note: `no price of ${symbol} is known` });
      return gives({
        price: aNumber(quote.price),
        change: aNumber(changeOf(quote)),
        volume: aNumber(quote.volume),
      });
    },
  },
  "data.snapshot": {
    async run(parameters, inputs, { services, asOfMs, signal }) {
      const table = optionalTableAt(inputs, "symbols");
      const symbols = table ? symbolsOfTable(table, "symbols") : [...new Set(symbolsOf(parameters))];
      const quotes = symbols.length === 0 ? [] : await services.marketData.quotes(symbols, asOfMs, signal);
      return gives(
        {
          quotes: aTable(
            tableOf({
              symbol: quotes.map(({ symbol }) => symbol),
              price: quotes.map(({ price }) => cellOf(price)),
              reference: quotes.map(({ reference }) => cellOf(reference)),
              change: quotes.map((quote) => cellOf(changeOf(quote))),
              volume: quotes.map(({ volume }) => cellOf(volume)),
              currency: quotes.map(({ currency }) => currency),
              time: quotes.map(({ atMs }) => atMs),
            }),
          ),
        },
        { note: `${quotes.length} of ${symbols.length} symbols have a price` },
      );
    },
  },
  "data.index": {
    async run(parameters, _inputs, context) {
      const symbol = symbolOf(parameters, "index");
      const interval = candleInterval(textOf(parameters, "interval"));
      const candles = await candlesOf(symbol, { interval, count: numberOf(parameters, "count") }, context);
      const last = candles.close.at(-1)!;
      const before = candles.close.at(-2) ?? NaN;
      return gives({
        level: aSeries({ ...seriesOfCandles(symbol, candles, candles.close), unit: "points" }),
        last: aNumber(last),
        change: aNumber(100 * (last / before - 1)),
      });
    },
  },
  "data.universe": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const symbols = await services.marketData.universe(textOf(parameters, "name"), asOfMs, signal);
      return gives({ symbols: aTable(tableOf({ symbol: symbols })), count: aNumber(symbols.length) });
    },
  },
};
