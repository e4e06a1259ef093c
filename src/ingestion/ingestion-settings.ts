import { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";
import type { Environment } from "../store/database-settings.js";

const BYTES_PER_MB = 1_000_000;
const DEFAULT_LIMIT_MB = 2_000;
const blankIsUnset = (value: unknown) => (value === "" ? undefined : value);
const LIMIT_ACCEPTED = "accepted: a whole number of megabytes from 16 to 1000000";
const SYNC_ACCEPTED = "accepted: 0 or 1";

/** The last trades around the clock. */
const EXCHANGES = ["HOSE", "HNX", "UPCOM", "HNX_DER", "CRYPTO"] as const;

const ingestionEnvironment = z.object({
  SPOOL_LIMIT_MB: z.preprocess(
    blankIsUnset,
    z.coerce
      .number(LIMIT_ACCEPTED)
      .int(LIMIT_ACCEPTED)
      .min(16, LIMIT_ACCEPTED)
      .max(1_000_000, LIMIT_ACCEPTED)
      .optional(),
  ),
  SPOOL_SYNC: z.preprocess(blankIsUnset, z.enum(["0", "1"], SYNC_ACCEPTED).optional()),
  FEED_EXCHANGE: z.preprocess(blankIsUnset, z.enum(EXCHANGES, `accepted: ${EXCHANGES.join(", ")}`).optional()),
});

export interface IngestionSettings {
  /** Most bytes that the spool may take on disk. */
  readonly spoolLimitBytes: number;
  /** Whether a batch counts as kept only when the disk has it: then a power loss loses nothing either. */
  readonly isSpoolSynced: boolean;
  /** Whose sessions say when data is due. */
  readonly exchange: (typeof EXCHANGES)[number];
}

export const DEFAULT_INGESTION_SETTINGS: IngestionSettings = {
  spoolLimitBytes: DEFAULT_LIMIT_MB * BYTES_PER_MB,
  isSpoolSynced: false,
  exchange: "HOSE",
};

/** @throws CONFIGURATION_INVALID */
export function readIngestionSettings(environment: Environment): IngestionSettings {
  const parsed = ingestionEnvironment.safeParse(environment);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue!.path[0]);
    throw new WorkbenchError(
      "CONFIGURATION_INVALID",
      `invalid ${name}: ${JSON.stringify(environment[name])} (${issue!.message})`,
      { details: { name } },
    );
  }
  const { SPOOL_LIMIT_MB, SPOOL_SYNC, FEED_EXCHANGE } = parsed.data;
  return {
    spoolLimitBytes: (SPOOL_LIMIT_MB ?? DEFAULT_LIMIT_MB) * BYTES_PER_MB,
    isSpoolSynced: SPOOL_SYNC === "1",
    exchange: FEED_EXCHANGE ?? DEFAULT_INGESTION_SETTINGS.exchange,
  };
}
