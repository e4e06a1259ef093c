import { DuckDBClient } from "npm:@observablehq/duckdb";

/**
 * DuckDB in the page over the given Arrow tables. A failed extension download corrupts DuckDB-WASM 1.29.0
 * for every later query, so it is told at once never to load one.
 */
export async function openDuckDB(tables: Readonly<Record<string, unknown>>): Promise<DuckDBClient> {
  const client = await DuckDBClient.of(tables);
  await client.query("SET autoload_known_extensions=false");
  return client;
}
