import { measuredBetas } from "../src/store/queries/value-chain-betas.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";
import { valueChainFacts } from "./support/value-chain-facts.js";

/**
 * Every edge of the value chain, of whatever validity, with the beta measured from daily closes where both ends are
 * traded, else `NaN`.
 */
export const load: Loader = async ({ database }) => {
  const { chain, facts } = await valueChainFacts(database);
  const { edges } = chain;
  const { betas, asOf, excluded } = await measuredBetas(database, chain, facts.dataset);
  const measured = new Map(betas.map((each) => [each.edgeId, each]));
  const numbers = (field: "beta" | "standardError" | "n") =>
    Float64Array.from(edges, ({ id }) => measured.get(id)?.[field] ?? Number.NaN);
  return figureTable(
    {
      id: { type: "text", values: edges.map(({ id }) => id) },
      source_id: { type: "text", values: edges.map(({ sourceId }) => sourceId) },
      target_id: { type: "text", values: edges.map(({ targetId }) => targetId) },
      kind: { type: "text", values: edges.map(({ kind }) => kind) },
      sign: { type: "int32", values: Int32Array.from(edges, ({ sign }) => sign) },
      confidence: { type: "text", values: edges.map(({ confidence }) => confidence) },
      rationale: { type: "text", values: edges.map(({ rationale }) => rationale) },
      source: { type: "text", values: edges.map(({ source }) => source) },
      source_date: { type: "text", values: edges.map(({ sourceDate }) => sourceDate) },
      valid_from: { type: "text", values: edges.map(({ validFrom }) => validFrom) },
      valid_to: { type: "text", values: edges.map(({ validTo }) => validTo) },
      beta: { type: "float64", values: numbers("beta") },
      standard_error: { type: "float64", values: numbers("standardError") },
      n: { type: "float64", values: numbers("n") },
    },
    { ...facts, asOf: asOf === "" ? facts.asOf : asOf, rows: edges.length, excluded },
  );
};

await runAsScript(import.meta, load);
