import { element } from "../element.js";
import { formatChange, formatMoney, formatPrice } from "../format/number-format.js";
import { onAppearanceChange } from "../look/appearance.js";
import type { ChangePeriod } from "../market/change-period.js";
import { periodInWords } from "../market/change-period.js";
import type { SnapshotRow } from "../market/market-snapshot.js";
import { NO_SECTOR } from "../market/no-sector.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { type DrawnHeatmap, drawHeatmap, type HeatmapShare } from "./draw-heatmap.js";
import { type HeatmapLayout, heatmapLayout } from "./heatmap-layout.js";
import { type Direction, neighbouringTile, tileAt } from "./tile-navigation.js";

interface HeatmapOptions {
  readonly period: ChangePeriod;
  readonly weights: Float64Array;
  /** Change at which the colour is fullest, as a fraction. */
  readonly limit: number;
}

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** A heatmap whose tiles can change their colours while it stands. */
export interface Heatmap {
  readonly node: HTMLElement;
  /** Takes over rows that changed, each in the place of the one with its symbol. Sizes stay as they are. */
  update(changed: readonly SnapshotRow[]): void;
  /** Takes the colours away while the numbers are old. */
  mute(isMuted: boolean): void;
}

/**
 * The market as tiles: sector, then share, by size and colour. A pointer shows a share's figures; so do the arrow
 * keys, and Enter or a second tap opens its page.
 */
export function heatmap(initialRows: readonly SnapshotRow[], { period, weights, limit }: HeatmapOptions): Heatmap {
  const rows = [...initialRows];
  const places = new Map(rows.map(({ symbol }, index) => [symbol, index]));
  const shares = rows.map(
    (row): HeatmapShare => ({ symbol: row.symbol, sector: row.sector ?? NO_SECTOR, change: row.changes[period] }),
  );
  let drawn: DrawnHeatmap | undefined;
  let isMuted = false;
  let layout: HeatmapLayout = { tiles: [], sectors: [] };
  let chosen = -1;
  const canvas = element("canvas", { "aria-hidden": "true" });
  const outline = element("div", { class: "heatmap-outline", hidden: true });
  const tooltip = element("div", { class: "heatmap-tooltip", hidden: true });
  const announcement = element("div", { class: "visually-hidden", role: "status" });
  const plate = element(
    "div",
    {
      class: "heatmap",
      tabindex: "0",
      role: "application",
      "aria-roledescription": "heatmap",
      "aria-label": `${shares.length} shares by sector. Arrow keys move between shares, Enter opens one. The same figures stand in the table below.`,
      onkeydown: onKey,
      onpointermove: onPointer,
      onpointerleave: () => choose(-1),
      onblur: () => choose(-1),
      onclick: onClick,
    },
    canvas,
    outline,
    tooltip,
    announcement,
  );
  let size = { width: 0, height: 0 };
  const draw = () => {
    drawn = drawHeatmap(canvas, shares, layout, { ...size, limit, isMuted });
  };
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === 0 || width === size.width) return;
    size = { width, height: heightFor(width) };
    layout = heatmapLayout(shares, weights, size.width, size.height);
    draw();
  }).observe(plate);
  const stopFollowing = onAppearanceChange(() => (plate.isConnected ? draw() : stopFollowing()));
  void loadPlateFonts().then(() => {
    if (size.width > 0) draw();
  });
  return { node: plate, update, mute };

  function update(changed: readonly SnapshotRow[]): void {
    const recolored: number[] = [];
    for (const row of changed) {
      const index = places.get(row.symbol);
      const share = index === undefined ? undefined : shares[index];
      if (index === undefined || !share) continue;
      rows[index] = row;
      const change = row.changes[period];
      if (Object.is(change, share.change)) continue;
      shares[index] = { ...share, change };
      recolored.push(index);
    }
    drawn?.recolor(recolored);
    const row = recolored.includes(chosen) ? rows[chosen] : undefined;
    if (row) tooltip.replaceChildren(...tooltipLines(row, period));
  }

  function mute(next: boolean): void {
    if (next === isMuted) return;
    isMuted = next;
    if (size.width > 0) draw();
  }

  function choose(index: number): void {
    if (index === chosen) return;
    chosen = index;
    const tile = layout.tiles[index];
    const row = rows[index];
    outline.hidden = tooltip.hidden = !tile;
    if (!tile || !row) return;
    Object.assign(outline.style, {
      transform: `translate(${tile.x}px, ${tile.y}px)`,
      width: `${tile.width - 1}px`,
      height: `${tile.height - 1}px`,
    });
    tooltip.replaceChildren(...tooltipLines(row, period));
    const left = tile.x + tile.width / 2 > size.width / 2 ? tile.x - tooltip.offsetWidth - 6 : tile.x + tile.width + 6;
    const top = Math.min(tile.y, size.height - tooltip.offsetHeight);
    const visibleLeft = Math.min(Math.max(left, 0), Math.max(0, size.width - tooltip.offsetWidth));
    tooltip.style.transform = `translate(${visibleLeft}px, ${Math.max(top, 0)}px)`;
    announcement.textContent = `${row.symbol}, ${row.sector ?? NO_SECTOR}, ${formatChange(row.changes[period])}`;
  }

  function onPointer(event: PointerEvent): void {
    const place = plate.getBoundingClientRect();
    choose(tileAt(layout.tiles, event.clientX - place.left, event.clientY - place.top));
  }

  function onClick(event: PointerEvent): void {
    const before = chosen;
    onPointer(event);
    if (event.pointerType === "mouse" || (before === chosen && chosen >= 0)) open();
  }

  function onKey(event: KeyboardEvent): void {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      event.preventDefault();
      choose(chosen < 0 ? 0 : neighbouringTile(layout.tiles, chosen, direction));
    } else if (event.key === "Enter") open();
    else if (event.key === "Escape") choose(-1);
  }

  function open(): void {
    const row = rows[chosen];
    if (row) location.assign(symbolHref(row.symbol));
  }
}

/** A canvas does not wait for its typeface; the sample asks for the Vietnamese letters too. */
function loadPlateFonts(): Promise<unknown> {
  return document.fonts.load(`600 12px ${getComputedStyle(document.body).fontFamily}`, "Aắđ₫");
}

function heightFor(width: number): number {
  return Math.round(width < 640 ? width * 1.6 : Math.min(Math.max(width * 0.56, 420), 720));
}

function tooltipLines(row: SnapshotRow, period: ChangePeriod): Node[] {
  const facts: [string, string][] = [
    [`Change ${periodInWords(period)}`, formatChange(row.changes[period])],
    ["Last", formatPrice(row.close, row.currency)],
    ["Market cap", formatMoney(row.marketCap, row.currency)],
    ["Traded value", formatMoney(row.tradedValue, row.currency)],
    ["Sector", row.sector ?? NO_SECTOR],
  ];
  return [
    element("b", {}, row.symbol),
    element("div", { class: "muted" }, row.name ?? ""),
    element(
      "dl",
      {},
      facts.map(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]),
    ),
  ];
}
