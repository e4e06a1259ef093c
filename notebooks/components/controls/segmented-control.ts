import { element } from "../element.js";
import type { Control } from "./address-state.js";

interface Segment<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One choice of a few, as adjoining buttons; arrow keys move between them. */
export function segmentedControl<Value extends string>({
  label,
  segments,
  value: initial,
}: {
  label: string;
  segments: readonly Segment<Value>[];
  value: Value;
}): Control<Value> {
  let selected = initial;
  const buttons = segments.map((segment) =>
    element("button", { type: "button", role: "radio", onclick: () => choose(segment.value) }, segment.label),
  );
  const group = element(
    "div",
    { class: "segments", role: "radiogroup", "aria-label": label, onkeydown: move },
    buttons,
  );
  show();
  return Object.defineProperty(group, "value", {
    get: () => selected,
    set: (value: Value) => {
      if (!segments.some((segment) => segment.value === value)) return;
      selected = value;
      show();
    },
  }) as unknown as Control<Value>;

  function choose(value: Value): void {
    if (value === selected) return;
    selected = value;
    show();
    group.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(): void {
    segments.forEach((segment, index) => {
      const isSelected = segment.value === selected;
      buttons[index]?.setAttribute("aria-checked", String(isSelected));
      buttons[index]?.setAttribute("tabindex", isSelected ? "0" : "-1");
    });
  }

  function move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = segments.findIndex((segment) => segment.value === selected);
    const next = (from + step + segments.length) % segments.length;
    const segment = segments[next];
    if (segment) choose(segment.value);
    buttons[next]?.focus();
  }
}
