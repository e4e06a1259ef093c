import type { SymbolQuote } from "../../engine/live-market/symbol-quote.js";
import type { Control } from "../controls/address-state.js";
import { symbolField } from "../controls/labelled-input.js";
import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, directionMark, formatChange, formatCompact, formatPrice } from "../format/number-format.js";
import { formatTime } from "../format/time-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { equitiesOf, type MarketSnapshot, type SnapshotRow, sharesProvenance } from "../market/market-snapshot.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { showText } from "./flash.js";
import type { LiveMarket } from "./live.js";
import { followFace, markFigure, showSource } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { livePrice } from "./live-price.js";
import { whileShown } from "./shown-element.js";
import { movedSymbol, parseWatchlist, withoutSymbol, withSymbol } from "./watchlist-symbols.js";

const FIRST_SYMBOLS = 14;

/** What a reader watches before having chosen anything: the index and the shares that trade most. */
export function firstWatchlist(snapshot: MarketSnapshot): string[] {
  const index = snapshot.rows.find(({ symbol }) => symbol === "VNINDEX");
  const shares = equitiesOf(snapshot)
    .filter(({ tradedValue }) => tradedValue > 0)
    .sort((a, b) => b.tradedValue - a.tradedValue);
  return [...(index ? [index] : []), ...shares].slice(0, FIRST_SYMBOLS).map(({ symbol }) => symbol);
}

