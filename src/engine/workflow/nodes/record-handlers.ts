import type { JsonValue } from "../json-value.js";
import type { Inputs, NodeHandler, NodeImplementation, Parameters, StepContext } from "../node-handler.js";
import type { HttpAnswer, HttpCall, Notice } from "../node-services.js";
import type { TableValue } from "../port-value.js";
import { headersOf, requireSuccess } from "./document-handlers.js";
import { optionalTableAt, tableAt, valueAt } from "./step-inputs.js";
import { activeSignal, aNumber, aText, gives } from "./step-outputs.js";
import { choiceOf, textOf } from "./step-parameters.js";
import { rowOf } from "./table-columns.js";

const SHOWN_ROWS = 20;
const PORTS = ["a", "b", "c", "d"] as const;

/** A line per row, `name value` for each cell that is not empty. */
function linesOf(table: TableValue): string {
  const lines = Array.from({ length: Math.min(table.rowCount, SHOWN_ROWS) }, (_, row) =>
    Object.entries(rowOf(table, row))
      .filter(([, cell]) => cell !== null)
      .map(([name, cell]) => `${name} ${cell}`)
      .join(", "),
  );
  const more = table.rowCount - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} rows more`] : [])].join("\n");
}

function noticeOf(parameters: Parameters, inputs: Inputs, { workflowId, asOfMs }: StepContext): Notice {
  const table = optionalTableAt(inputs, "table");
  const text = textOf(parameters, "text");
  return {
    workflowId,
    severity: choiceOf<Notice["severity"]>(parameters, "severity"),
    title: textOf(parameters, "title"),
    text: [text, ...(table ? [linesOf(table)] : [])].filter((part) => part !== "").join("\n"),
    atMs: asOfMs,
  };
}

/** What came in at `a` to `d`, for later readers; of a signal its reason. */
function factsAt(inputs: Inputs): Readonly<Record<string, JsonValue>> {
  const facts: Record<string, JsonValue> = {};
  for (const port of PORTS) {
    const value = valueAt(inputs, port);
    if (value?.type === "number" || value?.type === "text" || value?.type === "boolean") facts[port] = value.value;
    if (value?.type === "signal") facts[port] = value.value.reason;
  }
  return facts;
}

const previewNotice: NodeHandler = (parameters, inputs, context) => {
  const { severity, title } = noticeOf(parameters, inputs, context);
  return gives({ done: activeSignal(`would say: ${title}`) }, { note: `dry run: ${severity}: ${title}` });
};

function callOf(parameters: Parameters, key: string): HttpCall {
  return {
    method: choiceOf<"POST" | "PUT">(parameters, "method"),
    url: textOf(parameters, "url"),
    headers: { ...headersOf(parameters), "idempotency-key": key },
    body: textOf(parameters, "body"),
  };
}

export const RECORD_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "action.notify": {
    async run(parameters, inputs, context) {
      const notice = noticeOf(parameters, inputs, context);
      await context.services.records.notify(notice, context.idempotencyKey);
      return gives({ done: activeSignal(notice.title) });
    },
    preview: previewNotice,
  },
  "action.open-incident": {
    async run(parameters, inputs, context) {
      const notice = noticeOf(parameters, inputs, context);
      await context.services.records.openIncident(notice, context.idempotencyKey);
      return gives({ done: activeSignal(notice.title) });
    },
    preview: previewNotice,
  },
  "action.write-table": {
    async run(parameters, inputs, { services, workflowId, idempotencyKey }) {
      const name = textOf(parameters, "name");
      const rows = await services.records.writeTable(workflowId, name, tableAt(inputs, "table"), idempotencyKey);
      return gives({ rows: aNumber(rows), done: activeSignal(`${rows} rows`) });
    },
    preview(parameters, inputs) {
      const { rowCount } = tableAt(inputs, "table");
      const note = `dry run: ${rowCount} rows for ${textOf(parameters, "name")}`;
      return gives({ rows: aNumber(rowCount), done: activeSignal(note) }, { note });
    },
  },
  "action.remember": {
    async run(parameters, inputs, { services, workflowId, idempotencyKey }) {
      const text = textOf(parameters, "text");
      await services.records.remember(workflowId, text, factsAt(inputs), idempotencyKey);
      return gives({ done: activeSignal(text) });
    },
    preview: (parameters) =>
      gives({ done: activeSignal(textOf(parameters, "text")) }, { note: `dry run: ${textOf(parameters, "text")}` }),
  },
  "action.call-webhook": {
    async run(parameters, _inputs, { services, signal, idempotencyKey }) {
      const call = callOf(parameters, idempotencyKey);
      const answer: HttpAnswer = await services.http.request(call, signal);
      requireSuccess(answer, call.url);
      return gives({ status: aNumber(answer.status), text: aText(answer.text) });
    },
    preview(parameters, _inputs, { idempotencyKey }) {
      const { method, url } = callOf(parameters, idempotencyKey);
      return gives({}, { note: `dry run: ${method} ${url}` });
    },
  },
};
