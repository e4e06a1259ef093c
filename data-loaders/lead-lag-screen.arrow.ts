import { defaultFactors, MARKET_INDEX } from "../src/engine/lead-lag/instrument-series.js";
import { type ScreenedPair, screenPairs } from "../src/engine/lead-lag/screen-pairs.js";
import { STUDY_DEFAULTS } from "../src/engine/lead-lag/study-pair.js";
import { tradingDateOf, tradingDayNumberOf } from "../src/engine/units/trading-date.js";
import { tradedPairs } from "../src/engine/value-chain/traded-pairs.js";
import type { DatabaseSession } from "../src/store/database.js";
import { readStudySeries } from "../src/store/queries/study-series.js";
import { readValueChain } from "../src/store/queries/value-chain-queries.js";
import { datasetFacts } from "./support/dataset-facts.js";
import { dictionaryOf } from "./support/dictionary.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Where there is no lag; an absent day is day 0. */
const NO_LAG = -1;

/**
 * The lead-lag test of every pair of traded symbols that the value chain joins, with `quantflow screen`'s numbers. Item k
 * of `pearson` and `whitened` is the correlation at lag k; both are empty for a pair that could not be studied.
 */
export const load: Loader = async ({ database }) => {
  const facts = await datasetFacts(database);
  const { rows, excluded } = await screenedEdges(database, facts.dataset);
  const pairs = rows.map(({ pair }) => pair);
  const tested = pairs.map((pair) => (pair.kind === "tested" ? pair.tested : undefined));
  const verdicts = pairs.map(({ verdict }) => verdict);
  const measure = (of: (test: NonNullable<(typeof tested)[number]>) => number) =>
    Float64Array.from(tested, (test) => (test === undefined ? Number.NaN : of(test)));
  const count = (of: (test: NonNullable<(typeof tested)[number]>) => number, absent = 0) =>
    Int32Array.from(tested, (test) => (test === undefined ? absent : of(test)));
  const lastMs = tested.reduce((last, test) => Math.max(last, test?.toMs ?? Number.NEGATIVE_INFINITY), -Infinity);
  return figureTable(
    {
      source: { type: "dictionary", ...dictionaryOf(pairs.map(({ source }) => source)) },
      target: { type: "dictionary", ...dictionaryOf(pairs.map(({ target }) => target)) },
      edge_count: { type: "int32", values: Int32Array.from(rows, ({ edgeCount }) => edgeCount) },
      verdict: { type: "dictionary", ...dictionaryOf(verdicts.map(({ kind }) => kind)) },
      lag: { type: "int32", values: Int32Array.from(verdicts, ({ lag }) => lag ?? NO_LAG) },
      first_lag: { type: "int32", values: Int32Array.from(verdicts, ({ lagInterval }) => lagInterval?.[0] ?? NO_LAG) },
      last_lag: { type: "int32", values: Int32Array.from(verdicts, ({ lagInterval }) => lagInterval?.[1] ?? NO_LAG) },
      strongest_lag: { type: "int32", values: count(({ test }) => test.lead.lag, NO_LAG) },
      p: { type: "float64", values: measure(({ p }) => p) },
      q: {
        type: "float64",
        values: Float64Array.from(pairs, (pair) => (pair.kind === "tested" ? pair.q : Number.NaN)),
      },
      correlation: { type: "float64", values: measure(({ test }) => test.lead.correlation) },
      held_out_ic: { type: "float64", values: measure(({ heldOutIc }) => heldOutIc) },
      held_out_p: { type: "float64", values: measure(({ heldOut }) => heldOut.p) },
      detectable_size: { type: "float64", values: measure(({ detectableSize }) => detectableSize) },
      returns: { type: "int32", values: count(({ returns }) => returns) },
      from: { type: "day", values: count(({ fromMs }) => tradingDayNumberOf(fromMs)) },
      to: { type: "day", values: count(({ toMs }) => tradingDayNumberOf(toMs)) },
      tests: { type: "int32", values: count(({ tests }) => tests) },
      factors: { type: "text", values: rows.map(({ factors }) => factors.join(", ")) },
      reasons: { type: "text", values: verdicts.map(({ reasons }) => reasons.join(" ")) },
      pearson: { type: "float32-list", values: tested.map((test) => test?.lags.map(({ pearson }) => pearson) ?? []) },
      whitened: {
        type: "float32-list",
        values: tested.map((test) => test?.lags.map(({ whitened }) => whitened) ?? []),
      },
    },
    { ...facts, asOf: lastMs === -Infinity ? "" : tradingDateOf(lastMs), rows: rows.length, excluded },
  );
};

interface ScreenedEdge {
  readonly pair: ScreenedPair;
  readonly factors: readonly string[];
  readonly edgeCount: number;
}

async function screenedEdges(
  session: DatabaseSession,
  dataset: Awaited<ReturnType<typeof datasetFacts>>["dataset"],
): Promise<{ readonly rows: readonly ScreenedEdge[]; readonly excluded: string }> {
  const { chain } = await readValueChain(session);
  const symbols = new Set(chain.nodes.flatMap(({ symbol }) => (symbol === undefined ? [] : [symbol])));
  const stored = await readStudySeries(session, { dataset, symbols: [...symbols, MARKET_INDEX] });
  const available = new Set<string>(stored.series.keys());
  const edges = tradedPairs(chain, available).map(({ source, target, edgeCount }) => ({
    edgeCount,
    factors: defaultFactors(stored.instruments.get(target)!, { source, available }),
    source: stored.series.get(source)!,
    target: stored.series.get(target)!,
  }));
  const inputs = edges.map(({ source, target, factors }) => ({
    source,
    target,
    factors: factors.map((factor) => stored.series.get(factor)!),
  }));
  const screened = await screenPairs(inputs, STUDY_DEFAULTS);
  return {
    rows: edges.map(({ factors, edgeCount }, i) => ({ pair: screened[i]!, factors, edgeCount })),
    excluded: stored.excluded,
  };
}

await runAsScript(import.meta, load);
