import { element } from "../element.js";

/** The commands that fill a page, named in every empty state. */
export const IMPORT_COMMAND = "npm run quantflow -- import <files>";
export const DEMO_COMMAND = "npm run quantflow -- demo load";

/** What would be here, and the command that brings it. */
export function emptyState({
  title,
  reason,
  commands = [IMPORT_COMMAND, DEMO_COMMAND],
  isWholePage = false,
}: {
  title: string;
  reason: string;
  commands?: readonly string[];
  /** Nothing else of the page has anything to show, and is hidden. */
  isWholePage?: boolean;
}): HTMLElement {
  return element(
    "section",
    { class: `state-block state-block-empty ${isWholePage ? "state-block-whole-page" : ""}` },
    element("p", { class: "state-block-title" }, title),
    element("p", { class: "muted" }, reason),
    commands.length > 0 && element("pre", {}, element("code", {}, commands.join("\n"))),
  );
}

/** Holds the place, at the height of what is coming, so that nothing jumps. */
export function loadingState(what: string, height = 160): HTMLElement {
  return element(
    "section",
    { class: "state-block state-block-loading", role: "status", style: `min-height:${height}px` },
    element("p", { class: "muted" }, `Loading ${what}`),
  );
}

/** Says how old the numbers are, and why that matters. */
export function staleState({ asOf, reason }: { asOf: string; reason: string }): HTMLElement {
  return element(
    "section",
    { class: "state-block state-block-stale", role: "status" },
    element("p", { class: "state-block-title" }, `Last data of ${asOf}`),
    element("p", { class: "muted" }, reason),
  );
}

/** What happened, what was kept, what to do, and the code. */
export function errorState({
  title,
  kept,
  action,
  code,
}: {
  title: string;
  kept: string;
  action: string;
  code: string;
}): HTMLElement {
  return element(
    "section",
    { class: "state-block state-block-error", role: "alert" },
    element("p", { class: "state-block-title" }, title),
    element("p", {}, kept),
    element("p", {}, action),
    element("p", { class: "muted" }, element("code", {}, code)),
  );
}
