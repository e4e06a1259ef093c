import type { FigureMetadata } from "../../src/contracts/figure-metadata.js";
import { tradingDateOf } from "../../src/engine/units/trading-date.js";
import type { DatabaseSession } from "../../src/store/database.js";
import { activeDataset } from "../../src/store/queries/data-version.js";
import { listSources, listSourcesOf } from "../../src/store/queries/import-batch-queries.js";

const SHOWN_SOURCES = 3;

/** Dataset and sources of what pages show, or of one symbol. */
export async function datasetFacts(
  session: DatabaseSession,
  symbol?: string,
): Promise<Pick<FigureMetadata, "dataset" | "source">> {
  const dataset = await activeDataset(session);
  const sources =
    symbol === undefined ? await listSources(session, dataset) : await listSourcesOf(session, symbol, dataset);
  const more = sources.length > SHOWN_SOURCES ? ` and ${sources.length - SHOWN_SOURCES} more` : "";
  return { dataset, source: sources.slice(0, SHOWN_SOURCES).join(", ") + more };
}

/** The latest of these instants as a trading date; "" for none. */
export function latestDate(openedAtMs: Float64Array): string {
  let latest = Number.NEGATIVE_INFINITY;
  for (const instant of openedAtMs) if (instant > latest) latest = instant;
  return latest === Number.NEGATIVE_INFINITY ? "" : tradingDateOf(latest);
}
