import { WorkbenchError } from "../../errors.js";
import type { NodeImplementation, Parameters } from "../node-handler.js";
import type { HttpAnswer } from "../node-services.js";
import { isObject, jsonOf, tableOfJson } from "./json-table.js";
import { aBoolean, aNumber, aTable, aText, gives } from "./step-outputs.js";
import { flagOf, invalidParameter, symbolOf, textOf } from "./step-parameters.js";
import { cellsOf } from "./table-columns.js";

/** A JSON object of texts. @throws ARGUMENT_INVALID */
export function headersOf(parameters: Parameters): Readonly<Record<string, string>> {
  const { headers } = parameters;
  if (isObject(headers) && Object.values(headers).every((value) => typeof value === "string")) {
    return headers as Readonly<Record<string, string>>;
  }
  throw invalidParameter("headers", headers, "a JSON object of texts");
}

/** @throws HTTP_REQUEST_FAILED for a status of 400 or more */
export function requireSuccess({ status, text }: HttpAnswer, url: string): void {
  if (status < 400) return;
  throw new WorkbenchError("HTTP_REQUEST_FAILED", `${new URL(url).host} answered ${status}: ${text.slice(0, 200)}`, {
    details: { status },
  });
}

export const DOCUMENT_HANDLERS: Readonly<Record<string, NodeImplementation>> = {
  "data.exposure": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const exposures = await services.studies.exposure(symbolOf(parameters), asOfMs, signal);
      const factor = textOf(parameters, "factor");
      const row = factor === "" ? -1 : cellsOf(exposures, "factor", "exposures").indexOf(factor);
      const exposure = row < 0 ? undefined : cellsOf(exposures, "exposure", "exposures")[row];
      return gives(
        { exposures: aTable(exposures), exposure: typeof exposure === "number" ? aNumber(exposure) : undefined },
        factor !== "" && row < 0 ? { note: `no path from ${factor}` } : {},
      );
    },
  },
  "data.lead-lag": {
    async run(parameters, _inputs, { services, asOfMs, signal }) {
      const source = symbolOf(parameters, "source");
      const target = symbolOf(parameters, "target");
      const finding = await services.studies.leadLag(source, target, asOfMs, signal);
      if (!finding) return gives({ found: aBoolean(false) }, { note: `no study of ${source} and ${target}` });
      return gives({
        found: aBoolean(finding.verdict === "lead-found"),
        lagDays: aNumber(finding.lagDays),
        correlation: aNumber(finding.correlation),
        q: aNumber(finding.q),
        verdict: aText(finding.verdict),
      });
    },
  },
  "data.file": {
    run: async (parameters, _inputs, { services, signal }) =>
      gives({ table: aTable(await services.documents.file(textOf(parameters, "name"), signal)) }),
  },
  "data.sql": {
    run: async (parameters, _inputs, { services, asOfMs, signal }) =>
      gives({ table: aTable(await services.documents.query(textOf(parameters, "statement"), asOfMs, signal)) }),
  },
  "data.http": {
    async run(parameters, _inputs, { services, signal }) {
      const url = textOf(parameters, "url");
      const answer = await services.http.request({ method: "GET", url, headers: headersOf(parameters) }, signal);
      if (!flagOf(parameters, "acceptFailures")) requireSuccess(answer, url);
      const json = jsonOf(answer.text);
      const table = json === undefined ? undefined : tableOfJson(json);
      return gives({
        text: aText(answer.text),
        table: table && table.columns.length > 0 ? aTable(table) : undefined,
        status: aNumber(answer.status),
      });
    },
  },
};
