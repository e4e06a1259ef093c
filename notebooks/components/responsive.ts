import { element } from "./element.js";

/**
 * Draws `render` at the width of its place and again when that width changes. The height is held from the
 * start, so the page does not move when the drawing arrives. `label` says in words what the drawing shows.
 */
export function responsive(height: number, render: (width: number) => Node, label: string): HTMLElement {
  const place = element("div", {
    class: "responsive",
    style: `min-height:${height}px`,
    role: "img",
    "aria-label": label,
  });
  let drawnWidth = 0;
  const observer = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width === drawnWidth || width === 0) return;
    drawnWidth = width;
    place.replaceChildren(render(width));
  });
  observer.observe(place);
  return place;
}
