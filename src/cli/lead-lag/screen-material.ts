import { WorkbenchError } from "../../engine/errors.js";
import { type InstrumentSymbol, instrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { tradedPairs } from "../../engine/value-chain/traded-pairs.js";
import { valueChainAsOf } from "../../engine/value-chain/value-chain-as-of.js";
import type { DatabaseSession } from "../../store/database.js";
import { readValueChain } from "../../store/queries/value-chain-queries.js";
import { readSnapshot } from "../../store/read-snapshot.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { type NamedPair, readPairsFile } from "./pairs-file.js";
import { nameReader, type StudyFlags } from "./study-flags.js";
import { materialOfFile, materialOfStore, type StudyMaterial } from "./study-material.js";
import type { StudyRequest } from "./study-request.js";

/** Options that say which pairs a screen tests. */
export interface PairFlags extends StudyFlags {
  readonly graph?: boolean;
  readonly pairs?: string;
  readonly asOf?: TradingDate;
}

/** Pairs to test and the series they are made of. */
export interface ScreenMaterial {
  readonly pairs: readonly NamedPair[];
  readonly material: StudyMaterial;
}

/** @throws ARGUMENT_INVALID when pairs come from two places */
export function requirePairFlags({ graph = false, pairs, series, asOf }: PairFlags): void {
  const isGraph = pairs === undefined && series === undefined;
  const rules: readonly (readonly [isBroken: boolean, complaint: string])[] = [
    [graph && pairs !== undefined, "invalid --graph: beside --pairs (accepted: one of them)"],
    [graph && series !== undefined, "invalid --graph: its ends are symbols of the store (accepted: without --series)"],
    [
      asOf !== undefined && !isGraph,
      "invalid --as-of: a day of the value chain (accepted: without --pairs and --series)",
    ],
    [pairs === "-" && series === "-", "invalid --pairs: standard input holds the series (accepted: a file)"],
  ];
  const broken = rules.find(([isBroken]) => isBroken);
  if (broken) throw new WorkbenchError("ARGUMENT_INVALID", broken[1]);
}

/** @throws FILE_…, ROWS_INVALID, SYMBOL_INVALID, and SYMBOL_UNKNOWN for a factor; what is wrong with a pair is left to the screen */
export async function readScreenMaterial(
  context: CommandContext,
  flags: PairFlags,
  { factors = [] }: StudyRequest,
): Promise<ScreenMaterial> {
  const { signal } = context;
  const named = flags.pairs === undefined ? undefined : await readPairsFile(flags.pairs, signal);
  if (flags.series !== undefined) {
    const material = await materialOfFile(flags.series, { kind: flags.returns ? "returns" : "prices", signal });
    requireAll(material, factors);
    return { material, pairs: named ?? allPairs(material.names.filter((name) => !factors.includes(name))) };
  }
  return withDatabase(context, "screen", (database) =>
    readSnapshot(database, async (session) => {
      const { pairsAmong, symbols } =
        named === undefined ? await chainPairs(session, flags) : listedPairs(named, flags);
      const material = await materialOfStore(session, [...symbols, ...factors.map(instrumentSymbol)]);
      requireAll(material, factors);
      return { material, pairs: pairsAmong(new Set(material.names)) };
    }),
  );
}

/** Pairs that can be told when it is known which symbols have prices. */
interface AwaitedPairs {
  readonly symbols: readonly InstrumentSymbol[];
  readonly pairsAmong: (traded: ReadonlySet<string>) => readonly NamedPair[];
}

function listedPairs(named: readonly NamedPair[], flags: PairFlags): AwaitedPairs {
  const readName = nameReader(flags);
  const pairs = named.map(({ source, target }) => ({ source: readName(source), target: readName(target) }));
  return {
    symbols: pairs.flatMap(({ source, target }) => [instrumentSymbol(source), instrumentSymbol(target)]),
    pairsAmong: () => pairs,
  };
}

async function chainPairs(session: DatabaseSession, { asOf }: PairFlags): Promise<AwaitedPairs> {
  const { chain: known } = await readValueChain(session);
  const chain = asOf === undefined ? known : valueChainAsOf(known, asOf);
  return {
    symbols: chain.nodes.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol])),
    pairsAmong: (traded) => tradedPairs(chain, traded).map(({ source, target }) => ({ source, target })),
  };
}

function allPairs(names: readonly string[]): NamedPair[] {
  return names.flatMap((source) => names.filter((name) => name !== source).map((target) => ({ source, target })));
}

/** A factor that is not there would refuse every pair. */
function requireAll(material: StudyMaterial, factors: readonly string[]): void {
  for (const factor of factors) material.seriesNamed(factor);
}
