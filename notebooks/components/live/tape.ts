import type { Tick } from "../../engine/live-market/market-event.js";
import { segmentedControl } from "../controls/segmented-control.js";
import { element } from "../element.js";
import { formatCompact, formatNumber, formatPrice } from "../format/number-format.js";
import { formatTime } from "../format/time-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import { symbolHref } from "../navigation/symbol-link.js";
import type { LiveMarket } from "./live.js";
import { followFace, markFigure } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import type { LiveState } from "./live-state.js";
import { OVERLAP_MS, pastStretch, pause, STORED_WITHIN_MS } from "./past-opening.js";
import { SeenTicks } from "./seen-ticks.js";
import { whileShown } from "./shown-element.js";
import { askStoredTicks, type StoredTicksQuestion } from "./stored-ticks.js";

const SHOWN_ROWS = 60;
/** Kept for the download. */
const KEPT_TICKS = 5_000;
/** How far back trades stand in the tape of one symbol when its page is opened. */
const PAST_MS = 15 * 60_000;

const SIDES = {
  B: { mark: "▲", word: "bought", className: "gain" },
  S: { mark: "▼", word: "sold", className: "loss" },
  U: { mark: "•", word: "side unknown", className: "flat" },
} as const;

const SIZES = [
  { value: "0", label: "All" },
  { value: "100000000", label: "≥ 100M" },
  { value: "1000000000", label: "≥ 1bn" },
] as const;

/**
 * Time and sales: trades as they come, newest first. `symbol` is that of a page with one symbol, whose trades need not
 * name it; those of the minutes before the page was opened stand below.
 */
