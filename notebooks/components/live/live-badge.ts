import { element } from "../element.js";
import { type Provenance, provenanceLine, shortSource } from "../frame/provenance.js";
import { stateBadge } from "../frame/state-badge.js";
import type { LiveMarket } from "./live.js";
import { type LiveFace, liveFace } from "./live-face.js";
import { eachSecond, whileShown } from "./shown-element.js";

/** The state of the page's numbers, with as-of time and age; `snapshot` is shown where nothing moves. */
export function liveBadge(live: LiveMarket, snapshot: Node | undefined): HTMLElement {
  const place = element("span", { class: "live-badge" });
  const announcement = element("span", { class: "visually-hidden", role: "status" });
  const badgePlace = element("span", {});
  place.append(badgePlace, announcement);
  let shown: string | undefined;
  let announced: string | undefined;
  const show = () => {
    const face = liveFace(live.state.value, Date.now());
    const text = face ? `${face.badge} ${face.detail}` : "snapshot";
    if (text !== shown) {
      shown = text;
      if (face) badgePlace.replaceChildren(faceBadge(face));
      else badgePlace.replaceChildren(...(snapshot ? [snapshot] : []));
    }
    const badge = badgePlace.querySelector<HTMLElement>(".state-badge");
    if (face && badge && badge.title !== face.sentence) badge.title = face.sentence;
    if (face && face.badge !== announced) {
      if (announced !== undefined) announcement.textContent = face.spoken;
      announced = face.badge;
    }
  };
  followFace(live, place, show);
  return place;
}

/** Calls `show` now, when the state of the stream changes, and every second, since ages grow. */
export function followFace(live: LiveMarket, node: Element, show: () => void): void {
  whileShown(node, (listener) => live.state.follow(listener), show);
  whileShown<void>(node, eachSecond, show);
}

/**
 * Marks a figure with the state of its numbers: an attribute, by which stale numbers lose their colour, and a badge
 * with the age in its footer.
 */
export function markFigure(figure: Element, face: LiveFace | undefined): void {
  if (face) figure.setAttribute("data-live", face.badge);
  else figure.removeAttribute("data-live");
  const footer = figure.querySelector(":scope > .figure-footer");
  const old = footer?.querySelector(":scope > .figure-live");
  if (!face) old?.remove();
  else {
    const mark = element("span", { class: "figure-live" }, faceBadge(face, face.short));
    if (old) {
      if (
        old.textContent !== mark.textContent ||
        old.firstElementChild?.className !== mark.firstElementChild?.className
      )
        old.replaceWith(mark);
    } else footer?.prepend(mark);
  }
}

/** Writes the line below a figure that is not drawn anew. */
export function showSource(figure: Element, provenance: Provenance): void {
  const line = figure.querySelector(":scope > .figure-footer > .figure-source");
  const text = provenanceLine({ ...provenance, source: shortSource(provenance.source) });
  if (line && line.textContent !== text) line.textContent = text;
}

function faceBadge(face: LiveFace, detail = face.detail): HTMLElement {
  const badge = stateBadge(face.badge, detail);
  badge.title = face.sentence;
  return badge;
}
