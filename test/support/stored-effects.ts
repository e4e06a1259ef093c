import type { Database } from "../../src/store/database.js";
import type { RecordedEffects } from "./workflow-effect-nodes.js";

/** Effects in a table of their own, so that they outlive a process; a key is one order however often it comes. */
export class StoredEffects implements RecordedEffects {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  static async create(database: Database): Promise<StoredEffects> {
    await database.execute("CREATE TABLE IF NOT EXISTS test_effects (name text PRIMARY KEY, times integer NOT NULL)");
    return new StoredEffects(database);
  }

  place(key: string): Promise<void> {
    return this.#add(`order ${key}`);
  }

  tell(what: string): Promise<void> {
    return this.#add(`tell ${what}`);
  }

  /** How often each effect came, by its name. */
  async all(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#database.query<{ name: string; times: number }>("SELECT name, times FROM test_effects");
    return new Map(rows.map(({ name, times }) => [name, times]));
  }

  async #add(name: string): Promise<void> {
    await this.#database.query(
      "INSERT INTO test_effects VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET times = test_effects.times + 1",
      [name],
    );
  }
}
