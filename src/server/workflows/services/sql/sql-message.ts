import type { TableColumn } from "../../../../engine/workflow/port-value.js";

/** A table as an Arrow IPC stream. */
export interface LoadedTable {
  readonly name: string;
  readonly stream: Uint8Array;
  /** Columns of epoch milliseconds that the statement sees as timestamps in UTC. */
  readonly instants: readonly string[];
}

/** One statement, and the tables that it may read. */
export interface SqlRequest {
  readonly sql: string;
  readonly tables: readonly LoadedTable[];
}

/** Its rows, or why there are none. */
export type SqlAnswer =
  | { readonly kind: "rows"; readonly columns: readonly TableColumn[]; readonly rowCount: number }
  | { readonly kind: "refused"; readonly problem: string }
  | { readonly kind: "too-large"; readonly problem: string };
