import type { ValueChain, ValueChainEdge, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import { formatNumber } from "../format/number-format.js";
import { symbolHref } from "../navigation/symbol-link.js";
import { factsOf, type Measurements } from "./chain-facts.js";
import { NODE_KIND_LABELS, sectorLabel } from "./chain-palette.js";
import { mostDependedOn } from "./chain-title.js";
import { edgeSentence } from "./chain-words.js";
import { edgeCard, edgeFactList } from "./edge-card.js";
import { edgeGroups } from "./edge-groups.js";
import { exposureList } from "./exposure-list.js";
import { studyLink } from "./study-link.js";

interface PanelOptions {
  readonly chain: ValueChain;
  readonly measured: Measurements;
  /** Id of the chosen node or edge, or "". */
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
  /** Further tools for a chosen edge or node, such as to edit it. */
  readonly tools?: (chosen: ValueChainNode | ValueChainEdge) => Node | undefined;
}

const LISTED = 12;

/** What is known of the chosen node or edge; with nothing chosen, where to begin. */
export function detailPanel(options: PanelOptions): HTMLElement {
  const { chain, chosen } = options;
  const node = chain.nodes.find(({ id }) => id === chosen);
  const edge = chain.edges.find(({ id }) => id === chosen);
  const content = node ? nodeDetails(node, options) : edge ? edgeDetails(edge, options) : startingPoints(options);
  return element(
    "aside",
    { class: "chain-panel", "aria-label": "What is chosen", "aria-live": "polite", tabindex: "0" },
    content,
  );
}

function nodeDetails(node: ValueChainNode, { chain, measured, onChoose, tools }: PanelOptions): HTMLElement[] {
  const facts = factsOf(chain, measured);
  const { symbol } = node;
  const place = [NODE_KIND_LABELS[node.kind], node.sector && sectorLabel(node.sector)].filter(Boolean).join(" · ");
  const groups = edgeGroups(chain, node.id).map(({ title, edges }) =>
    element(
      "section",
      {},
      element("h3", {}, title, " ", element("span", { class: "muted" }, String(edges.length))),
      element(
        "ul",
        {},
        edges.map((edge) => {
          const known = facts(edge);
          return edgeCard(known, edge.sourceId === node.id ? known.target : known.source, onChoose);
        }),
      ),
    ),
  );
  return [
    head(
      node.name,
      [place, symbol && (measured.priced.has(symbol) ? element("a", { href: symbolHref(symbol) }, symbol) : symbol)],
      onChoose,
    ),
    element("div", { class: "chain-tools" }, tools?.(node)),
    exposureList(chain, node, measured, onChoose),
    ...groups,
  ].filter((part) => part !== undefined);
}

function edgeDetails(edge: ValueChainEdge, { chain, measured, onChoose, tools }: PanelOptions): HTMLElement[] {
  const facts = factsOf(chain, measured)(edge);
  const { source, target } = facts;
  const study = studyLink(source, target, measured.priced);
  const end = (node: ValueChainNode | undefined) =>
    element("button", { type: "button", onclick: () => onChoose(node?.id ?? "") }, node?.name ?? "?");
  return [
    head(edgeSentence(edge, source, target), [element("span", {}, end(source), " → ", end(target))], onChoose),
    element("p", {}, edge.rationale),
    edgeFactList(facts),
    element(
      "div",
      { class: "chain-tools" },
      study ?? element("span", { class: "muted" }, "No study: prices of one end are missing"),
      tools?.(edge),
    ),
  ];
}

function head(title: string, under: readonly (string | Node | undefined)[], onChoose: (id: string) => void) {
  const parts = under.filter((part) => part !== undefined && part !== "");
  return element(
    "header",
    {},
    element("h2", {}, title),
    element("button", { type: "button", class: "button", "aria-label": "Close", onclick: () => onChoose("") }, "✕"),
    element(
      "p",
      { class: "muted" },
      parts.map((part, index) => [index > 0 && " · ", part as Node]),
    ),
  );
}

function startingPoints({ chain, onChoose }: PanelOptions): HTMLElement[] {
  const items = mostDependedOn(chain).slice(0, LISTED);
  return [
    element("header", {}, element("h2", {}, "Where to begin")),
    element(
      "p",
      { class: "muted" },
      "Choose a node or an edge in the picture, or one of those on which most others depend directly:",
    ),
    element(
      "ol",
      { class: "chain-ranking" },
      items.map(({ node, dependents }) =>
        element(
          "li",
          {},
          element("button", { type: "button", onclick: () => onChoose(node.id) }, node.name),
          element("span", { class: "number muted" }, formatNumber(dependents, 0)),
        ),
      ),
    ),
  ];
}
