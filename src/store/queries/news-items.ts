import { type EpochMs, epochMs } from "../../engine/units/epoch-ms.js";
import type { NewsItem } from "../../engine/workflow/node-services.js";
import type { DatabaseSession } from "../database.js";

export interface StoredNewsItem extends NewsItem {
  readonly symbol: string;
}

const SLICE = 500;

/** Stores texts that are not stored yet; returns how many these are. */
export async function storeNewsItems(
  session: DatabaseSession,
  items: readonly StoredNewsItem[],
  fileName: string,
): Promise<number> {
  let stored = 0;
  for (let at = 0; at < items.length; at += SLICE) {
    const rows = await session.query(
      `INSERT INTO news_items (symbol, published_at, title, source, file_name)
       SELECT j.symbol, to_timestamp(j."publishedAtMs" / 1000.0), j.title, j.source, $2
         FROM json_to_recordset($1::json) AS j(symbol text, "publishedAtMs" double precision, title text, source text)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [JSON.stringify(items.slice(at, at + SLICE)), fileName],
    );
    stored += rows.length;
  }
  return stored;
}

/** Texts about a symbol after one instant and until another, newest first. */
export async function listNewsItems(
  session: DatabaseSession,
  {
    symbol,
    afterMs,
    untilMs,
    limit,
  }: { readonly symbol: string; readonly afterMs: number; readonly untilMs: EpochMs; readonly limit: number },
): Promise<NewsItem[]> {
  const rows = await session.query<{ published_at: Date; title: string; source: string }>(
    `SELECT published_at, title, source FROM news_items
      WHERE symbol = $1 AND published_at > $2 AND published_at <= $3 ORDER BY published_at DESC, title LIMIT $4`,
    [symbol, new Date(afterMs), new Date(untilMs), limit],
  );
  return rows.map(({ published_at: publishedAt, title, source }) => ({
    ...{ title, source },
    publishedAtMs: epochMs(publishedAt.getTime()),
  }));
}
