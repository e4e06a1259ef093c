import type { ValueChainNode } from "../../engine/value-chain/value-chain.js";
import { element } from "../element.js";

/** A link to the lead-lag study of the pair; `undefined` when one of them has no prices. */
export function studyLink(
  source: ValueChainNode | undefined,
  target: ValueChainNode | undefined,
  priced: ReadonlySet<string>,
): HTMLElement | undefined {
  const [from, to] = [source?.symbol, target?.symbol];
  if (!from || !to || !priced.has(from) || !priced.has(to)) return undefined;
  const query = new URLSearchParams({ source: from, target: to });
  return element("a", { href: `./lead-lag.html?${query}` }, "Study the pair");
}
