import type { STUDY_DATASETS } from "../../contracts/lead-lag-study.js";
import { WorkbenchError } from "../../engine/errors.js";
import { defaultFactors, MARKET_INDEX } from "../../engine/lead-lag/instrument-series.js";
import type { StudySeries } from "../../engine/lead-lag/study-series.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { DatabaseSession } from "../../store/database.js";
import { activeDataset, readDataVersion } from "../../store/queries/data-version.js";
import { describeExclusions, listQuarantines } from "../../store/queries/quarantine-queries.js";
import { readStudySeries } from "../../store/queries/study-series.js";
import { readSeriesFile, type SeriesFileOptions } from "./series-file.js";

/** Series to study, wherever they come from. */
export interface StudyMaterial {
  readonly names: readonly string[];
  /** @throws SYMBOL_UNKNOWN; SERIES_TOO_SHORT when quarantines leave nothing of it */
  seriesNamed(name: string): StudySeries;
  /** Names of the factors that go with a pair when a person names none. */
  factorsFor(source: string, target: string): readonly string[];
  /** A sentence on quarantined rows of these series that were left out; "" when there are none. */
  exclusionsOf(names: readonly string[]): string;
  /** Whether no two rows are of one day. */
  readonly isDaily: boolean;
  readonly dataset: (typeof STUDY_DATASETS)[number];
  readonly watermark: string;
}

const SHOWN_NAMES = 20;

export async function materialOfFile(path: string, options: SeriesFileOptions): Promise<StudyMaterial> {
  const { series, sha256, isDaily } = await readSeriesFile(path, options);
  const names = [...series.keys()];
  return {
    names,
    seriesNamed: (name) => series.get(name) ?? unknownSeries(name, names),
    factorsFor: () => [],
    exclusionsOf: () => "",
    isDaily,
    dataset: "file",
    watermark: `sha256:${sha256}`,
  };
}

/** What the store has of some symbols and of the factors that may go with them. */
export async function materialOfStore(
  session: DatabaseSession,
  symbols: readonly InstrumentSymbol[],
): Promise<StudyMaterial> {
  const dataset = await activeDataset(session);
  const { watermark } = await readDataVersion(session);
  const quarantines = await listQuarantines(session, dataset);
  const { series, instruments } = await readStudySeries(session, {
    dataset,
    symbols: [...new Set([...symbols, MARKET_INDEX])],
  });
  const byName: ReadonlyMap<string, StudySeries> = series;
  const names = [...byName.keys()];
  const exclusionsOf = (excluded: readonly string[]) => describeExclusions(quarantines, new Set(excluded));
  return {
    names,
    seriesNamed(name) {
      const found = byName.get(name);
      if (found !== undefined) return found;
      const excluded = exclusionsOf([name]);
      return excluded === "" ? unknownSymbol(name) : nothingLeft(name, excluded);
    },
    factorsFor(source, target) {
      const instrument = instruments.get(instrumentSymbol(target));
      return instrument === undefined ? [] : defaultFactors(instrument, { source, available: new Set(names) });
    },
    exclusionsOf,
    isDaily: true,
    dataset,
    watermark,
  };
}

function unknownSeries(name: string, names: readonly string[]): never {
  const more = names.length > SHOWN_NAMES ? `, … ${names.length - SHOWN_NAMES} more` : "";
  throw new WorkbenchError(
    "SYMBOL_UNKNOWN",
    `unknown series: ${name} (accepted: the columns of the file, ${names.slice(0, SHOWN_NAMES).join(", ")}${more})`,
    { details: { name } },
  );
}

function unknownSymbol(name: string): never {
  throw new WorkbenchError("SYMBOL_UNKNOWN", `unknown symbol: ${name} (quantflow symbols lists what is stored)`, {
    details: { name },
  });
}

function nothingLeft(name: string, excluded: string): never {
  throw new WorkbenchError(
    "SERIES_TOO_SHORT",
    `series too short: ${name} has no daily candle left (accepted: a year of returns). ${excluded}`,
    { details: { name } },
  );
}
