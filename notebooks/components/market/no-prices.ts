import { emptyState } from "../frame/state-block.js";

/** The empty state of a page about prices: what will stand here, and the commands that bring it. */
export function noPrices(what: string): HTMLElement {
  return emptyState({
    isWholePage: true,
    title: "No prices yet",
    reason: `${what} will stand here. Import price files, or load the simulated demo market:`,
  });
}
