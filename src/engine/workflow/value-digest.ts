import type { OrderReport } from "../trading/order.js";
import { WordHash } from "./execution/word-hash.js";
import type { JsonValue } from "./json-value.js";
import type { Inputs } from "./node-handler.js";
import type { PortValue, SeriesValue, SignalValue, TableValue } from "./port-value.js";

/**
 * What came into a step in 16 hexadecimal digits: the first 64 bits of MurmurHash3 x86-128 over a canonical encoding.
 * Ports count in the order of their names, values in that of the edges, with the node each came from. Equal inputs have
 * equal digests on every machine; a digest is for telling inputs apart, and no protection against forgery.
 */
export function digestInputs(inputs: Inputs): string {
  const hash = new WordHash();
  const ports = Object.keys(inputs);
  if (ports.length > 1) ports.sort();
  for (const port of ports) {
    hash.text(port);
    const values = inputs[port]!;
    hash.word(values.length);
    for (const { from, value } of values) {
      hash.text(from);
      addPortValue(hash, value);
    }
  }
  return hash.digest();
}

/** The same digest of one value. */
export function digestPortValue(value: PortValue): string {
  const hash = new WordHash();
  addPortValue(hash, value);
  return hash.digest();
}

/** The same digest of JSON; the order of an object's fields does not count. */
export function digestJson(json: JsonValue): string {
  const hash = new WordHash();
  addJson(hash, json);
  return hash.digest();
}

/** 32 bits for the random numbers of a step: they differ by seed, node and item. */
export function stepSeed(seed: number, stepName: string): number {
  const hash = new WordHash();
  hash.number(seed);
  hash.text(stepName);
  return hash.firstWord();
}

/** Bulk values feed many nodes: the hash of each is taken once. */
const bulkDigests = new WeakMap<object, string>();

function addPortValue(hash: WordHash, { type, value }: PortValue): void {
  hash.text(type);
  switch (type) {
    case "number":
      hash.number(value);
      return;
    case "boolean":
      hash.word(value ? 1 : 0);
      return;
    case "text":
      hash.text(value);
      return;
    case "signal":
      addSignal(hash, value);
      return;
    case "series":
      hash.text(bulkDigest(value, addSeries));
      return;
    case "table":
      hash.text(bulkDigest(value, addTable));
      return;
    case "order":
      hash.text(bulkDigest(value, addOrders));
      return;
  }
}

function bulkDigest<Bulk extends object>(value: Bulk, add: (hash: WordHash, value: Bulk) => void): string {
  const known = bulkDigests.get(value);
  if (known !== undefined) return known;
  const hash = new WordHash();
  add(hash, value);
  const digest = hash.digest();
  bulkDigests.set(value, digest);
  return digest;
}

function addSignal(hash: WordHash, { isActive, side, symbol, strength, reason }: SignalValue): void {
  hash.word(isActive ? 1 : 0);
  addOptional(hash, side);
  addOptional(hash, symbol);
  hash.word(strength === undefined ? 0 : 1);
  if (strength !== undefined) hash.number(strength);
  hash.text(reason);
}

function addSeries(hash: WordHash, { timesMs, values, symbol, unit }: SeriesValue): void {
  addOptional(hash, symbol);
  addOptional(hash, unit);
  hash.numbers(timesMs);
  hash.numbers(values);
}

function addTable(hash: WordHash, { columns, rowCount }: TableValue): void {
  hash.word(rowCount);
  hash.word(columns.length);
  for (const { name, cells } of columns) {
    hash.text(name);
    for (const cell of cells) addJson(hash, cell);
  }
}

function addOrders(hash: WordHash, orders: readonly OrderReport[]): void {
  hash.word(orders.length);
  for (const order of orders) addJson(hash, order as unknown as JsonValue);
}

function addOptional(hash: WordHash, text: string | undefined): void {
  hash.word(text === undefined ? 0 : 1);
  if (text !== undefined) hash.text(text);
}

function addJson(hash: WordHash, json: JsonValue): void {
  if (json === null) {
    hash.word(0);
    return;
  }
  switch (typeof json) {
    case "boolean":
      hash.word(json ? 2 : 1);
      return;
    case "number":
      hash.word(3);
      hash.number(json);
      return;
    case "string":
      hash.word(4);
      hash.text(json);
      return;
  }
  if (Array.isArray(json)) {
    hash.word(5);
    hash.word(json.length);
    for (const item of json as readonly JsonValue[]) addJson(hash, item);
    return;
  }
  const fields = Object.entries(json as { readonly [key: string]: JsonValue }).filter(
    ([, value]) => value !== undefined,
  );
  hash.word(6);
  hash.word(fields.length);
  for (const [name, value] of fields.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.text(name);
    addJson(hash, value);
  }
}
