import type { Control } from "../controls/address-state.js";
import { element } from "../element.js";
import { EXAMPLE_QUERIES, type ExampleQuery } from "./example-queries.js";

export interface SqlEditor {
  /** The text in it, for the address; says `input` when a query is started. */
  readonly control: Control<string>;
  showRunning(isRunning: boolean): void;
  onRun(listener: (sql: string) => void): void;
  onCancel(listener: () => void): void;
}

/** A field for SQL with examples to start from. Ctrl-Enter runs, Escape cancels a query that runs. */
export function sqlEditor(first: ExampleQuery): SqlEditor {
  let isRunning = false;
  let run: (sql: string) => void = () => {};
  let cancel: () => void = () => {};
  const field = element("textarea", {
    class: "sql",
    rows: 9,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    "aria-label": "SQL; Control and Enter run it",
    onkeydown: onKey,
  });
  field.value = first.sql;
  const button = element("button", {
    type: "button",
    class: "button sql-run",
    onclick: () => (isRunning ? cancel() : start()),
  });
  const status = element("span", { class: "muted number sql-status", role: "status" });
  const examples = element(
    "div",
    { class: "sql-examples", role: "group", "aria-label": "Examples" },
    EXAMPLE_QUERIES.map((example) =>
      element(
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => choose(example),
          title: example.isLive ? "on the trades of the stream" : "on stored data",
        },
        example.isLive && element("span", { class: "sql-live", "aria-hidden": "true" }, "●"),
        example.label,
      ),
    ),
  );
  const node = element(
    "div",
    { class: "sql-editor" },
    examples,
    field,
    element(
      "div",
      { class: "sql-tools" },
      button,
      element("span", { class: "muted sql-keys" }, "Ctrl + Enter"),
      status,
    ),
  );
  let timer: ReturnType<typeof setInterval> | undefined;
  showRunning(false);
  const control = Object.defineProperty(node, "value", {
    get: () => field.value,
    set: (sql: string) => {
      field.value = sql;
    },
  }) as unknown as Control<string>;
  field.addEventListener("input", (event) => event.stopPropagation());
  return {
    control,
    showRunning,
    onRun: (listener) => {
      run = listener;
    },
    onCancel: (listener) => {
      cancel = listener;
    },
  };

  function start(): void {
    if (isRunning || field.value.trim() === "") return;
    node.dispatchEvent(new Event("input", { bubbles: true }));
    run(field.value);
  }

  function choose({ sql }: ExampleQuery): void {
    if (isRunning) cancel();
    field.value = sql;
    start();
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      start();
    } else if (event.key === "Escape" && isRunning) cancel();
  }

  function showRunning(next: boolean): void {
    isRunning = next;
    button.textContent = next ? "Cancel" : "▶ Run";
    node.classList.toggle("running", next);
    clearInterval(timer);
    status.textContent = "";
    if (!next) return;
    const startedMs = performance.now();
    timer = setInterval(() => {
      status.textContent = `running for ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
    }, 200);
  }
}
