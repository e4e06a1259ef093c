import type { ValueChain, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import type { Control } from "../controls/address-state.js";
import { element } from "../element.js";
import { foldText } from "../navigation/palette-ranking.js";
import { NODE_KIND_LABELS } from "./chain-palette.js";
import { edgeSentence, nodesById } from "./chain-words.js";

const LISTED = 12;

/** The nodes whose name or symbol matches, best first: the symbol itself, a beginning, a word's beginning, any part. */
export function findNodes(nodes: readonly ValueChainNode[], query: string, limit = LISTED): ValueChainNode[] {
  const wanted = foldText(query.trim());
  if (wanted === "") return nodes.slice(0, limit);
  const score = ({ name, symbol }: ValueChainNode): number => {
    const texts = [foldText(symbol ?? ""), foldText(name)];
    if (texts.includes(wanted)) return 4;
    if (texts.some((text) => text.startsWith(wanted))) return 3;
    if (texts.some((text) => text.split(/[\s/]+/).some((word) => word.startsWith(wanted)))) return 2;
    return texts.some((text) => text.includes(wanted)) ? 1 : 0;
  };
  return nodes
    .map((node) => ({ node, score: score(node) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || a.node.name.localeCompare(b.node.name))
    .slice(0, limit)
    .map(({ node }) => node);
}

/**
 * A field that finds nodes while the reader types. Its value is the id of what is chosen on the page, a node or an
 * edge, or "": others set it too, and it then shows the name.
 */
export function chainSearch(chainNow: () => ValueChain): Control<string> {
  let chosen = "";
  let matches: ValueChainNode[] = [];
  let selected = 0;
  const list = element("ul", { id: "chain-matches", role: "listbox", hidden: true });
  const input = element("input", {
    type: "text",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": "chain-matches",
    "aria-autocomplete": "list",
    placeholder: "Name or symbol",
    autocomplete: "off",
    spellcheck: "false",
    oninput: (event: Event) => {
      event.stopPropagation();
      search();
    },
    onchange: (event: Event) => event.stopPropagation(),
    onfocus: () => input.select(),
    onblur: () => close(),
    onkeydown: onKey,
  });
  const field = element("label", { class: "field chain-search" }, "Find", input, list);
  return Object.defineProperty(field, "value", { get: () => chosen, set: show }) as unknown as Control<string>;

  function show(id: string): void {
    chosen = id;
    const chain = chainNow();
    const nodes = nodesById(chain);
    const edge = chain.edges.find((each) => each.id === id);
    const sentence = edge && edgeSentence(edge, nodes.get(edge.sourceId), nodes.get(edge.targetId));
    input.value = nodes.get(id as ValueChainNode["id"])?.name ?? sentence ?? "";
  }

  function search(): void {
    matches = findNodes(chainNow().nodes, input.value);
    selected = 0;
    list.replaceChildren(
      ...matches.map(({ name, symbol, kind }, index) =>
        element(
          "li",
          {
            role: "option",
            id: `chain-match-${index}`,
            // Before the field loses the focus, and so the list.
            onpointerdown: (event: Event) => {
              event.preventDefault();
              choose(index);
            },
          },
          element("span", {}, name),
          element("span", { class: "muted" }, symbol ?? NODE_KIND_LABELS[kind]),
        ),
      ),
    );
    if (matches.length === 0) list.append(element("li", { class: "muted" }, "Nothing found"));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark();
  }

  function mark(): void {
    Array.from(list.children).forEach((item, index) => {
      item.setAttribute("aria-selected", String(index === selected));
    });
    input.setAttribute("aria-activedescendant", `chain-match-${selected}`);
  }

  function close(): void {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    show(chosen);
  }

  function choose(index: number): void {
    const node = matches[index];
    if (!node) return;
    show(node.id);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (list.hidden) search();
      else selected = (selected + step + matches.length) % Math.max(matches.length, 1);
      mark();
    } else if (event.key === "Enter" && !list.hidden) choose(selected);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }
}
