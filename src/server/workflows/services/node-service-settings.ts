import { z } from "zod";
import { WorkbenchError } from "../../../engine/errors.js";
import type { Environment } from "../../../store/database-settings.js";
import { type HttpSettings, readHttpSettings } from "./http/http-settings.js";

const CASH_ACCEPTED = "accepted: a whole number of dong from 0 to 1000000000000000";

const paperEnvironment = z.object({
  PAPER_BROKER_CASH: z.preprocess(
    (value) => (value === "" ? undefined : value),
    z.coerce.number(CASH_ACCEPTED).int(CASH_ACCEPTED).min(0, CASH_ACCEPTED).max(1e15, CASH_ACCEPTED).default(1e9),
  ),
});

export interface NodeServiceSettings {
  readonly http: HttpSettings;
  /** With which the paper account begins, in dong. */
  readonly paperCash: number;
}

/** `WORKFLOW_HTTP_HOSTS`, `WORKFLOW_HTTP_PRIVATE_HOSTS` and `PAPER_BROKER_CASH`. @throws CONFIGURATION_INVALID */
export function readNodeServiceSettings(environment: Environment): NodeServiceSettings {
  const parsed = paperEnvironment.safeParse(environment);
  if (parsed.success) return { http: readHttpSettings(environment), paperCash: parsed.data.PAPER_BROKER_CASH };
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `invalid ${name}: ${JSON.stringify(environment[name])} (${issue!.message})`,
    { details: { name } },
  );
}
