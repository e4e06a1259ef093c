/** What Observable Framework provides to pages and has no types for. */
declare module "npm:@observablehq/duckdb" {
  import type { RecordBatch, Schema, Table } from "npm:apache-arrow";

  export interface DuckDBConnection {
    query(sql: string): Promise<Table>;
    /** Runs a query piece by piece, so that it can be cancelled. */
    send(sql: string): Promise<AsyncIterable<RecordBatch> & { readonly schema: Schema }>;
    cancelSent(): Promise<boolean>;
    insertArrowTable(table: Table, options: { readonly name: string; readonly create: boolean }): Promise<void>;
    close(): Promise<void>;
  }

  export class DuckDBClient {
    static of(
      sources?: Readonly<Record<string, unknown>>,
      config?: { readonly query?: { readonly castDecimalToDouble?: boolean } },
    ): Promise<DuckDBClient>;
    readonly _db: { connect(): Promise<DuckDBConnection> };
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
