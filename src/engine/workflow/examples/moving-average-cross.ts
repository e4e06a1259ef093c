import { workflowOfSketch } from "./workflow-sketch.js";

export const MOVING_AVERAGE_CROSS = workflowOfSketch({
  name: "Moving-average cross of HPG",
  description:
    "Buys Hoa Phat when its 20-day average crosses over the 50-day one, with a tenth of the equity, and closes the position when it crosses under.",
  notes: [
    {
      at: [0, -1],
      text: "Trend following in its plainest form. It earns in long trends and loses a little, often, in markets that go sideways: judge it over years, not by one trade.",
    },
    {
      at: [4, -1],
      text: "It buys only while nothing is held, so that a second cross does not double the position. Orders go out after the close and are filled at the last price.",
    },
  ],
  nodes: {
    close: { type: "trigger.candle-close", at: [0, 0], label: "HPG closes", parameters: { symbol: "HPG" } },
    candles: { type: "data.candles", at: [1, 0], parameters: { symbol: "HPG", count: 250 } },
    fast: { type: "indicator.sma", at: [2, 0], label: "20-day average", parameters: { window: 20 } },
    slow: { type: "indicator.sma", at: [2, 1], label: "50-day average", parameters: { window: 50 } },
    over: { type: "logic.cross-over", at: [3, 0] },
    under: { type: "logic.cross-under", at: [3, 1] },
    position: { type: "data.position", at: [1, 2], parameters: { symbol: "HPG" } },
    flat: { type: "logic.not", at: [3, 2], label: "nothing held" },
    enter: { type: "logic.and", at: [4, 0], label: "cross and nothing held" },
    portfolio: { type: "data.portfolio", at: [1, 3] },
    price: { type: "series.last", at: [2, 3], label: "last close" },
    size: { type: "portfolio.size-fraction", at: [4, 3], parameters: { fraction: 0.1 } },
    buy: {
      type: "action.place-order",
      at: [5, 0],
      label: "Buy HPG",
      parameters: { side: "buy", symbol: "HPG", reason: "the 20-day average crossed over the 50-day one" },
    },
    sell: { type: "action.close-position", at: [5, 1], label: "Close HPG", parameters: { symbol: "HPG" } },
  },
  edges: [
    "close.fired > candles.run",
    "close.fired > position.run",
    "close.fired > portfolio.run",
    "candles.close > fast.series",
    "candles.close > slow.series",
    "candles.close > price.series",
    "fast.series > over.a",
    "slow.series > over.b",
    "fast.series > under.a",
    "slow.series > under.b",
    "position.held > flat.condition",
    "over.signal > enter.conditions",
    "flat.result > enter.conditions",
    "portfolio.equity > size.equity",
    "price.value > size.price",
    "enter.result > buy.signal",
    "size.quantity > buy.quantity",
    "under.signal > sell.signal",
  ],
});
