import type { EpochMs } from "../../../../engine/units/epoch-ms.js";
import type { NewsItem } from "../../../../engine/workflow/node-services.js";

/** Texts about symbols, from one place. */
export interface NewsSource {
  /** Published after one instant and until another, newest first, at most 1,000. */
  read(symbol: string, window: { readonly afterMs: number; readonly untilMs: EpochMs }): Promise<readonly NewsItem[]>;
}

export const MOST_NEWS_ITEMS = 1_000;
