import { element } from "../element.js";
import type { Control } from "./address-state.js";

/** One choice of many, as the browser's own list. */
export function selectField<Value extends string>({
  label,
  options,
  value,
}: {
  label: string;
  options: readonly { readonly value: Value; readonly label: string }[];
  value: Value;
}): Control<Value> {
  const select = element(
    "select",
    {},
    options.map((option) => element("option", { value: option.value }, option.label)),
  );
  select.value = value;
  const field = element("label", { class: "field" }, label, select);
  return Object.defineProperty(field, "value", {
    get: () => select.value as Value,
    set: (wanted: Value) => {
      if (options.some((option) => option.value === wanted)) select.value = wanted;
    },
  }) as unknown as Control<Value>;
}
