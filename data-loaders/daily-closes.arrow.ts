import { dailyCloses } from "./support/daily-closes.js";
import { figureTable } from "./support/figure-table.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** Close and volume of every symbol and trading date. */
export const load: Loader = async ({ database }) => {
  const { columns, metadata } = await dailyCloses(database);
  return figureTable(columns, metadata);
};

await runAsScript(import.meta, load);
