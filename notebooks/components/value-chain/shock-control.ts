import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import type { Control } from "../controls/address-state.js";
import { element } from "../element.js";
import { mostDependedOn } from "./chain-title.js";
import { isShock, SHOCK_SIZES, type Shock } from "./shock.js";

/** `iron-ore:10` as a shock; `undefined` for "" and for what is none. */
export function parseShock(text: string): Shock | undefined {
  const [nodeId = "", size = ""] = text.split(":");
  const percent = Number(size);
  return nodeId !== "" && size !== "" && isShock(percent) ? { nodeId, percent } : undefined;
}

/** A node and a size in percent. The value is `iron-ore:10`, or "" for no shock. */
export function shockControl(chain: ValueChain): Control<string> {
  const nodes = mostDependedOn(chain).map(({ node }) => node);
  const select = element(
    "select",
    { onchange: tell, oninput: hush },
    element("option", { value: "" }, "No shock"),
    nodes.map(({ id, name }) => element("option", { value: id }, name)),
  );
  const size = element("input", {
    type: "number",
    value: "10",
    min: "-100",
    max: "1000",
    step: "any",
    list: "chain-shock-sizes",
    "aria-label": "Size of the shock in percent",
    onchange: tell,
    oninput: hush,
  });
  const sizes = SHOCK_SIZES.map((percent) => element("option", { value: String(percent) }));
  const problem = element("span", { class: "field-problem", role: "alert" });
  const clear = element("button", { type: "button", class: "button", onclick: () => choose("") }, "Clear");
  const group = element(
    "div",
    { class: "chain-shock", role: "group", "aria-label": "Shock" },
    element("label", { class: "field" }, "If this moves", select),
    element("label", { class: "field" }, "by, in percent", size),
    element("datalist", { id: "chain-shock-sizes" }, sizes),
    clear,
    problem,
  );
  return Object.defineProperty(group, "value", {
    get: () => (select.value !== "" && isShock(size.valueAsNumber) ? `${select.value}:${size.valueAsNumber}` : ""),
    set: (text: string) => {
      const shock = parseShock(text);
      select.value = nodes.some(({ id }) => id === shock?.nodeId) ? (shock?.nodeId ?? "") : "";
      if (shock) size.value = String(shock.percent);
    },
  }) as unknown as Control<string>;

  function choose(nodeId: string): void {
    select.value = nodeId;
    tell();
  }

  function hush(event: Event): void {
    event.stopPropagation();
  }

  function tell(): void {
    const isAccepted = isShock(size.valueAsNumber);
    problem.textContent = isAccepted ? "" : "a percentage from −100 to 1000 other than 0";
    if (isAccepted) group.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
