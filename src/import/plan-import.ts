import { VN30_MEMBERS } from "../engine/market-data/instrument-conventions.js";
import type { DatabaseSession } from "../store/database.js";
import { listInstruments } from "../store/queries/instrument-queries.js";
import { type GuessedMapping, guessMapping, type MappingOptions } from "./mapping/guess-mapping.js";
import { inspectFile } from "./reading/inspect-file.js";

export interface ImportPlan extends GuessedMapping {
  readonly path: string;
  readonly sizeBytes: number;
}

/** How a file would be imported: its mapping, from `options` where given, else guessed from what it holds. */
export async function planImport(
  session: DatabaseSession,
  path: string,
  options: MappingOptions & { readonly delimiter?: string | undefined; readonly header?: boolean | undefined },
  signal?: AbortSignal,
): Promise<ImportPlan> {
  const file = await inspectFile(path, options);
  const knownVndEquities = await listVndEquities(session);
  const guessed = await guessMapping(file, options, { knownVndEquities, signal });
  return { ...guessed, path, sizeBytes: file.sizeBytes };
}

async function listVndEquities(session: DatabaseSession): Promise<Set<string>> {
  const stored = await listInstruments(session, "market");
  const equities = stored.filter(({ assetClass, currency }) => assetClass === "equity" && currency === "VND");
  return new Set([...VN30_MEMBERS, ...equities.map(({ symbol }) => symbol)]);
}
