import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import { directionClass, directionMark, formatChange, formatMoney, formatPrice } from "../format/number-format.js";
import type { SnapshotRow } from "../market/market-snapshot.js";

/** The line below a symbol's name: last close and change, then what is known about the instrument. */
export function symbolHeading(row: SnapshotRow): HTMLElement {
  const change = row.changes["1d"];
  const facts = [
    row.exchange,
    row.sector,
    row.industry !== row.sector && row.industry,
    row.marketCap > 0 && `market cap ${formatMoney(row.marketCap, row.currency)}`,
    row.currency !== "XXX" && row.currency,
    `last day ${formatDay(row.dayMs)}`,
  ];
  return element(
    "span",
    { class: "symbol-heading" },
    element("b", { class: "number" }, formatPrice(row.close, row.currency)),
    element(
      "span",
      { class: `number ${directionClass(change)}` },
      ` ${directionMark(change)} ${formatChange(change)} `,
    ),
    element("span", { class: "muted" }, facts.filter(Boolean).join(" · ")),
  );
}
