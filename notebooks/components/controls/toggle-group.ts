import { element } from "../element.js";
import type { Control } from "./address-state.js";

interface Toggle {
  readonly value: string;
  readonly label: string;
}

/** Any number of a few, as adjoining buttons; the value is the chosen names joined by commas. */
export function toggleGroup({
  label,
  toggles,
  value: initial,
}: {
  label: string;
  toggles: readonly Toggle[];
  value: string;
}): Control<string> {
  let chosen = new Set(splitNames(initial));
  const buttons = toggles.map((toggle) =>
    element("button", { type: "button", onclick: () => flip(toggle.value) }, toggle.label),
  );
  const group = element("div", { class: "segments", role: "group", "aria-label": label }, buttons);
  show();
  return Object.defineProperty(group, "value", {
    get: () =>
      toggles
        .map(({ value }) => value)
        .filter((value) => chosen.has(value))
        .join(","),
    set: (value: string) => {
      chosen = new Set(splitNames(value));
      show();
    },
  }) as unknown as Control<string>;

  function flip(name: string): void {
    if (!chosen.delete(name)) chosen.add(name);
    show();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(): void {
    toggles.forEach((toggle, index) => {
      buttons[index]?.setAttribute("aria-pressed", String(chosen.has(toggle.value)));
    });
  }
}

function splitNames(text: string): string[] {
  return text.split(",").filter(Boolean);
}
