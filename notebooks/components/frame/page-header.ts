import { element } from "../element.js";
import type { LiveMarket } from "../live/live.js";
import { liveBadge } from "../live/live-badge.js";
import { rewindBar } from "../live/rewind-bar.js";
import { currentTheme, onAppearanceChange, restoreAppearance, setTheme } from "../look/appearance.js";
import { openCommandPalette, registerPaletteKeys } from "../navigation/command-palette.js";
import { DEMO_REMOVE_COMMAND } from "./demo-commands.js";
import type { Provenance } from "./provenance.js";
import { stateBadge } from "./state-badge.js";

let isPrepared = false;

/**
 * The head of every page: its name, the state of its data, the answer in a sentence, and the two tools.
 * A page of the demo market says so across its whole width, before anything is read, also where nothing is found.
 */
export function pageHeader({
  title,
  lede,
  provenance,
  live,
}: {
  title: string;
  /** What the page says today, computed from its data. */
  lede?: string | Node;
  provenance?: Provenance;
  /** Where the page's numbers can move: its state stands in the place of the snapshot's, with the way to the past. */
  live?: LiveMarket;
}): HTMLElement {
  preparePage();
  const isSimulated = provenance?.dataset === "simulated";
  const hasRows = provenance !== undefined && provenance.rows > 0;
  const rewind = live && rewindBar(live);
  const snapshot = provenance?.asOf ? stateBadge("snapshot", `as of ${provenance.asOf}`) : undefined;
  return element(
    "header",
    { class: "page-header" },
    element(
      "div",
      { class: "page-header-title" },
      element("h1", {}, title),
      live ? liveBadge(live, snapshot) : snapshot,
      isSimulated && stateBadge("simulated"),
      hasRows &&
        element("span", { class: "page-header-zone" }, live ? "times in Ho Chi Minh City" : "days in Ho Chi Minh City"),
    ),
    element("div", { class: "page-header-tools" }, rewind?.button, searchButton(), themeButton()),
    isSimulated && simulatedBanner(),
    lede && element(lede instanceof Node ? "div" : "p", { class: "page-header-lede" }, lede),
    rewind?.bar,
  );
}

function simulatedBanner(): HTMLElement {
  return element(
    "aside",
    { class: "simulated-banner" },
    element("strong", {}, "Simulated data"),
    element("span", {}, "The names are real, every price is generated. Import real prices, then "),
    element("code", {}, DEMO_REMOVE_COMMAND),
  );
}

function searchButton(): HTMLElement {
  return element(
    "button",
    {
      type: "button",
      class: "button",
      onclick: () => openCommandPalette(),
      title: "Search pages, symbols and commands",
    },
    "Go to",
    element("kbd", {}, "/"),
  );
}

function themeButton(): HTMLElement {
  const button = element("button", {
    type: "button",
    class: "button",
    onclick: () => setTheme(currentTheme() === "dark" ? "light" : "dark"),
  });
  const show = () => {
    button.textContent = currentTheme() === "dark" ? "Light" : "Dark";
    button.title = `Switch to the ${button.textContent.toLowerCase()} theme`;
  };
  onAppearanceChange(show);
  show();
  return button;
}

function preparePage(): void {
  if (isPrepared) return;
  isPrepared = true;
  restoreAppearance();
  registerPaletteKeys();
}
