import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import { FACTOR_LAGS, OWN_LAGS } from "../../engine/lead-lag/whitening.js";
import { element } from "../element.js";
import type { StudyQuestion } from "./study-question.js";

/** What was done to the data, in the order in which it was done. */
export function studySteps(question: StudyQuestion, study: PairStudy): string[] {
  const { source, target, factors = [] } = question.input;
  const { options, parameters } = question;
  const names = factors.map(({ name }) => name).join(", ");
  return [
    `Closes of ${source.name} as known when ${target.name} closed, on ${target.name}'s trading days; then logarithmic returns. ${closingWords(question)}`,
    study.isLagZeroTradable
      ? "Lag 0 is known before the session begins and counts as a lead."
      : "Lag 0 is not known before the session begins: shown, never a lead.",
    factors.length > 0
      ? `Both sides freed from ${names} at lags 0 to ${FACTOR_LAGS}, from means of the days of the week that both have, and from their own past (${OWN_LAGS} days, older ones where they matter).`
      : `No factor taken out. Both sides freed from means of the days of the week that both have, and from their own past (${OWN_LAGS} days, older ones where they matter).`,
    "Both divided by their volatility as known the evening before, then ranked; the source's ranks get the tails of a daily return.",
    `The largest of ${study.tests} correlations (lags 0 to ${options.maxLag}, three shapes of the source) judged by the largest of ${options.surrogates.toLocaleString("en-US")} shuffled pairs; seed ${options.seed}.`,
    `Lag, shape and sign chosen again on the first 70% of the days, and tested once on the other ${study.heldOut.rows.toLocaleString("en-US")}.`,
    `How sure the lag is: ${options.resamples} resamples of blocks of days.`,
    parameters
      ? `Forecasts at every lag by ${parameters.rounds} trees of depth ${parameters.maxDepth}, trained in this page by the workbench's own trainer, on folds that end before the days they forecast. XGBoost itself does not run in a page.`
      : "No forecasts at each lag.",
  ];
}

export function stepList(steps: readonly string[]): HTMLElement {
  return element(
    "section",
    { class: "study-steps" },
    element("h2", {}, "What was done"),
    element(
      "ol",
      {},
      steps.map((step) => element("li", {}, step)),
    ),
  );
}

function closingWords({ input: { source, target } }: StudyQuestion): string {
  if (!source.closing || !target.closing) return "A closing time is not known: it counts as the end of the day.";
  return source.closing.latestMs > target.closing.earliestMs
    ? `${source.name} closes later in the day, so its close enters a day later.`
    : `${source.name} closes no later, so its close of the same day enters.`;
}
