import type { Board } from "../../engine/live-market/board.js";
import type { DnseKind } from "../dnse/dnse-context.js";
import { indexSymbolOf, isIndexName } from "../dnse/dnse-enums.js";

const ROOT = "plaintext/quotes/krx/mdds";

/** What a topic carries; its payloads do not always say it themselves. */
export interface TopicContent {
  readonly kind: DnseKind;
  readonly board: Board | undefined;
}

/** Market and product group of the boards whose sessions are followed. */
const BOARD_EVENTS = [
  ["STO", "STO"],
  ["STX", "STX"],
  ["UPX", "UPX"],
  ["DVX", "FIO"],
] as const;

export interface TopicsAsked {
  readonly symbols: readonly string[];
  readonly indexes: readonly string[];
  /** Topic of an index, `{name}` in the place of its name. */
  readonly indexTopic: string;
}

/**
 * Every topic to subscribe to, each by its exact name: the broker grants no wildcards. Symbols that are indexes have
 * a topic among the indexes only.
 */
export function lightSpeedTopics({ symbols, indexes, indexTopic }: TopicsAsked): ReadonlyMap<string, TopicContent> {
  const topics = new Map<string, TopicContent>();
  for (const symbol of symbols) {
    if (isIndexName(symbol)) continue;
    topics.set(`${ROOT}/tick/v1/roundlot/symbol/${symbol}`, { kind: "tick", board: "G1" });
    topics.set(`${ROOT}/topprice/v1/roundlot/symbol/${symbol}`, { kind: "top_price", board: "G1" });
    topics.set(`${ROOT}/stockinfo/v1/roundlot/symbol/${symbol}`, { kind: "security_definition", board: "G1" });
  }
  for (const name of indexNames(symbols, indexes)) {
    topics.set(indexTopic.replaceAll("{name}", name), { kind: "market_index", board: undefined });
  }
  for (const [market, product] of BOARD_EVENTS) {
    topics.set(`${ROOT}/boardevent/v1/roundlot/market/${market}/product/${product}`, {
      kind: "session",
      board: undefined,
    });
  }
  return topics;
}

const CONTENT_BY_WORD: ReadonlyMap<string, TopicContent> = new Map<string, TopicContent>([
  ["tick", { kind: "tick", board: "G1" }],
  ["topprice", { kind: "top_price", board: "G1" }],
  ["stockinfo", { kind: "security_definition", board: "G1" }],
  ["boardevent", { kind: "session", board: undefined }],
  ["index", { kind: "market_index", board: undefined }],
  ["marketindex", { kind: "market_index", board: undefined }],
  ["ohlc", { kind: "ignored", board: undefined }],
]);

/** What a topic carries, by the first word of it that says so; `undefined` for another topic. */
export function topicContentOf(topic: string): TopicContent | undefined {
  for (const word of topic.split("/")) {
    const content = CONTENT_BY_WORD.get(word);
    if (content !== undefined) return content;
  }
  return undefined;
}

/** The names asked for, and those among the symbols that are not the same index under its symbol here. */
function indexNames(symbols: readonly string[], indexes: readonly string[]): string[] {
  const known = new Set(indexes.map(indexSymbolOf));
  return [...indexes, ...symbols.filter((symbol) => isIndexName(symbol) && !known.has(indexSymbolOf(symbol)))];
}
