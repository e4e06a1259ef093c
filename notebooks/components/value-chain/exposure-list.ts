import { exposuresOf } from "../../engine/value-chain/exposure.js";
import type { ValueChain, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { buildValueChainGraph } from "../../engine/value-chain/value-chain-graph.js";
import { element } from "../element.js";
import { directionClass, formatSigned } from "../format/number-format.js";
import type { Measurements } from "./chain-facts.js";
import { nodesById } from "./chain-words.js";

const LISTED = 6;
const MOST_PATHS = 5_000;

/** What moves a node most along the graph, with 95% intervals; `undefined` for one that nothing points to. */
export function exposureList(
  chain: ValueChain,
  { id }: ValueChainNode,
  { betas }: Measurements,
  onChoose: (id: string) => void,
): HTMLElement | undefined {
  const graph = buildValueChainGraph(chain);
  const { exposures, capped } = exposuresOf(graph, id, { measured: betas, maxLength: 3, maxPaths: MOST_PATHS });
  if (exposures.length === 0) return undefined;
  const nodes = nodesById(chain);
  return element(
    "section",
    {},
    element("h3", {}, "Most exposed to"),
    element(
      "table",
      { class: "chain-exposures" },
      element("caption", { class: "visually-hidden" }, "Exposures along the graph"),
      element(
        "tbody",
        {},
        exposures
          .slice(0, LISTED)
          .map(({ factorId, coefficient, low, high, basis }) =>
            element(
              "tr",
              {},
              element(
                "th",
                { scope: "row" },
                element(
                  "button",
                  { type: "button", onclick: () => onChoose(factorId) },
                  nodes.get(factorId)?.name ?? "",
                ),
              ),
              element("td", { class: directionClass(coefficient) }, formatSigned(coefficient)),
              element("td", { class: "muted" }, `${formatSigned(low)} to ${formatSigned(high)}`),
              element("td", { class: "muted" }, basis),
            ),
          ),
      ),
    ),
    element(
      "p",
      { class: "muted" },
      `Per 1% of each, up to three steps, 95% interval; assumed betas are judgements.${capped ? " The search ended early." : ""}`,
    ),
  );
}
