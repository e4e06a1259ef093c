import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { formatDay, parseDay } from "../format/date-format.js";
import { type ChainFilter, filtersInUse } from "./chain-filter.js";
import type { LayoutName } from "./chain-layout.js";

/** What the page shows, in a sentence. */
export function chainLede({ nodes, edges }: ValueChain): string {
  const companies = nodes.filter(({ kind }) => kind === "company").length;
  return `Who depends on what: ${companies} companies and ${nodes.length - companies} commodities, currencies, rates and other drivers, joined by ${edges.length} edges that say why, and how sure that is.`;
}

/** The days that can be asked for: from the first on which anything begins to hold up to the day of the data. */
export function chainDays({ nodes, edges }: ValueChain, asOf: string): { first: string; last: string } {
  const starts = [...nodes, ...edges].flatMap(({ validFrom }) => validFrom ?? []).sort();
  const last = [asOf, starts.at(-1) ?? ""].sort().at(-1) || "2000-01-01";
  return { first: starts[0] ?? "2000-01-01", last };
}

export function dayBefore(day: string): string {
  return formatDay(parseDay(day) - MS_PER_DAY);
}

/** What part of the graph is seen, and how it is laid out. */
export function chainSubtitle(
  shown: ValueChain,
  whole: ValueChain,
  { filter, layout, wanted, asOf }: { filter: ChainFilter; layout: LayoutName; wanted: LayoutName; asOf: string },
): string {
  const count = (part: number, all: number, noun: string) =>
    part === all ? `${all} ${noun}` : `${part} of ${all} ${noun}`;
  const inUse = filtersInUse(filter);
  const parts = [
    "an arrow points from what moves to what is moved",
    count(shown.nodes.length, whole.nodes.length, "nodes"),
    count(shown.edges.length, whole.edges.length, "edges"),
    inUse > 0 && `${inUse} ${inUse === 1 ? "filter" : "filters"}`,
    `as of ${asOf}`,
    layout !== wanted && "too many edges for layers: filter first",
  ];
  return parts.filter(Boolean).join("; ");
}
