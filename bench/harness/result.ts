import { median, type Samples } from "./samples.js";

/** What a bench found out. */
export type BenchResult = RatioResult | LimitResult | SkippedResult;

/** The same work done by us and by a rival, in turns on the same data. */
export interface RatioResult {
  readonly kind: "ratio";
  readonly what: string;
  readonly rival: string;
  readonly oursMs: Samples;
  /** One for each of `oursMs`, measured right beside it. */
  readonly rivalMs: Samples;
  /** Least ratio, and the one to strive for. */
  readonly atLeast: number;
  readonly goal?: number;
}

/** Something that has a limit of its own. */
export interface LimitResult {
  readonly kind: "limit";
  readonly what: string;
  readonly unit: "s" | "ms" | "MB";
  readonly measured: Samples;
  readonly atMost: number;
}

export interface SkippedResult {
  readonly kind: "skipped";
  readonly what: string;
  readonly because: string;
}

/** Speed as a multiple of the rival's: the median over the pairs, so that a drift of the machine hits both sides. */
export function ratioOf({ oursMs, rivalMs }: RatioResult): number {
  return median(oursMs.map((ours, i) => rivalMs[i]! / ours));
}

/** Whether the result keeps what is asked of it; `undefined` when it was skipped. */
export function isKept(result: BenchResult): boolean | undefined {
  switch (result.kind) {
    case "ratio":
      return ratioOf(result) >= result.atLeast;
    case "limit":
      return median(result.measured) <= result.atMost;
    case "skipped":
      return undefined;
  }
}
