import type { ErrorCode } from "../errors.js";
import type { HeldOutTest } from "./held-out.js";
import { type LagTest, POWER, SIGNIFICANCE } from "./lag-test.js";

export type LagInterval = readonly [first: number, last: number];

/**
 * What a study found, and why in words. `lead-found`: the source's past tells about the target beyond chance.
 * `not-tradable`: they move together, but on the same day only. `no-lead-found`: nothing that this sample could
 * tell from chance, though a correlation of `detectableSize` would have been. `insufficient-data`: not studied.
 */
export type LeadLagVerdict =
  | {
      readonly kind: "lead-found";
      readonly lag: number;
      readonly lagInterval: LagInterval;
      readonly isConfirmed: boolean;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "not-tradable";
      readonly lag: 0;
      readonly lagInterval: LagInterval;
      readonly detectableSize: number;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "no-lead-found";
      readonly lag: null;
      readonly lagInterval: null;
      readonly detectableSize: number;
      readonly reasons: readonly string[];
    }
  | {
      readonly kind: "insufficient-data";
      readonly lag: null;
      readonly lagInterval: null;
      readonly code: ErrorCode;
      readonly reasons: readonly string[];
    };

export type VerdictKind = LeadLagVerdict["kind"];

export interface VerdictEvidence {
  readonly test: LagTest;
  /** The lead's p-value adjusted for all pairs that were tested together; its own p-value for one pair alone. */
  readonly q: number;
  readonly pairsTested: number;
  readonly heldOut: HeldOutTest;
  readonly lagInterval: LagInterval;
  /** Whether the source's value of lag 0 is known before the target's session begins. */
  readonly isLagZeroTradable: boolean;
  /** Share of the target's days left out because its price stood still. */
  readonly stillShare: number;
}

/** Weighs the evidence of a study. The level is 5% over everything that was tried. */
export function verdictOf(evidence: VerdictEvidence): LeadLagVerdict {
  const { test, q, heldOut, lagInterval } = evidence;
  if (q <= SIGNIFICANCE) {
    return {
      kind: "lead-found",
      lag: test.lead.lag,
      lagInterval,
      isConfirmed: heldOut.isConfirmed,
      reasons: [
        leadSentence(evidence),
        heldOutSentence(evidence),
        ...sameDaySentence(evidence),
        ...stillSentence(evidence),
      ],
    };
  }
  const { detectableSize } = test;
  const nothing = `${nothingSentence(evidence)} ${detectableSentence(test)}`;
  if (!evidence.isLagZeroTradable && test.sameDay.p <= SIGNIFICANCE) {
    return {
      kind: "not-tradable",
      lag: 0,
      lagInterval: [0, 0],
      detectableSize,
      reasons: [...sameDaySentence(evidence), nothing, ...stillSentence(evidence)],
    };
  }
  return {
    kind: "no-lead-found",
    lag: null,
    lagInterval: null,
    detectableSize,
    reasons: [nothing, heldOutSentence(evidence), ...stillSentence(evidence)],
  };
}

/** The verdict on a pair that cannot be studied. */
export function insufficientData(code: ErrorCode, reason: string): LeadLagVerdict {
  return { kind: "insufficient-data", lag: null, lagInterval: null, code, reasons: [reason] };
}

const SHAPE_WORDS = {
  linear: "in proportion",
  "large-moves": "when it moves much",
  size: "by the size of its moves, whichever way",
} as const;

function leadSentence({ test, q, pairsTested, lagInterval }: VerdictEvidence): string {
  const { lead } = test;
  const sure =
    lagInterval[0] === lagInterval[1] ? "no other lag is likely" : `95% sure of lag ${lagInterval.join(" to ")}`;
  return (
    `${followed(lead.lag)}, ${SHAPE_WORDS[lead.transform]}: correlation ` +
    `${signed(lead.correlation)}, ${sure}; ${chance(q, pairsTested)} over ${test.tests} tests.`
  );
}

function heldOutSentence({ heldOut }: VerdictEvidence): string {
  const days = `the ${heldOut.rows} days kept apart`;
  return heldOut.isConfirmed
    ? `Confirmed on ${days}: the lag chosen before them, ${heldOut.lag}, has an IC of ${signed(heldOut.ic)} (p = ${probability(heldOut.p)}).`
    : `Not confirmed on ${days}: the lag chosen before them, ${heldOut.lag}, has an IC of ${signed(heldOut.ic)} (p = ${probability(heldOut.p)}).`;
}

function sameDaySentence({ test, isLagZeroTradable }: VerdictEvidence): string[] {
  if (isLagZeroTradable || test.sameDay.p > SIGNIFICANCE) return [];
  return [
    `They move together on the same day (correlation ${signed(test.sameDay.correlation)}, p = ${probability(test.sameDay.p)}), which is not known in time to trade.`,
  ];
}

function stillSentence({ stillShare }: VerdictEvidence): string[] {
  if (stillShare === 0) return [];
  return [
    `The target's price stood still on ${Math.round(100 * stillShare)}% of its days; they count as days without trading, and lags as days on which it moved.`,
  ];
}

function nothingSentence({ test, q, pairsTested }: VerdictEvidence): string {
  return (
    `The strongest later lag, ${test.lead.lag} with a correlation of ${signed(test.lead.correlation)}, is what unrelated ` +
    `series reach among ${test.tests} tests: ${chance(q, pairsTested)}.`
  );
}

function detectableSentence({ detectableSize }: LagTest): string {
  return `A correlation of ${detectableSize.toFixed(3)} would have been found ${Math.round(POWER * 100)} times in 100.`;
}

function chance(q: number, pairsTested: number): string {
  return pairsTested === 1 ? `p = ${probability(q)}` : `q = ${probability(q)} among ${pairsTested} pairs`;
}

function probability(p: number): string {
  if (p >= 0.001) return p.toFixed(3);
  const [digit, exponent] = p.toExponential(0).split("e-");
  return `${digit}·10⁻${Array.from(exponent ?? "", (figure) => SUPERSCRIPTS[Number(figure)]).join("")}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

function followed(lag: number): string {
  if (lag === 0) return "The target follows the source's last close known before its session";
  return `The target follows the source ${lag === 1 ? "1 trading day" : `${lag} trading days`} later`;
}
