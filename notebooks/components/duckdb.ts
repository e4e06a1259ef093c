import { DuckDBClient } from "npm:@observablehq/duckdb";

/**
 * DuckDB in the page over the given Arrow tables. A failed extension download corrupts DuckDB-WASM 1.29.0
 * for every later query, so it is told at once never to load one. Decimals arrive as floating-point numbers.
 */
export async function openDuckDB(tables: Readonly<Record<string, unknown>>): Promise<DuckDBClient> {
  const client = await DuckDBClient.of(tables, { query: { castDecimalToDouble: true } });
  await client.query("SET autoload_known_extensions=false");
  return client;
}
