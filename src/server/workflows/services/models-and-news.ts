import { WorkbenchError } from "../../../engine/errors.js";
import { instrumentSymbol } from "../../../engine/market-data/instrument-symbol.js";
import type { EpochMs } from "../../../engine/units/epoch-ms.js";
import type { ModelSource, NewsItem } from "../../../engine/workflow/node-services.js";
import type { Database } from "../../../store/database.js";
import { activeDataset } from "../../../store/queries/data-version.js";
import type { StoredModels } from "./models/stored-models.js";
import type { NewsSource } from "./news/news-source.js";
import { throwIfAborted } from "./throw-if-aborted.js";

export interface ModelsAndNewsOptions {
  readonly database: Database;
  readonly models: StoredModels;
  /** By dataset: invented news goes with invented prices only. */
  readonly news: { readonly market: NewsSource; readonly simulated: NewsSource };
}

export class ModelsAndNews implements ModelSource {
  readonly #options: ModelsAndNewsOptions;

  constructor(options: ModelsAndNewsOptions) {
    this.#options = options;
  }

  predict(model: string, features: Readonly<Record<string, number>>, signal: AbortSignal): Promise<number> {
    return this.#options.models.predict(model, features, signal);
  }

  /** @throws SYMBOL_INVALID, ARGUMENT_INVALID, ROWS_INVALID */
  async news(symbol: string, windowMs: number, asOfMs: EpochMs, signal: AbortSignal): Promise<readonly NewsItem[]> {
    throwIfAborted(signal);
    if (!(windowMs > 0)) {
      throw new WorkbenchError("ARGUMENT_INVALID", `invalid windowMs: ${windowMs} (accepted: a number above 0)`);
    }
    const { database, news } = this.#options;
    const source = news[await activeDataset(database)];
    return source.read(instrumentSymbol(symbol), { afterMs: Math.max(0, asOfMs - windowMs), untilMs: asOfMs });
  }
}
