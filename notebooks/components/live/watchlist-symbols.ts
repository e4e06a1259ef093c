import { SYMBOL_PATTERN } from "../../engine/market-data/instrument-symbol.js";

/** More would not be watched, and the address would grow beyond what a message carries. */
export const LONGEST_WATCHLIST = 40;

/** The symbols of `HPG,fpt, VNINDEX`: upper case, each once, in their order; what is no symbol is left out. */
export function parseWatchlist(text: string): string[] {
  const symbols = text.split(/[\s,;]+/).map((word) => word.toUpperCase());
  return [...new Set(symbols.filter((symbol) => SYMBOL_PATTERN.test(symbol)))].slice(0, LONGEST_WATCHLIST);
}

export function withSymbol(symbols: readonly string[], symbol: string): string[] {
  return parseWatchlist([...symbols, symbol].join(","));
}

export function withoutSymbol(symbols: readonly string[], symbol: string): string[] {
  return symbols.filter((each) => each !== symbol);
}

/** One place up (−1) or down (+1); at the end of the list it stays. */
export function movedSymbol(symbols: readonly string[], symbol: string, step: -1 | 1): string[] {
  const from = symbols.indexOf(symbol);
  const to = from + step;
  if (from < 0 || to < 0 || to >= symbols.length) return [...symbols];
  const moved = [...symbols];
  moved.splice(from, 1);
  moved.splice(to, 0, symbol);
  return moved;
}
