/** What Observable Framework provides to pages and has no types for. */
declare module "npm:@observablehq/duckdb" {
  import type { Table } from "npm:apache-arrow";

  export class DuckDBClient {
    static of(sources?: Readonly<Record<string, unknown>>): Promise<DuckDBClient>;
    query(sql: string, parameters?: readonly unknown[]): Promise<Table>;
  }
}

declare module "observablehq:stdlib" {
  import type { Table } from "npm:apache-arrow";

  export interface FileAttachment {
    arrow(): Promise<Table>;
  }
  export function FileAttachment(name: string): FileAttachment;
  export function resize(render: (width: number, height: number) => Node): HTMLElement;
}
