import { element } from "../element.js";
import { parseDay } from "../format/date-format.js";
import type { Control } from "./address-state.js";

/**
 * A day, written `YYYY-MM-DD` whatever the reader's locale: the browser's own field would show it in the order of the
 * locale. An entry that is no day between `min` and `max` goes back to the last one, and the field says what it takes.
 */
export function dateField({ label, value, min, max }: { label: string; value: string; min: string; max: string }) {
  const accepted = `${min} to ${max}`;
  const input = element("input", {
    type: "text",
    class: "date-input",
    value,
    inputmode: "numeric",
    pattern: "\\d{4}-\\d{2}-\\d{2}",
    maxlength: 10,
    autocomplete: "off",
    spellcheck: "false",
    title: `a day as YYYY-MM-DD, ${accepted}`,
  });
  const problem = element("span", { class: "field-problem", role: "alert" });
  const read = () => {
    const day = input.value.trim();
    const isAccepted = Number.isFinite(parseDay(day)) && day >= min && day <= max;
    problem.textContent = isAccepted ? "" : `“${day}” is no day as YYYY-MM-DD from ${accepted}`;
    return isAccepted ? day : undefined;
  };
  return labelled(label, input, value, read, "change", problem);
}

/** A whole number on a slider with its value beside it. */
export function sliderField({
  label,
  value,
  min,
  max,
  unit = "",
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  unit?: string;
}): Control<number> {
  const input = element("input", { type: "range", value, min, max, step: 1 });
  const output = element("output", {}, `${value}${unit}`);
  const field = labelled(label, input, value, () => Number(input.value), "input", output);
  const show = () => {
    output.textContent = `${input.value}${unit}`.replace("-", "−");
  };
  input.addEventListener("input", show);
  field.addEventListener("value-set", show);
  show();
  return field;
}

/** An instrument by symbol or name, with the browser's own suggestions; an unknown entry goes back to the last one. */
export function symbolField({
  label,
  value,
  instruments,
}: {
  label: string;
  value: string;
  instruments: readonly { readonly symbol: string; readonly name: string | null }[];
}): Control<string> {
  const listId = `symbols-${label.toLowerCase().replaceAll(/\W+/g, "-")}`;
  const options = instruments.map(({ symbol, name }) => element("option", { value: symbol }, name ?? ""));
  const input = element("input", { type: "text", value, list: listId, autocomplete: "off", spellcheck: "false" });
  const known = new Set(instruments.map(({ symbol }) => symbol));
  const read = () => {
    const symbol = input.value.trim().toUpperCase();
    return known.has(symbol) ? symbol : undefined;
  };
  input.addEventListener("focus", () => input.select());
  return labelled(label, input, value, read, "change", element("datalist", { id: listId }, options));
}

function labelled<Value extends string | number>(
  label: string,
  input: HTMLInputElement,
  initial: Value,
  read: () => Value | undefined,
  eventName: "input" | "change",
  ...beside: readonly Node[]
): Control<Value> {
  let last = initial;
  const field = element("label", { class: "field" }, label, element("span", { class: "field-row" }, input, ...beside));
  input.addEventListener("input", (event) => event.stopPropagation());
  input.addEventListener(eventName, () => {
    const value = read();
    if (value === undefined) input.value = String(last);
    else if (value !== last) {
      last = value;
      input.value = String(value);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  return Object.defineProperty(field, "value", {
    get: () => last,
    set: (value: Value) => {
      input.value = String(value);
      last = read() ?? last;
      input.value = String(last);
      field.dispatchEvent(new Event("value-set"));
    },
  }) as unknown as Control<Value>;
}
