import type { PriceLevel } from "../../engine/live-market/market-event.js";
import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import { element } from "../element.js";
import { formatCompact, formatNumber, formatPrice, formatShare } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { LiveMarket } from "./live.js";
import { followFace, markFigure } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { whileShown } from "./shown-element.js";

/** As many as the exchange shows. */
const MOST_LEVELS = 10;
const LEAST_LEVELS = 3;

/** What the book's two sides come to. Spread in the price's unit and as a fraction of the middle; `NaN` on one side alone. */
export function bookSummary(bids: readonly PriceLevel[], asks: readonly PriceLevel[]) {
  const total = (levels: readonly PriceLevel[]) => levels.reduce((sum, { quantity }) => sum + quantity, 0);
  const [bid, ask] = [bids[0]?.price ?? Number.NaN, asks[0]?.price ?? Number.NaN];
  const [bidTotal, askTotal] = [total(bids), total(asks)];
  return {
    spread: ask - bid,
    relativeSpread: (ask - bid) / ((ask + bid) / 2),
    bidTotal,
    askTotal,
    bidShare: bidTotal / (bidTotal + askTotal),
  };
}

/** The best prices of both sides, offers above bids, with bars as long as the quantities. */
export function depthLadder(live: LiveMarket, symbol: string, currency: string): HTMLElement {
  const body = element("div", { class: "depth" });
  const summary = element("p", { class: "depth-summary number muted" });
  const figure = figureFrame({
    title: "Order book",
    subtitle: "best offers above best bids, with the quantity at each price",
    body: element("div", {}, body, summary),
    provenance: { source: "best prices of the stream", asOf: "", rows: Number.NaN, dataset: "market", excluded: "" },
    fileName: `book-${symbol}`,
    hasPicture: false,
    data: () => {
      const { bids = [], asks = [] } = quoteOf() ?? {};
      const rows = [
        ...asks.map((level) => ({ side: "offer", ...level })),
        ...bids.map((level) => ({ side: "bid", ...level })),
      ];
      return {
        side: rows.map(({ side }) => side),
        price: rows.map(({ price }) => price),
        quantity: rows.map(({ quantity }) => quantity),
      };
    },
  });
  let rows: LadderRow[] = [];
  let shape = "";
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => live.changes.add(listener),
    (changed) => changed.has(symbol) && show(),
  );
  whileShown<void>(figure, (listener) => live.restarts.add(listener), show);
  followFace(live, figure, () => markFigure(figure, liveFace(live.state.value, Date.now())));
  show();
  return figure;

  function quoteOf(): SymbolQuote | undefined {
    return live.board.quote(symbol as SymbolQuote["symbol"]);
  }

  function show(): void {
    const { bids = [], asks = [] } = quoteOf() ?? {};
    const count = Math.min(MOST_LEVELS, Math.max(LEAST_LEVELS, bids.length, asks.length));
    const isEmpty = bids.length + asks.length === 0;
    const next = isEmpty ? "empty" : String(count);
    if (next !== shape) {
      shape = next;
      rows = isEmpty ? [] : Array.from({ length: 2 * count }, (_, at) => ladderRow(at < count));
      body.replaceChildren(
        ...(isEmpty
          ? [element("p", { class: "muted" }, "The feed has given no bids or offers of this symbol yet.")]
          : rows.map(({ node }) => node)),
      );
    }
    if (isEmpty) {
      summary.textContent = "";
      return;
    }
    const largest = Math.max(...bids.map(({ quantity }) => quantity), ...asks.map(({ quantity }) => quantity));
    for (let at = 0; at < count; at++) {
      rows[count - 1 - at]?.show(asks[at], largest, currency);
      rows[count + at]?.show(bids[at], largest, currency);
    }
    const { spread, relativeSpread, bidTotal, askTotal, bidShare } = bookSummary(bids, asks);
    summary.textContent = [
      Number.isFinite(spread) && `spread ${formatPrice(spread, currency)} (${formatShare(relativeSpread, 2)})`,
      `bids ${formatCompact(bidTotal)}, offers ${formatCompact(askTotal)}`,
      `${formatShare(bidShare)} on the bid`,
    ]
      .filter(Boolean)
      .join(" · ");
  }
}

interface LadderRow {
  readonly node: HTMLElement;
  show(level: PriceLevel | undefined, largest: number, currency: string): void;
}

function ladderRow(isOffer: boolean): LadderRow {
  const price = element("span", { class: `number ${isOffer ? "loss" : "gain"}` });
  const quantity = element("span", { class: "number" });
  const bar = element("i", {});
  const side = element("span", { class: "depth-side muted" }, isOffer ? "offer" : "bid");
  const node = element("div", { class: `depth-row depth-${isOffer ? "offer" : "bid"}` }, side, price, quantity, bar);
  return {
    node,
    show(level, largest, currency) {
      price.textContent = level ? formatPrice(level.price, currency) : "–";
      quantity.textContent = level ? formatNumber(level.quantity, 0) : "";
      bar.style.width = level ? `${(100 * level.quantity) / largest}%` : "0";
    },
  };
}
