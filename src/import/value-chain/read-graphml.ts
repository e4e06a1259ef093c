import { SaxesParser, type SaxesTagNS } from "saxes";
import { WorkbenchError } from "../../engine/errors.js";
import type { FoundProblem } from "../../engine/value-chain/value-chain-problems.js";
import { edgeOfTexts, nodeOfTexts } from "./draft-of-texts.js";
import { EDGE_COLUMNS, NODE_COLUMNS } from "./element-columns.js";
import type { ValueChainFile } from "./value-chain-file.js";
import { GRAPHML_NAMESPACE, STRUCTURAL_COLUMNS } from "./write-graphml.js";

type Element = "node" | "edge";

interface OpenElement {
  readonly element: Element;
  readonly place: string;
  readonly texts: Map<string, string>;
}

const COLUMNS: Readonly<Record<Element, readonly string[]>> = {
  node: Object.values(NODE_COLUMNS).filter((column) => !STRUCTURAL_COLUMNS.has(column)),
  edge: Object.values(EDGE_COLUMNS).filter((column) => !STRUCTURAL_COLUMNS.has(column)),
};

/** Which element may stand in which. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  graphml: [""],
  key: ["graphml"],
  graph: ["graphml"],
  node: ["graph"],
  edge: ["graph"],
  data: ["node", "edge"],
};

/**
 * Reads GraphML as `writeGraphml` writes it: one directed graph, whose keys are named like the columns of CSV. Other
 * keys, elements and a document type are problems, none is skipped.
 * @throws VALUE_CHAIN_INVALID for what is not well-formed XML or not GraphML
 */
export function readGraphml({ name, text }: { name: string; text: string }): ValueChainFile {
  const reader = new GraphmlReader(name);
  reader.read(text);
  const of = (element: Element) => reader.elements.filter((each) => each.element === element);
  const textOf =
    ({ texts }: OpenElement) =>
    (column: string) =>
      texts.get(column) ?? "";
  return {
    draft: {
      nodes: of("node").map((each) => nodeOfTexts(textOf(each))),
      edges: of("edge").map((each) => edgeOfTexts(textOf(each))),
    },
    nodePlaces: of("node").map(({ place }) => place),
    edgePlaces: of("edge").map(({ place }) => place),
    problems: reader.problems,
  };
}

class GraphmlReader {
  readonly elements: OpenElement[] = [];
  readonly problems: FoundProblem[] = [];
  readonly #name: string;
  readonly #parser = new SaxesParser({ xmlns: true });
  readonly #path: string[] = [];
  /** Column of each key, by the element it is for and its id. */
  readonly #keys = new Map<string, string>();
  #graphs = 0;
  #column: string | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#parser.on("error", (error) => {
      throw this.#notGraphml(error.message.replace(/^\d+:\d+: /, ""));
    });
    this.#parser.on("doctype", () => this.#problem("a document type (accepted: none)"));
    this.#parser.on("opentag", (tag) => this.#open(tag));
    this.#parser.on("closetag", () => {
      this.#path.pop();
      this.#column = undefined;
    });
    this.#parser.on("text", (text) => this.#text(text));
    this.#parser.on("cdata", (text) => this.#text(text));
  }

  read(text: string): void {
    this.#parser.write(text).close();
    if (this.#graphs !== 1 && this.problems.length === 0) throw this.#notGraphml(`${this.#graphs} graphs`);
  }

  #open(tag: SaxesTagNS): void {
    const parent = this.#path.at(-1) ?? "";
    this.#path.push(tag.local);
    if (parent === "" && tag.local !== "graphml") throw this.#notGraphml(`the root is ${tag.name}`);
    if (!PARENTS[tag.local]?.includes(parent) || (tag.uri !== "" && tag.uri !== GRAPHML_NAMESPACE)) {
      this.#problem(
        `element ${tag.name} in ${parent} (accepted: ${Object.keys(PARENTS).join(", ")}, each in its place)`,
      );
      return;
    }
    const attribute = (name: string) => tag.attributes[name]?.value ?? "";
    if (tag.local === "key") this.#key(attribute);
    else if (tag.local === "graph") this.#graph(attribute("edgedefault"));
    else if (tag.local === "data") this.#data(attribute("key"));
    else if (tag.local === "node") this.#element("node", [["id", attribute("id")]]);
    else if (tag.local === "edge") {
      if (attribute("directed") === "false") this.#problem("an undirected edge (accepted: directed ones)");
      this.#element("edge", [
        ["id", attribute("id")],
        ["source_id", attribute("source")],
        ["target_id", attribute("target")],
      ]);
    }
  }

  #key(attribute: (name: string) => string): void {
    const column = attribute("attr.name");
    const element = attribute("for");
    if ((element === "node" || element === "edge") && COLUMNS[element].includes(column)) {
      this.#keys.set(`${element} ${attribute("id")}`, column);
    } else {
      const accepted = Object.entries(COLUMNS).map(([each, columns]) => `for ${each}: ${columns.join(", ")}`);
      this.#problem(`key ${JSON.stringify(column)} for ${JSON.stringify(element)} (accepted: ${accepted.join("; ")})`);
    }
  }

  #graph(edgeDefault: string): void {
    this.#graphs++;
    if (this.#graphs > 1) this.#problem("a second graph (accepted: one)");
    if (edgeDefault !== "directed") {
      this.#problem(`invalid edgedefault: ${JSON.stringify(edgeDefault)} (accepted: directed)`);
    }
  }

  #element(element: Element, attributes: readonly (readonly [string, string])[]): void {
    this.elements.push({ element, place: this.#place(), texts: new Map(attributes) });
  }

  #data(key: string): void {
    const open = this.elements.at(-1)!;
    const column = this.#keys.get(`${open.element} ${key}`);
    if (column === undefined) this.#problem(`unknown key ${JSON.stringify(key)} (accepted: a key of this file)`);
    else if (open.texts.has(column)) this.#problem(`key ${JSON.stringify(key)} twice`);
    else {
      open.texts.set(column, "");
      this.#column = column;
    }
  }

  #text(text: string): void {
    if (this.#column !== undefined) {
      const { texts } = this.elements.at(-1)!;
      texts.set(this.#column, texts.get(this.#column)! + text);
    } else if (text.trim() !== "" && this.#path.at(-1) !== "data")
      this.#problem(`text outside data: ${JSON.stringify(text.trim().slice(0, 40))}`);
  }

  #place(): string {
    return `${this.#name} line ${this.#parser.line}`;
  }

  #problem(message: string): void {
    this.problems.push({ place: this.#place(), message });
  }

  #notGraphml(reason: string): WorkbenchError {
    return new WorkbenchError(
      "VALUE_CHAIN_INVALID",
      `invalid value chain, ${this.#place()} is not GraphML: ${reason} (accepted: well-formed XML with one directed graph)`,
    );
  }
}
