import type { LeadLagStudy } from "../../contracts/lead-lag-study.js";
import type { StoredStudy } from "../../store/queries/studies.js";
import type { StudyDifference } from "./compare-studies.js";

/** What matters of a result, one line each. */
type Headline = Readonly<Record<string, string | number | null>>;

/** What changed of the answer: verdict, lag, p, q, held-out IC and the days it was made on. */
export function changedHeadlines(before: StoredStudy["result"], after: StoredStudy["result"]): StudyDifference[] {
  const [then, now] = [headlineOf(before), headlineOf(after)];
  return Object.keys({ ...then, ...now }).flatMap((field) =>
    (then[field] ?? null) === (now[field] ?? null)
      ? []
      : [{ field, before: then[field] ?? null, after: now[field] ?? null }],
  );
}

function headlineOf(result: StoredStudy["result"]): Headline {
  if (!("pairs" in result)) return headlineOfPair(result, "");
  const { tested, refused, declared, pairs } = result;
  const ofPairs = pairs.map((pair) => headlineOfPair(pair, `${pair.source} → ${pair.target}: `));
  return Object.assign({ tested, refused, declared }, ...ofPairs) as Headline;
}

function headlineOfPair(
  {
    verdict,
    p,
    q,
    heldOutIc,
    returns,
    from,
    to,
  }: Pick<LeadLagStudy, "verdict" | "p" | "q" | "heldOutIc" | "returns" | "from" | "to">,
  prefix: string,
): Headline {
  const fields = { verdict: verdict.kind, lag: verdict.lag, p, q, heldOutIc, returns, from, to };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [`${prefix}${field}`, value]));
}
