import type { Dataset } from "../../engine/market-data/dataset.js";
import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { LeadLagFinding } from "../../engine/workflow/node-services.js";
import type { DatabaseSession } from "../database.js";

/** The latest stored study of a pair on a dataset that was made by an instant; studies of files do not count. */
export async function latestPairStudy(
  session: DatabaseSession,
  pair: { readonly source: string; readonly target: string; readonly asOfMs: EpochMs; readonly dataset: Dataset },
): Promise<LeadLagFinding | undefined> {
  const [row] = await session.query<{
    created_at: Date;
    verdict: string;
    lag: number | null;
    correlation: number | null;
    p: number | null;
    q: number | null;
  }>(
    `SELECT created_at, verdict, lag, p, q,
            (coalesce(result->'lead'->>'correlation', result->'sameDay'->>'correlation'))::float8 AS correlation
       FROM lead_lag_studies
      WHERE source = $1 AND target = $2 AND dataset = $3 AND created_at <= $4 ORDER BY id DESC LIMIT 1`,
    [pair.source, pair.target, pair.dataset, new Date(pair.asOfMs)],
  );
  if (row === undefined) return undefined;
  const { verdict, lag, correlation, p, q, created_at: createdAt } = row;
  return {
    verdict,
    ...(verdict === "lead-found" && lag !== null ? { lagDays: lag } : {}),
    correlation: correlation ?? Number.NaN,
    p: p ?? Number.NaN,
    q: q ?? Number.NaN,
    studiedAtMs: epochMs(createdAt.getTime()),
  };
}
