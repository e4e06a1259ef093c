import type { LiveMarket } from "./live.js";
import { followFace, markFigure } from "./live-badge.js";
import { liveFace } from "./live-face.js";
import { morph } from "./morph.js";
import { whileShown } from "./shown-element.js";

const REDRAW_MS = 1_000;

/**
 * A node that is drawn again, in place, from numbers that move: at most once in `everyMs`, and not while the page is
 * hidden. It carries the mark of its state.
 */
export function liveNode(live: LiveMarket, draw: () => Node, { everyMs = REDRAW_MS } = {}): Node {
  const node = draw();
  if (!(node instanceof Element)) return node;
  let lastMs = Number.NEGATIVE_INFINITY;
  let isRedrawAsked = false;
  const redraw = () => {
    isRedrawAsked = false;
    lastMs = performance.now();
    const next = draw();
    if (!(next instanceof Element) || !node.isConnected) return;
    markFigure(next, liveFace(live.state.value, Date.now()));
    morph(node, next);
  };
  const redrawSoon = () => {
    if (!isRedrawAsked) setTimeout(redraw, Math.max(0, lastMs + everyMs - performance.now()));
    isRedrawAsked = true;
  };
  whileShown(node, (listener) => live.changes.add(listener), redrawSoon);
  whileShown(node, (listener) => live.restarts.add(listener), redrawSoon);
  followFace(live, node, () => markFigure(node, liveFace(live.state.value, Date.now())));
  return node;
}