export function tape(
  live: LiveMarket,
  {
    channel,
    symbol,
    height = 440,
    currencyOf = () => "VND",
  }: {
    readonly channel: string;
    readonly symbol?: string;
    readonly height?: number;
    readonly currencyOf?: (symbol: string) => string;
  },
): HTMLElement {
  let leastValue = 0;
  let isHeld = false;
  let kept: Tick[] = [];
  let waiting: Tick[] = [];
  let isFrameAsked = false;
  let asking: AbortController | undefined;
  let seen: SeenTicks | undefined;
  const rows: TapeRow[] = [];
  const list = element("ol", { class: "tape-rows", "aria-live": "off" });
  const nothing = element("p", { class: "muted tape-none" }, "No trade yet. Trades stand here as they come in.");
  const size = segmentedControl({ label: "Value of a trade", segments: SIZES, value: "0" });
  size.addEventListener("input", (event) => {
    event.stopPropagation();
    leastValue = Number(size.value);
    showAll();
  });
  const hold = element(
    "button",
    { type: "button", class: "button", "aria-pressed": "false", onclick: toggleHold },
    "Hold",
  );
  const frame = element(
    "div",
    { class: "tape-frame", style: `height:${height}px`, tabindex: "0", role: "region", "aria-label": "Time and sales" },
    list,
    nothing,
  );
  const figure = figureFrame({
    title: symbol ? `Trades of ${symbol}` : "Tape",
    subtitle: `time and sales, newest first: time, ${symbol ? "" : "symbol, "}price, quantity, who crossed the spread${symbol ? "" : ", value"}`,
    body: element(
      "div",
      { class: symbol ? "tape tape-of-one" : "tape" },
      element("div", { class: "tape-tools" }, !symbol && size, hold),
      frame,
    ),
    provenance: { source: "trades of the stream", asOf: "", rows: Number.NaN, dataset: "market", excluded: "" },
    fileName: symbol ? `trades-${symbol}` : "tape",
    hasPicture: false,
    data: () => ({
      time: kept.map(({ eventTimeMs }) => new Date(eventTimeMs).toISOString()),
      symbol: kept.map((tick) => tick.symbol),
      board: kept.map(({ board }) => board),
      price: kept.map(({ price }) => price),
      quantity: kept.map(({ quantity }) => quantity),
      side: kept.map(({ side }) => side),
    }),
  });
  const leave = live.want(channel);
  whileShown<{ ticks: readonly Tick[] }>(
    figure,
    (listener) => {
      const stop = live.ticks.add(listener);
      return () => {
        stop();
        leave();
      };
    },
    ({ ticks }) => take(symbol ? ticks.filter((tick) => tick.symbol === symbol) : ticks),
  );
  whileShown<void>(figure, (listener) => live.restarts.add(listener), clear);
  if (symbol) {
    whileShown<LiveState>(
      figure,
      (listener) => live.state.follow(listener),
      (state) => void askPast(symbol, state),
    );
  }
  followFace(live, figure, () => markFigure(figure, liveFace(live.state.value, Date.now())));
  return figure;

  function take(ticks: readonly Tick[]): void {
    const fresh = seen?.unseen(ticks) ?? ticks;
    if (fresh.length === 0) return;
    waiting.push(...fresh);
    if (waiting.length > KEPT_TICKS) waiting = waiting.slice(-KEPT_TICKS);
    if (isFrameAsked) return;
    isFrameAsked = true;
    requestAnimationFrame(show);
  }

  function show(): void {
    isFrameAsked = false;
    const fresh = waiting;
    waiting = [];
    kept.push(...fresh);
    if (kept.length > 2 * KEPT_TICKS) kept = kept.slice(-KEPT_TICKS);
    if (isHeld) return;
    put(fresh.filter(isWanted).slice(-SHOWN_ROWS));
  }

  /** Once, and again for what was not yet stored the first time; without an answer the tape has what is streamed. */
  async function askPast(symbol: string, state: LiveState): Promise<void> {
    const stretch = asking ? undefined : pastStretch(state, PAST_MS, Date.now());
    if (!stretch) return;
    asking = new AbortController();
    const { signal } = asking;
    seen = new SeenTicks(stretch.toMs);
    seen.unseen([...kept, ...waiting]);
    try {
      await putBelow({ ...stretch, symbol, signal });
      await pause(STORED_WITHIN_MS, signal);
      await putBelow({ ...stretch, fromMs: stretch.lastMs - OVERLAP_MS, symbol, signal });
    } catch {
      // Stays with the trades that are streamed.
    }
  }

  async function putBelow(question: StoredTicksQuestion): Promise<void> {
    let past: Tick[] = [];
    for await (const page of askStoredTicks(question)) past = [...past, ...page].slice(-KEPT_TICKS);
    const unseen = question.signal.aborted ? [] : (seen?.unseen(past) ?? []);
    if (unseen.length === 0) return;
    kept = [...unseen, ...kept, ...waiting].sort((a, b) => a.eventTimeMs - b.eventTimeMs);
    waiting = [];
    if (!isHeld) showAll();
  }

  function put(ticks: readonly Tick[]): void {
    for (const tick of ticks) {
      const row = rows.length < SHOWN_ROWS ? tapeRow(symbol === undefined) : (rows.shift() as TapeRow);
      row.show(tick, currencyOf(tick.symbol));
      rows.push(row);
      list.prepend(row.node);
    }
    nothing.hidden = rows.length > 0;
  }

  function showAll(): void {
    list.replaceChildren();
    rows.length = 0;
    put(kept.filter(isWanted).slice(-SHOWN_ROWS));
    if (rows.length === 0 && kept.length > 0) nothing.textContent = "No trade as large as that yet.";
  }

  function clear(): void {
    asking?.abort();
    asking = undefined;
    seen = undefined;
    kept = [];
    waiting = [];
    showAll();
  }

  function toggleHold(): void {
    isHeld = !isHeld;
    hold.setAttribute("aria-pressed", String(isHeld));
    hold.textContent = isHeld ? "Go on" : "Hold";
    frame.classList.toggle("held", isHeld);
    if (!isHeld) showAll();
  }

  function isWanted({ price, quantity }: Tick): boolean {
    return price * quantity >= leastValue;
  }
}

interface TapeRow {
  readonly node: HTMLElement;
  show(tick: Tick, currency: string): void;
}

function tapeRow(hasSymbol: boolean): TapeRow {
  const cell = () => element("span", { class: "number" });
  const [time, price, quantity, side, value] = [cell(), cell(), cell(), cell(), cell()];
  const link = element("a", {});
  const node = element("li", {}, time, hasSymbol && link, price, quantity, side, hasSymbol && value);
  return {
    node,
    show(tick, currency) {
      const { mark, word, className } = SIDES[tick.side];
      time.textContent = formatTime(tick.eventTimeMs);
      link.textContent = tick.symbol;
      link.href = symbolHref(tick.symbol);
      price.textContent = formatPrice(tick.price, currency);
      quantity.textContent = formatNumber(tick.quantity, 0);
      side.textContent = mark;
      side.title = word;
      value.textContent = formatCompact(tick.price * tick.quantity);
      node.className = tick.isBackfill ? "backfilled" : "";
      side.className = price.className = `number ${className}`;
      node.title = tick.isBackfill
        ? "fetched afterwards, in the place of a missed trade"
        : `${word}, board ${tick.board}`;
    },
  };
}
