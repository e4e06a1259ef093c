import type { TradingDate } from "../../engine/units/trading-date.js";
import type { ValueChainEdge, ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";
import type { ChainEditor } from "./chain-editor.js";
import type { ChangeOutcome } from "./companion.js";
import { EdgeForm } from "./edge-form.js";

interface EditingOptions {
  /** The day offered as the last one on which an edge holds that is retired. */
  readonly lastDay: () => string;
  readonly onSaved: (edgeId: string) => void;
}

/** Adding, changing and retiring edges, where a workbench answers; elsewhere one line that says how to. */
export class EditingPanel {
  readonly element = element("section", { class: "chain-editing", "aria-label": "Editing" });
  readonly #editor: ChainEditor;
  readonly #options: EditingOptions;
  readonly #status = element("p", { class: "chain-status", role: "status" });
  readonly #place = element("div");
  readonly #undo = button("Undo the last change", () => this.#send(this.#editor.undo(), "Taken back"));
  #form: EdgeForm | undefined;

  constructor(editor: ChainEditor, options: EditingOptions) {
    this.#editor = editor;
    this.#options = options;
    editor.follow(() => this.#show());
  }

  /** Buttons for what is chosen; they appear once a workbench has answered. */
  toolsFor(chosen: ValueChainNode | ValueChainEdge): HTMLElement {
    const tool =
      "sourceId" in chosen
        ? button("Edit this edge", () => this.#open(chosen))
        : button("Add an edge from here", () => this.#open(undefined, chosen));
    const stop = this.#editor.follow(() => {
      tool.hidden = !this.#editor.isEditable;
      if (this.#editor.isEditable) queueMicrotask(() => stop());
    });
    return tool;
  }

  #show(): void {
    if (!this.#editor.isEditable) {
      const how = "This copy is for reading. To edit, open the page from a running workbench: ";
      this.element.replaceChildren(element("p", { class: "muted" }, how, element("code", {}, "npm start")));
      return;
    }
    this.#undo.hidden = !this.#editor.canUndo;
    const tools = element(
      "div",
      { class: "chain-tools" },
      button("Add an edge", () => this.#open(undefined)),
      this.#undo,
      downloads(),
    );
    this.element.replaceChildren(element("h2", {}, "Edit"), tools, this.#status, this.#place);
  }

  #open(edge: ValueChainEdge | undefined, from?: ValueChainNode): void {
    const form = new EdgeForm(this.#editor.chain);
    this.#form = form;
    const lastDay = element("input", {
      type: "text",
      class: "date-input",
      value: this.#options.lastDay(),
      maxlength: 10,
    });
    const retire = button("Retire", () => edge && this.#retire(edge, lastDay.value.trim()));
    const actions = element(
      "div",
      { class: "chain-tools" },
      element("button", { type: "submit", class: "button button-main" }, edge ? "Save the change" : "Add the edge"),
      button("Cancel", () => this.#close("")),
      edge && element("label", { class: "field" }, "Last day on which it holds", lastDay),
      edge && retire,
    );
    form.element.append(actions);
    form.element.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#save(form);
    });
    const title = edge ? `Change ${edge.id}` : "A new edge";
    this.#status.textContent = "";
    this.#place.replaceChildren(element("h3", {}, title), form.element);
    form.fill(edge, from);
    this.element.scrollIntoView({ block: "nearest" });
  }

  async #save(form: EdgeForm): Promise<void> {
    const edge = form.read();
    const kind = form.edge ? "change-edge" : "add-edge";
    await this.#send(this.#editor.change({ kind, edge }), form.edge ? "Changed" : "Added", edge.id);
  }

  async #retire({ id }: ValueChainEdge, lastDay: string): Promise<void> {
    const change = this.#editor.change({ kind: "retire-edge", id, lastDay: lastDay as TradingDate });
    await this.#send(change, `Retired after ${lastDay}`);
  }

  async #send(sent: Promise<ChangeOutcome>, done: string, edgeId = ""): Promise<void> {
    this.#form?.complain("");
    this.#status.textContent = "Saving …";
    const outcome = await sent;
    if (outcome.kind === "done") {
      this.#close(`${done}. Revision ${outcome.changed.revision}.`);
      if (edgeId !== "") this.#options.onSaved(edgeId);
    } else if (outcome.kind === "conflict") {
      this.#status.replaceChildren(
        `Not saved: someone changed this meanwhile (${outcome.message}). What you wrote is kept. `,
        button("Load the newest graph", () => void this.#reload()),
      );
    } else if (outcome.kind === "refused") {
      const rest = this.#form?.complain(outcome.message) ?? outcome.message;
      this.#status.textContent = `Not saved${rest ? `: ${rest}` : ", see the marked fields"} (${outcome.code})`;
    } else this.#status.textContent = "Not saved: the workbench does not answer. What you wrote is kept.";
  }

  async #reload(): Promise<void> {
    await this.#editor.reload();
    this.#status.textContent = "The newest graph is loaded. Save again to write over it, or cancel.";
  }

  #close(status: string): void {
    this.#form = undefined;
    this.#place.replaceChildren();
    this.#status.textContent = status;
  }
}

function button(label: string, act: () => unknown): HTMLButtonElement {
  return element("button", { type: "button", class: "button", onclick: () => void act() }, label);
}

function downloads(): HTMLElement {
  const link = (format: string, label: string) =>
    element("a", { href: `/api/value-chain/export?format=${format}`, download: "" }, label);
  return element(
    "span",
    { class: "muted" },
    "Export ",
    link("csv", "CSV"),
    " · ",
    link("json", "JSON"),
    " · ",
    link("graphml", "GraphML"),
  );
}
