import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { WorkbenchError } from "../../../../engine/errors.js";
import { SYMBOL_PATTERN } from "../../../../engine/market-data/instrument-symbol.js";
import { epochMs } from "../../../../engine/units/epoch-ms.js";
import type { Database } from "../../../../store/database.js";
import { listNewsItems, type StoredNewsItem, storeNewsItems } from "../../../../store/queries/news-items.js";
import { MOST_NEWS_ITEMS, type NewsSource } from "./news-source.js";

const ACCEPTED =
  '{"symbol": "HPG", "publishedAt": "2026-03-02T07:45:00+07:00", "title": "…", "source": "…"} on each line';

const newsLine = z
  .object({
    symbol: z.string().regex(SYMBOL_PATTERN, "accepted: a symbol such as HPG"),
    publishedAt: z.iso.datetime({ offset: true, error: "accepted: an instant such as 2026-03-02T07:45:00+07:00" }),
    title: z.string().min(1).max(1_000),
    source: z.string().min(1).max(200),
  })
  .transform(
    ({ publishedAt, ...rest }): StoredNewsItem => ({ ...rest, publishedAtMs: epochMs(Date.parse(publishedAt)) }),
  );

const LARGEST_FILE = 50 * 1024 * 1024;

/**
 * News out of the JSON Lines files of a folder, by way of the store. A file that is new or has changed is stored the
 * next time anybody asks, whole or, with a line that cannot be read, not at all.
 */
export class NewsFiles implements NewsSource {
  readonly #database: Database;
  readonly #folder: string;
  /** Versions of the files that are stored. */
  readonly #stored = new Map<string, string>();

  constructor(database: Database, folder: string) {
    this.#database = database;
    this.#folder = folder;
  }

  /** @throws ROWS_INVALID with file and line, REQUEST_TOO_LARGE */
  async read(symbol: string, { afterMs, untilMs }: Parameters<NewsSource["read"]>[1]) {
    await this.#storeChangedFiles();
    return listNewsItems(this.#database, { symbol, afterMs, untilMs, limit: MOST_NEWS_ITEMS });
  }

  async #storeChangedFiles(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names.filter((each) => /\.(jsonl|ndjson)$/i.test(each)).sort()) {
      const path = join(this.#folder, name);
      const { size, mtimeMs } = await stat(path);
      const version = `${size}:${mtimeMs}`;
      if (this.#stored.get(name) === version) continue;
      if (size > LARGEST_FILE) {
        throw new WorkbenchError(
          "REQUEST_TOO_LARGE",
          `invalid news: ${name} has ${size} bytes (accepted: up to ${LARGEST_FILE} in a file)`,
        );
      }
      const items = newsOf(name, await readFile(path, "utf8"));
      await this.#database.transaction((session) => storeNewsItems(session, items, name));
      this.#stored.set(name, version);
    }
  }
}

function newsOf(name: string, text: string): StoredNewsItem[] {
  return text.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    const parsed = newsLine.safeParse(jsonOf(line));
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    const field = issue!.path.join(".");
    throw new WorkbenchError(
      "ROWS_INVALID",
      `invalid news: ${name}, line ${at + 1}: ${field === "" ? "" : `${field}: `}${issue!.message} (accepted: ${ACCEPTED})`,
      { details: { file: name, line: at + 1 } },
    );
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
