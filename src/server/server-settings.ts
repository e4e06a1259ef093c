import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";
import type { Environment } from "../store/database-settings.js";

const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const serverEnvironment = z.object({
  PORT: z.preprocess(
    blankIsUnset,
    z.coerce
      .number("accepted: a port from 0 to 65535")
      .int("accepted: a port from 0 to 65535")
      .min(0, "accepted: a port from 0 to 65535")
      .max(65_535, "accepted: a port from 0 to 65535")
      .default(3000),
  ),
  QUANTFLOW_LOG_LEVEL: z.preprocess(
    blankIsUnset,
    z.enum(LOG_LEVELS, `accepted: ${LOG_LEVELS.join(", ")}`).default("warn"),
  ),
});

export interface ServerSettings {
  readonly port: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** `PORT` (0 means any free one) and `QUANTFLOW_LOG_LEVEL`. @throws CONFIGURATION_INVALID */
export function readServerSettings(environment: Environment): ServerSettings {
  const parsed = serverEnvironment.safeParse(environment);
  if (parsed.success) return { port: parsed.data.PORT, logLevel: parsed.data.QUANTFLOW_LOG_LEVEL };
  const [issue] = parsed.error.issues;
  const name = String(issue!.path[0]);
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `invalid ${name}: ${JSON.stringify(environment[name])} (${issue!.message})`,
    { details: { name } },
  );
}
