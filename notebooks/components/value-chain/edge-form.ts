import { edgeIdOf } from "../../engine/value-chain/element-ids.js";
import type { ValueChainEdge, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { CONFIDENCES, EDGE_KINDS, type ValueChain } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import { CONFIDENCE_LABELS, EDGE_KIND_LABELS, signInWords } from "./chain-words.js";
import { fieldComplaints } from "./field-complaints.js";

const FIELDS = [
  "sourceId",
  "targetId",
  "kind",
  "sign",
  "confidence",
  "rationale",
  "source",
  "sourceDate",
  "validFrom",
  "validTo",
] as const;
type FieldName = (typeof FIELDS)[number];

const LABELS: Readonly<Record<FieldName, string>> = {
  sourceId: "From, what moves",
  targetId: "To, what is moved",
  kind: "Kind",
  sign: "Sign",
  confidence: "Confidence",
  rationale: "Why",
  source: "Source",
  sourceDate: "Date of the source",
  validFrom: "Holds from",
  validTo: "Holds to",
};

/** The fields of an edge. Its own id stays; a new edge gets one from its ends and kind. */
export class EdgeForm {
  readonly element = element("form", { class: "edge-form", novalidate: true });
  readonly #inputs: Readonly<Record<FieldName, HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>>;
  readonly #problems = new Map<string, HTMLElement>();
  readonly #chain: ValueChain;
  #edge: ValueChainEdge | undefined;

  constructor(chain: ValueChain) {
    this.#chain = chain;
    const nodes = [...chain.nodes].sort((a, b) => a.name.localeCompare(b.name));
    const nodeOptions = () => nodes.map(({ id, name, symbol }) => option(id, symbol ? `${name} (${symbol})` : name));
    this.#inputs = {
      sourceId: element("select", {}, nodeOptions()),
      targetId: element("select", {}, nodeOptions()),
      kind: element(
        "select",
        {},
        EDGE_KINDS.map((kind) => option(kind, EDGE_KIND_LABELS[kind])),
      ),
      sign: element(
        "select",
        {},
        ([1, -1, 0] as const).map((sign) => option(String(sign), signInWords(sign))),
      ),
      confidence: element(
        "select",
        {},
        CONFIDENCES.map((each) => option(each, CONFIDENCE_LABELS[each])),
      ),
      rationale: element("textarea", { rows: 3 }),
      source: element("input", { type: "text" }),
      sourceDate: dayInput(),
      validFrom: dayInput(),
      validTo: dayInput(),
    };
    this.element.append(...FIELDS.map((name) => this.#field(name)));
  }

  /** The edge that is being changed; `undefined` for a new one. */
  get edge(): ValueChainEdge | undefined {
    return this.#edge;
  }

  /** Fills the fields from an edge, or for a new edge that begins at a node. */
  fill(edge: ValueChainEdge | undefined, from?: ValueChainNode): void {
    this.#edge = edge;
    for (const name of FIELDS) this.#inputs[name].value = String(edge?.[name] ?? DEFAULTS[name] ?? "");
    if (!edge && from) this.#inputs.sourceId.value = from.id;
    this.complain("");
    this.#inputs[edge ? "rationale" : "targetId"].focus();
  }

  /** What the fields say now, unchecked: the workbench checks it. */
  read(): ValueChainEdge {
    const text = (name: FieldName) => this.#inputs[name].value.trim();
    const said = Object.fromEntries(FIELDS.map((name) => [name, text(name) || undefined]));
    const edge = { ...said, rationale: text("rationale"), source: text("source"), sign: Number(text("sign")) };
    return { ...edge, id: this.#edge?.id ?? this.#freshId() } as ValueChainEdge;
  }

  /** Shows a refusal, each part at its field; returns what belongs to none. "" clears all. */
  complain(message: string): string {
    const { byField, other } = fieldComplaints(message, FIELDS);
    for (const name of FIELDS) {
      const problem = this.#problems.get(name);
      if (problem) problem.textContent = byField.get(name) ?? "";
      this.#inputs[name].setAttribute("aria-invalid", String(byField.has(name)));
    }
    const first = FIELDS.find((name) => byField.has(name));
    if (first) this.#inputs[first].focus();
    return byField.size > 0 ? "" : other;
  }

  #freshId(): string {
    const { sourceId, targetId, kind } = this.#inputs;
    const id = edgeIdOf(...([sourceId.value, targetId.value, kind.value] as Parameters<typeof edgeIdOf>));
    const taken = new Set(this.#chain.edges.map((edge) => edge.id as string));
    let fresh: string = id;
    for (let count = 2; taken.has(fresh); count++) fresh = `${id}--${count}`;
    return fresh;
  }

  #field(name: FieldName): HTMLElement {
    const input = this.#inputs[name];
    const problem = element("span", { class: "field-problem", role: "alert", id: `edge-${name}-problem` });
    input.setAttribute("aria-describedby", problem.id);
    this.#problems.set(name, problem);
    return element("label", { class: `field edge-form-${name}` }, LABELS[name], input, problem);
  }
}

const DEFAULTS: Readonly<Partial<Record<FieldName, string>>> = {
  kind: "input-of",
  sign: "1",
  confidence: "medium",
};

function option(value: string, label: string): HTMLOptionElement {
  return element("option", { value }, label);
}

function dayInput(): HTMLInputElement {
  return element("input", {
    type: "text",
    class: "date-input",
    inputmode: "numeric",
    placeholder: "YYYY-MM-DD",
    maxlength: 10,
    autocomplete: "off",
  });
}
