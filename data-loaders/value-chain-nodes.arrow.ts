import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";
import { valueChainFacts } from "./support/value-chain-facts.js";

/** Every node of the value chain, of whatever validity; a day that is open is null. */
export const load: Loader = async ({ database }) => {
  const { chain, facts } = await valueChainFacts(database);
  const { nodes } = chain;
  return figureTable(
    {
      id: { type: "text", values: nodes.map(({ id }) => id) },
      name: { type: "text", values: nodes.map(({ name }) => name) },
      kind: { type: "text", values: nodes.map(({ kind }) => kind) },
      sector: { type: "text", values: nodes.map(({ sector }) => sector) },
      symbol: { type: "text", values: nodes.map(({ symbol }) => symbol) },
      valid_from: { type: "text", values: nodes.map(({ validFrom }) => validFrom) },
      valid_to: { type: "text", values: nodes.map(({ validTo }) => validTo) },
    },
    { ...facts, rows: nodes.length, excluded: "" },
  );
};

await runAsScript(import.meta, load);
