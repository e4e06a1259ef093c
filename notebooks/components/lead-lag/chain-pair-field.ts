import type { Control } from "../controls/address-state.js";
import { element } from "../element.js";
import type { ChainPair } from "./chain-pairs.js";

/** The pairs of the value chain as a list; a choice is put into the two symbol fields, which stay what counts. */
export function chainPairField(
  pairs: readonly ChainPair[],
  source: Control<string>,
  target: Control<string>,
): HTMLElement | null {
  if (pairs.length === 0) return null;
  const select = element(
    "select",
    { class: "chain-pair", onchange: choose },
    element("option", { value: "" }, `${pairs.length} pairs with a reason …`),
    pairs.map(({ label }, index) => element("option", { value: index }, label)),
  );
  for (const field of [source, target]) field.addEventListener("input", show);
  show();
  return element("label", { class: "field" }, "From the value chain", select);

  function show(): void {
    const index = pairs.findIndex((pair) => pair.source === source.value && pair.target === target.value);
    select.value = index === -1 ? "" : String(index);
  }

  function choose(event: Event): void {
    event.stopPropagation();
    const pair = pairs[Number(select.value)];
    if (select.value === "" || !pair) return;
    source.value = pair.source;
    target.value = pair.target;
    for (const field of [source, target]) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
