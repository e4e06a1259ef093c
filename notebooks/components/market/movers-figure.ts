import { element } from "../element.js";
import { directionClass, formatChange, formatPrice } from "../format/number-format.js";
import { figureFrame } from "../frame/figure-frame.js";
import type { Provenance } from "../frame/provenance.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { sparkline } from "../table/sparkline.js";
import { type ChangePeriod, periodInWords } from "./change-period.js";
import type { SnapshotRow } from "./market-snapshot.js";

const SHOWN_ON_EACH_SIDE = 7;

/** The largest changes up and down among shares that traded on the market's day. */
export function moversFigure(shares: readonly SnapshotRow[], period: ChangePeriod, provenance: Provenance): Node {
  const ranked = shares
    .filter((share) => Number.isFinite(share.changes[period]))
    .sort((a, b) => b.changes[period] - a.changes[period]);
  const [best, worst] = [ranked[0], ranked.at(-1)];
  if (!best || !worst) return document.createDocumentFragment();
  const up = ranked.slice(0, SHOWN_ON_EACH_SIDE).filter((share) => share.changes[period] > 0);
  const down = ranked
    .slice(-SHOWN_ON_EACH_SIDE)
    .filter((share) => share.changes[period] < 0)
    .reverse();
  const shown = [...up, ...down];
  const body = element(
    "div",
    { class: "movers" },
    [up, down].map((side) =>
      element(
        "ol",
        {},
        side.map((share) => mover(share, period)),
      ),
    ),
  );
  return figureFrame({
    title: `${best.symbol} gained most, ${worst.symbol} lost most`,
    subtitle: `largest changes ${periodInWords(period)}; last close; 60 closes`,
    body,
    provenance,
    fileName: `movers-${period}`,
    hasPicture: false,
    data: () => ({
      symbol: shown.map(({ symbol }) => symbol),
      close: shown.map(({ close }) => close),
      change: shown.map((share) => share.changes[period]),
    }),
  });
}

function mover(share: SnapshotRow, period: ChangePeriod): HTMLElement {
  const change = share.changes[period];
  return element(
    "li",
    {},
    element("a", { href: symbolHref(share.symbol), title: share.name ?? share.symbol }, share.symbol),
    sparkline(share.recentCloses, { width: 72, height: 18 }),
    element("span", { class: "number" }, formatPrice(share.close, share.currency)),
    element("span", { class: `number ${directionClass(change)}` }, formatChange(change)),
  );
}
