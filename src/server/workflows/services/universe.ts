import { WorkbenchError } from "../../../engine/errors.js";
import type { Dataset } from "../../../engine/market-data/dataset.js";
import { EXCHANGES } from "../../../engine/market-data/exchange-conventions.js";
import type { Instrument } from "../../../engine/market-data/instrument.js";
import { SIMULATED_SHARES } from "../../../engine/simulated-market/simulated-shares.js";
import type { EpochMs } from "../../../engine/units/epoch-ms.js";
import type { DatabaseSession } from "../../../store/database.js";
import { listInstruments } from "../../../store/queries/instrument-queries.js";
import { listedSymbols } from "../../../store/queries/listed-symbols.js";

/** The members from 2026-02-02 on, which are also the shares of the demo market. No earlier membership is stored. */
const VN30: ReadonlySet<string> = new Set(SIMULATED_SHARES.map(({ symbol }) => symbol));

/**
 * `VN30`, an exchange, or a sector in any case; indexes and exchange rates are in none. Only what had a candle by the
 * instant is listed. VN30 is today's list at every instant, and so has survivorship bias before 2026-02-02.
 * @throws ARGUMENT_INVALID for a name that is none of these
 */
export async function universeOf(
  session: DatabaseSession,
  dataset: Dataset,
  name: string,
  asOfMs: EpochMs,
): Promise<readonly string[]> {
  const instruments = (await listInstruments(session, dataset)).filter(isTradable);
  const members = membersOf(instruments, name);
  const listed = await listedSymbols(session, dataset, members, asOfMs);
  return members.filter((symbol) => listed.has(symbol)).sort();
}

function isTradable({ assetClass }: Instrument): boolean {
  return assetClass !== "index" && assetClass !== "fx";
}

function membersOf(instruments: readonly Instrument[], name: string): string[] {
  const symbolsOf = (isMember: (instrument: Instrument) => boolean) =>
    instruments.filter(isMember).map(({ symbol }) => symbol as string);
  if (name === "VN30") return symbolsOf(({ symbol }) => VN30.has(symbol));
  const exchanges = new Set([...EXCHANGES, ...instruments.flatMap(({ exchange }) => exchange ?? [])]);
  if (exchanges.has(name)) return symbolsOf(({ exchange }) => exchange === name);
  const inSector = symbolsOf(({ sector }) => sector?.toLowerCase() === name.toLowerCase());
  if (inSector.length > 0) return inSector;
  const sectors = [...new Set(instruments.flatMap(({ sector }) => sector ?? []))].sort();
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid universe: ${JSON.stringify(name.slice(0, 40))} (accepted: VN30; an exchange: ${[...exchanges].sort().join(", ")}; a sector: ${sectors.join(", ") || "none is stored"})`,
    { details: { name: name.slice(0, 40) } },
  );
}
