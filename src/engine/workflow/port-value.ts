import type { OrderReport } from "../trading/order.js";

/**
 * What travels along an edge. `signal` says whether to act, and perhaps on what; `series` is one number per instant;
 * `order` is what became of orders.
 */
export const PORT_TYPES = ["number", "series", "boolean", "signal", "table", "order", "text"] as const;

export type PortType = (typeof PORT_TYPES)[number];

/** Ascending instants, UTC epoch ms, and one number each; `NaN` where nothing is defined. Columns of equal length. */
export interface SeriesValue {
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** Of which instrument, where it is one's. */
  readonly symbol?: string;
  /** Such as `VND`, `%` or `points`. */
  readonly unit?: string;
}

export interface SignalValue {
  /** An inactive signal prunes what runs on it. */
  readonly isActive: boolean;
  readonly side?: "buy" | "sell";
  readonly symbol?: string;
  /** 0 to 1. */
  readonly strength?: number;
  /** For people: why it is what it is. */
  readonly reason: string;
}

export type TableCell = number | string | boolean | null;

/** Named columns of equal length. */
export interface TableValue {
  readonly columns: readonly TableColumn[];
  readonly rowCount: number;
}

export interface TableColumn {
  readonly name: string;
  readonly cells: readonly TableCell[];
}

/** A value with its type: the form in which values pass between nodes and stand in events. */
export type PortValue =
  | { readonly type: "number"; readonly value: number }
  | { readonly type: "series"; readonly value: SeriesValue }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "signal"; readonly value: SignalValue }
  | { readonly type: "table"; readonly value: TableValue }
  | { readonly type: "order"; readonly value: readonly OrderReport[] }
  | { readonly type: "text"; readonly value: string };

export type PortValueOf<Type extends PortType> = Extract<PortValue, { type: Type }>;

/**
 * Whether an output of one type may feed an input that takes others. A signal is a boolean with a reason, so each
 * stands in for the other; nothing else is converted.
 */
export function canConnect(output: PortType, accepted: readonly PortType[]): boolean {
  if (accepted.includes(output)) return true;
  if (output === "boolean") return accepted.includes("signal");
  return output === "signal" && accepted.includes("boolean");
}
