import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { isIndexName } from "../dnse/dnse-enums.js";
import type { DnseOpenApiSettings } from "../feeds-settings.js";

export interface SubscribeMessage {
  readonly action: "subscribe";
  readonly channels: readonly [{ readonly name: string; readonly symbols: readonly string[] }];
}

/** Symbols in one message: subscriptions of a whole market are many short messages, not one long one. */
const SYMBOLS_PER_MESSAGE = 100;

type ChannelSettings = Pick<
  DnseOpenApiSettings,
  "boards" | "indexes" | "productGroups" | "tickChannel" | "channelSuffix"
>;

/**
 * One message per channel and chunk of symbols: trades of every board, best prices and definitions of round lots,
 * indexes and sessions. Indexes among the symbols are followed in their own channels.
 */
export function subscribeMessages(symbols: readonly InstrumentSymbol[], settings: ChannelSettings): SubscribeMessage[] {
  const { boards, indexes, productGroups, tickChannel, channelSuffix } = settings;
  const traded = symbols.filter((symbol) => !isIndexName(symbol));
  const perSymbol = [...boards.map((board) => `${tickChannel}.${board}`), "top_price.G1", "security_definition.G1"];
  const names = new Set([...indexes, ...symbols.filter(isIndexName).map(wireIndexName)]);
  const withoutSymbols = [
    ...Array.from(names, (name) => `market_index.${name}`),
    ...productGroups.map((group) => `session.${group}.G1`),
  ];
  return [
    ...chunks(traded, SYMBOLS_PER_MESSAGE).flatMap((chunk) => perSymbol.map((channel) => subscribe(channel, chunk))),
    ...withoutSymbols.map((channel) => subscribe(channel, [])),
  ];

  function subscribe(channel: string, chunk: readonly string[]): SubscribeMessage {
    return { action: "subscribe", channels: [{ name: `${channel}.${channelSuffix}`, symbols: chunk }] };
  }
}

/** The broker's name of an index that is stored under another one. */
function wireIndexName(symbol: string): string {
  if (symbol === "HNXINDEX" || symbol === "HNX-INDEX") return "HNX";
  if (symbol === "UPCOMINDEX") return "UPCOM";
  return symbol === "VN-INDEX" ? "VNINDEX" : symbol;
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
