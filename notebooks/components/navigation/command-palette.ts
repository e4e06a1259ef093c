import { FileAttachment } from "observablehq:stdlib";
import { textColumn } from "../arrow-columns.js";
import { element } from "../element.js";
import {
  currentPalette,
  currentTheme,
  GAIN_LOSS_LABELS,
  GAIN_LOSS_PALETTES,
  setPalette,
  setTheme,
  THEMES,
} from "../look/appearance.js";
import { type PaletteEntry, rankEntries } from "./palette-ranking.js";
import { symbolHref } from "./symbol-link.js";

let symbolEntries: PaletteEntry[] | undefined;

/**
 * Opens the palette on `/` and on Ctrl-K (or Command-K), except while the reader is typing in a field. It listens
 * first, because Framework's own search field wants the same keys.
 */
export function registerPaletteKeys(): void {
  const onKey = (event: KeyboardEvent) => {
    const isShortcut = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (!isShortcut && (event.key !== "/" || isTyping(event.target))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    openCommandPalette();
  };
  addEventListener("keydown", onKey, { capture: true });
}

/** A dialog over pages, symbols and commands; arrow keys choose, Enter goes. */
export function openCommandPalette(): void {
  if (document.querySelector("dialog.palette")) return;
  let matches: PaletteEntry[] = [];
  let selected = 0;
  const input = element("input", {
    type: "text",
    placeholder: "Page, symbol or command",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": "palette-list",
    "aria-label": "Page, symbol or command",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => search(),
    onkeydown: onKey,
  });
  const list = element("ul", { id: "palette-list", role: "listbox" });
  const hint = element("p", { class: "palette-hint" }, "↑ ↓ to choose · Enter to go · Esc to close");
  const dialog = element("dialog", { class: "palette", "aria-label": "Go to" }, input, list, hint);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  search();
  void loadSymbols().then(search);

  function search(): void {
    matches = rankEntries([...pageEntries(), ...(symbolEntries ?? []), ...commandEntries()], input.value);
    selected = 0;
    list.replaceChildren(...matches.map((entry, index) => listItem(entry, index)));
    if (matches.length === 0) list.append(element("li", { class: "muted" }, "", "Nothing found"));
    showSelected();
  }

  function listItem(entry: PaletteEntry, index: number): HTMLElement {
    return element(
      "li",
      { role: "option", id: `palette-${index}`, onclick: () => choose(index) },
      element("span", { class: "palette-kind" }, entry.kind),
      element("span", { class: "palette-label" }, entry.label),
      element("span", { class: "palette-detail" }, entry.detail),
    );
  }

  function showSelected(): void {
    Array.from(list.children).forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === selected));
    });
    list.children[selected]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `palette-${selected}`);
  }

  function choose(index: number): void {
    dialog.close();
    matches[index]?.run();
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && matches.length > 0) {
      event.preventDefault();
      selected = (selected + step + matches.length) % matches.length;
      showSelected();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(selected);
    }
  }
}

function pageEntries(): PaletteEntry[] {
  const links = document.querySelectorAll<HTMLAnchorElement>("#observablehq-sidebar a[href]");
  return Array.from(links, (link) => ({
    kind: "page",
    label: link.textContent?.trim() ?? "",
    detail: link.closest("section, details")?.querySelector("summary")?.textContent?.trim() ?? "",
    run: () => location.assign(link.href),
  }));
}

function commandEntries(): PaletteEntry[] {
  const themes = THEMES.filter((theme) => theme !== currentTheme());
  const palettes = GAIN_LOSS_PALETTES.filter((palette) => palette !== currentPalette());
  return [
    ...themes.map((theme) => command(`Use the ${theme} theme`, "look", () => setTheme(theme))),
    ...palettes.map((palette) =>
      command(`Gains and losses: ${GAIN_LOSS_LABELS[palette]}`, "look", () => setPalette(palette)),
    ),
    command("Copy a link to this view", "address", () => void navigator.clipboard.writeText(location.href)),
    command("Print or save as PDF", "page", () => print()),
  ];
}

function command(label: string, detail: string, run: () => void): PaletteEntry {
  return { kind: "command", label, detail, run };
}

async function loadSymbols(): Promise<void> {
  if (symbolEntries) return;
  const table = await FileAttachment("../../data/instruments.arrow").arrow();
  const names = textColumn(table, "name");
  const exchanges = textColumn(table, "exchange");
  symbolEntries = textColumn(table, "symbol").map((symbol, index) => ({
    kind: "symbol",
    label: symbol ?? "",
    detail: [names[index] !== symbol && names[index], exchanges[index]].filter(Boolean).join(" · "),
    run: () => location.assign(symbolHref(symbol ?? "")),
  }));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"));
}
