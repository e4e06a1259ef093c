import { formatChange, formatNumber, formatShare } from "../format/number-format.js";
import type { MarketBreadth } from "./market-breadth.js";

export interface HeadlineFacts {
  readonly index:
    | { readonly name: string; readonly close: number; readonly change: number; readonly day: string }
    | undefined;
  /** The day of the shares. */
  readonly day: string;
  readonly breadth: MarketBreadth;
  readonly sectors: readonly { readonly sector: string; readonly change: number }[];
  /** `on the day`, `over one month`. */
  readonly period: string;
}

/**
 * The market in a few sentences, from the figures alone; what is unknown is left out. An index of another day than the
 * shares is said to be so, since the two do not describe one market.
 */
export function marketHeadline({ index, day, breadth, sectors, period }: HeadlineFacts): string {
  const sentences = [
    sharesSentence({ index, day, breadth, period }),
    sectorSentence(sectors),
    averageSentence(breadth),
  ];
  return sentences.filter(Boolean).join(" ");
}

function sharesSentence({ index, day, breadth, period }: Omit<HeadlineFacts, "sectors">): string {
  const { advancers, decliners, unchanged } = breadth;
  const counted = advancers + decliners + unchanged;
  const shares =
    counted > 0 ? `${countOf(advancers)} of ${countOf(counted)} shares rose and ${countOf(decliners)} fell` : "";
  if (!index || !Number.isFinite(index.change)) return shares && `${shares} ${period}.`;
  const isSameDay = index.day === day;
  const move = `${index.name} ${verbOf(index.change)} ${period} to ${formatNumber(index.close)}`;
  if (isSameDay) return shares ? `${move}; ${shares}.` : `${move}.`;
  return shares ? `${move} as of ${index.day}. As of ${day}, ${shares}.` : `${move} as of ${index.day}.`;
}

function sectorSentence(sectors: HeadlineFacts["sectors"]): string {
  const known = sectors.filter(({ change }) => Number.isFinite(change)).sort((a, b) => b.change - a.change);
  const [best, worst] = [known[0], known.at(-1)];
  if (!best || !worst || known.length < 2) return "";
  return `${best.sector} did best (${formatChange(best.change, 1)}), ${worst.sector} worst (${formatChange(worst.change, 1)}).`;
}

function averageSentence({ aboveAverage, withAverage }: MarketBreadth): string {
  return withAverage > 0 ? `${formatShare(aboveAverage / withAverage)} close above their 50-day average.` : "";
}

function verbOf(change: number): string {
  const size = formatChange(Math.abs(change)).replace("+", "");
  if (change === 0) return "was unchanged";
  return change > 0 ? `rose ${size}` : `fell ${size}`;
}

function countOf(shares: number): string {
  return formatNumber(shares, 0);
}
