import { join } from "node:path";
import type { EpochMs } from "../../../engine/units/epoch-ms.js";
import type { DocumentSource } from "../../../engine/workflow/node-services.js";
import type { TableValue } from "../../../engine/workflow/port-value.js";
import type { Database } from "../../../store/database.js";
import { activeDataset } from "../../../store/queries/data-version.js";
import { inputFile } from "./documents/input-file.js";
import { readTableFile } from "./documents/read-table-file.js";
import { SqlDesk, type TableLoader } from "./sql/sql-desk.js";
import { loadSqlTables } from "./sql/sql-tables.js";
import type { StoredMarketData } from "./stored-market-data.js";
import { throwIfAborted } from "./throw-if-aborted.js";

export interface StoredDocumentsOptions {
  readonly database: Database;
  /** `inputs` within it holds the files of workflows. */
  readonly dataFolder: string;
  readonly marketData: StoredMarketData;
}

/** Files of the folder of inputs, and SQL over what is stored. */
export class StoredDocuments implements DocumentSource {
  readonly #options: StoredDocumentsOptions;
  readonly #desk = new SqlDesk();

  constructor(options: StoredDocumentsOptions) {
    this.#options = options;
  }

  async file(name: string, signal: AbortSignal): Promise<TableValue> {
    throwIfAborted(signal);
    return readTableFile(await inputFile(join(this.#options.dataFolder, "inputs"), name), signal);
  }

  query(sql: string, asOfMs: EpochMs, signal: AbortSignal): Promise<TableValue> {
    const { database: session, marketData } = this.#options;
    const load: TableLoader = async (words) => {
      const dataset = await activeDataset(session);
      return loadSqlTables({ session, dataset, asOfMs, live: marketData.liveQuotes(dataset) }, words);
    };
    return this.#desk.query(sql, load, signal);
  }

  close(): Promise<void> {
    return this.#desk.close();
  }
}
