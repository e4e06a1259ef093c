import type { Board } from "../../engine/live-market/board.js";
import type { NaiveZone } from "./dnse-time.js";
import type { DnseUnits } from "./dnse-units.js";

/** What is known of a payload from outside of it. */
export interface DnseContext {
  /** The feed, as figures print it: `dnse` or `dnse-mqtt`. */
  readonly source: string;
  readonly receivedAtMs: number;
  readonly units: DnseUnits;
  /** The zone of times that name none. */
  readonly zone: NaiveZone;
  /** The kind of the payload and its board, by its channel or topic: they hold where the payload does not say. */
  readonly kind?: DnseKind | undefined;
  readonly board?: Board | undefined;
  /** True for trades that are fetched from history. */
  readonly isBackfill?: boolean | undefined;
}

/** Kinds of payload, by the first part of their channel's name. `ignored` ones say nothing the workbench keeps. */
export const DNSE_KINDS = [
  "tick",
  "top_price",
  "market_index",
  "estimated_market_index",
  "session",
  "security_definition",
  "ignored",
] as const;

export type DnseKind = (typeof DNSE_KINDS)[number];

/**
 * The kind of each value of `T`. Candles are made from trades here; prices expected at an auction are not trades and
 * are kept out; of foreign trading, orders and positions nothing is kept yet.
 */
const KINDS_BY_TYPE: ReadonlyMap<unknown, DnseKind> = new Map<unknown, DnseKind>([
  ["t", "tick"],
  ["te", "tick"],
  ["q", "top_price"],
  ["mi", "market_index"],
  ["emi", "estimated_market_index"],
  ["s", "session"],
  ["sd", "security_definition"],
  ...["b", "bc", "e", "f", "do", "eo", "dp", "ep", "a"].map((type): [unknown, DnseKind] => [type, "ignored"]),
]);

const KINDS_BY_CHANNEL: ReadonlyMap<string, DnseKind> = new Map<string, DnseKind>([
  ["tick", "tick"],
  ["tick_extra", "tick"],
  ["top_price", "top_price"],
  ["market_index", "market_index"],
  ["estimated_market_index", "estimated_market_index"],
  ["session", "session"],
  ["security_definition", "security_definition"],
  ...["ohlc", "ohlc_closed", "expected_price", "foreign", "order", "position", "account"].map(
    (name): [string, DnseKind] => [name, "ignored"],
  ),
]);

export function kindOfType(type: unknown): DnseKind | undefined {
  return KINDS_BY_TYPE.get(type);
}

/** The kind of a channel such as `tick.G1.json`. */
export function kindOfChannel(channel: string): DnseKind | undefined {
  return KINDS_BY_CHANNEL.get(channel.split(".", 1)[0]!);
}