/** Symbols with their prices as they move; the value is the list, joined by commas, for the address. */
export function watchlist(live: LiveMarket, snapshot: MarketSnapshot): Control<string> {
  const stored = new Map(snapshot.rows.map((row) => [row.symbol, row]));
  let symbols = firstWatchlist(snapshot);
  const rows = new Map<string, WatchedRow>();
  const body = element("tbody", { onkeydown: onKey });
  const add = symbolField({ label: "Add", value: "", instruments: snapshot.rows });
  add.addEventListener("input", (event) => {
    event.stopPropagation();
    if (add.value) change(withSymbol(symbols, add.value));
  });
  const figure = figureFrame({
    title: "Watchlist",
    subtitle: "last price, change from the reference price, best bid and offer, shares traded",
    body: element(
      "div",
      { class: "watchlist" },
      element(
        "div",
        { class: "watchlist-tools" },
        add,
        element("span", { class: "muted" }, "Alt ↑ ↓ moves a symbol, Delete removes it"),
      ),
      element(
        "div",
        {
          class: "table-frame",
          style: "--table-height:440px",
          tabindex: "0",
          role: "region",
          "aria-label": "Watchlist",
        },
        element(
          "table",
          {},
          element("caption", { class: "visually-hidden" }, "Watched symbols with live prices"),
          element(
            "thead",
            {},
            element(
              "tr",
              {},
              HEADINGS.map(([label, kind]) => heading(label, kind)),
            ),
          ),
          body,
        ),
      ),
    ),
    provenance: { ...sharesProvenance(snapshot), rows: Number.NaN },
    fileName: "watchlist",
    hasPicture: false,
    data: () => ({
      symbol: symbols,
      price: symbols.map((symbol) => livePrice(live.board, symbol)?.price ?? stored.get(symbol)?.close),
      change: symbols.map((symbol) => livePrice(live.board, symbol)?.change ?? stored.get(symbol)?.changes["1d"]),
      volume: symbols.map((symbol) => livePrice(live.board, symbol)?.volume ?? stored.get(symbol)?.volume),
    }),
  });
  whileShown<ReadonlySet<string>>(
    figure,
    (listener) => live.changes.add(listener),
    (changed) => {
      for (const symbol of changed) rows.get(symbol)?.show(live);
    },
  );
  whileShown<void>(
    figure,
    (listener) => live.restarts.add(listener),
    () => {
      for (const row of rows.values()) row.show(live);
    },
  );
  const provenance = { ...sharesProvenance(snapshot), rows: Number.NaN };
  followFace(live, figure, () => {
    const face = liveFace(live.state.value, Date.now());
    markFigure(figure, face);
    // The badge says of when live prices are; rows that are not live show their own days.
    showSource(figure, face ? { ...provenance, asOf: "", source: `live feed over ${provenance.source}` } : provenance);
  });
  arrange();
  return Object.defineProperty(figure, "value", {
    get: () => symbols.join(","),
    set: (text: string) => {
      symbols = parseWatchlist(text);
      arrange();
    },
  }) as unknown as Control<string>;

  function change(next: readonly string[]): void {
    symbols = [...next];
    arrange();
    figure.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function arrange(): void {
    for (const [symbol, row] of rows) {
      if (symbols.includes(symbol)) continue;
      row.leave();
      rows.delete(symbol);
    }
    for (const symbol of symbols) {
      if (rows.has(symbol)) continue;
      const row = watchedRow(symbol, stored.get(symbol), live.want(`market:${symbol}`), () =>
        change(withoutSymbol(symbols, symbol)),
      );
      rows.set(symbol, row);
      row.show(live);
    }
    const focused = document.activeElement;
    body.replaceChildren(...symbols.flatMap((symbol) => rows.get(symbol)?.node ?? []));
    if (symbols.length === 0) {
      const text = "Nothing is watched: add a symbol below";
      body.append(element("tr", {}, element("td", { colspan: HEADINGS.length, class: "table-none" }, text)));
    }
    if (focused instanceof HTMLElement && body.contains(focused)) focused.focus();
  }

  function onKey(event: KeyboardEvent): void {
    const symbol = (event.target as Element).closest("tr")?.dataset.symbol;
    if (!symbol) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
    if (event.altKey && step) {
      event.preventDefault();
      change(movedSymbol(symbols, symbol, step));
    } else if (event.key === "Delete") {
      const next = symbols[symbols.indexOf(symbol) + 1] ?? symbols[symbols.indexOf(symbol) - 1];
      change(withoutSymbol(symbols, symbol));
      body.querySelector<HTMLElement>(`tr[data-symbol="${next}"] a`)?.focus();
    }
  }
}

const HEADINGS = [
  ["Symbol", "symbol"],
  ["Last", "number"],
  ["Change", "number"],
  ["Bid", "number column-secondary"],
  ["Offer", "number column-secondary"],
  ["Volume", "number"],
  ["Time", "number"],
  ["", "text"],
] as const;

function heading(label: string, kind: string): HTMLElement {
  return element("th", { scope: "col", class: `column-${kind}` }, label);
}

interface WatchedRow {
  readonly node: HTMLTableRowElement;
  show(live: LiveMarket): void;
  leave(): void;
}

function watchedRow(
  symbol: string,
  stored: SnapshotRow | undefined,
  leave: () => void,
  remove: () => void,
): WatchedRow {
  const number = (extra = "") => element("td", { class: `column-number ${extra}` });
  const [last, change, bid, offer, volume, time] = [
    number(),
    number(),
    number("column-secondary"),
    number("column-secondary"),
    number(),
    number(),
  ];
  const currency = stored?.currency ?? "VND";
  const node = element(
    "tr",
    { "data-symbol": symbol },
    element(
      "th",
      { scope: "row", class: "column-symbol" },
      element("a", { href: symbolHref(symbol), title: stored?.name ?? symbol }, symbol),
    ),
    [last, change, bid, offer, volume, time],
    element(
      "td",
      {},
      element(
        "button",
        { type: "button", class: "row-remove", onclick: remove, "aria-label": `Stop watching ${symbol}` },
        "×",
      ),
    ),
  );
  return { node, show, leave };

  function show(live: LiveMarket): void {
    const now = livePrice(live.board, symbol);
    const quote = live.board.quote(symbol as SymbolQuote["symbol"]);
    const moved = now?.change ?? stored?.changes["1d"] ?? Number.NaN;
    const direction = directionClass(moved);
    showText(last, formatPrice(now?.price ?? stored?.close ?? Number.NaN, currency));
    change.textContent = `${directionMark(moved)} ${formatChange(moved)}`;
    change.className = `column-number ${direction}`;
    bid.textContent = level(quote?.bids[0]?.price, currency);
    offer.textContent = level(quote?.asks[0]?.price, currency);
    volume.textContent = formatCompact(now?.volume ?? stored?.volume ?? Number.NaN);
    time.textContent = now ? formatTime(now.eventTimeMs) : formatDay(stored?.dayMs ?? Number.NaN);
    node.classList.toggle("stored", now === undefined);
    last.title = limitInWords(quote, now?.price);
    last.classList.toggle("at-limit", last.title !== "");
  }
}

function level(price: number | undefined, currency: string): string {
  return price === undefined ? "–" : formatPrice(price, currency);
}

function limitInWords(quote: SymbolQuote | undefined, price: number | undefined): string {
  if (!quote || price === undefined) return "";
  if (price >= quote.ceiling) return "at the ceiling price of the day";
  return price <= quote.floor ? "at the floor price of the day" : "";
}
