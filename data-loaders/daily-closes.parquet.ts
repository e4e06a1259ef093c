import { writeFigureMetadata } from "../src/contracts/figure-metadata.js";
import { parquetFile } from "../src/store/arrow/parquet-file.js";
import { dailyCloses } from "./support/daily-closes.js";
import { type Loader, runAsScript } from "./support/loader.js";

/** The rows of daily-closes.arrow as Parquet, smaller for a download; made when a page asks for it. */
export const load: Loader = async ({ database }) => {
  const { columns, metadata } = await dailyCloses(database);
  return parquetFile(columns, writeFigureMetadata(metadata));
};

await runAsScript(import.meta, load);
