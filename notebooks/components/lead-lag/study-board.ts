import { isWorkbenchError } from "../../engine/errors.js";
import type { BoostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import type { PairStudy } from "../../engine/lead-lag/study-pair.js";
import { element } from "../element.js";
import { formatDay } from "../format/date-format.js";
import type { Provenance } from "../frame/provenance.js";
import { errorState, loadingState } from "../frame/state-block.js";
import { boostingFigure } from "./boosting-figure.js";
import { grangerTable } from "./granger-table.js";
import { heldOutFigure } from "./held-out-figure.js";
import { importanceFigure } from "./importance-figure.js";
import { LagChoice } from "./lag-choice.js";
import { lagConfidenceFigure } from "./lag-confidence-figure.js";
import type { ShownStudy } from "./shown-study.js";
import { studyCorrelogram } from "./study-correlogram.js";
import { StudyProgress } from "./study-progress.js";
import type { StudyQuestion, TestedPair } from "./study-question.js";
import { StudyRunner } from "./study-runner.js";
import { stepList, studySteps } from "./study-steps.js";
import { throughTimeFigure } from "./through-time-figure.js";
import { refusedPanel, verdictPanel } from "./verdict-panel.js";
import { yearTable } from "./year-table.js";

/** What the figures through time look at. */
export interface StudyLook {
  readonly lag: number;
  readonly windowRows: number;
  readonly splitMs: number;
}

const DEBOUNCE_MS = 180;
const LONGEST_LAG = 60;

/**
 * A study and its figures. A new question dims what is shown until its answer is there, which comes in two parts: the
 * test at once, the forecasts of every lag after it. A question that is asked meanwhile ends the one under way.
 */
export class StudyBoard {
  /** The verdict and the evidence by lag. */
  readonly answer: HTMLElement;
  /** The evidence through time, at the lag that is looked at. */
  readonly evidence: HTMLElement;
  /** What the trees of the lag that is looked at split on. */
  readonly importance = element("div", {}, loadingState("the features", 380));
  readonly granger = element("div");
  readonly steps = element("div");
  readonly lags = new LagChoice({ label: "Lag looked at", max: LONGEST_LAG });

  readonly #runner: StudyRunner;
  readonly #progress = new StudyProgress({ onCancel: () => this.#underWay?.abort(), onRestart: () => this.#ask() });
  readonly #places = {
    verdict: element("div", {}, loadingState("the study", 240)),
    correlogram: element("div", {}, loadingState("the correlations", 420)),
    boosting: element("div", {}, loadingState("the forecasts", 420)),
    importance: this.importance,
    heldOut: element("div"),
    confidence: element("div"),
    throughTime: element("div"),
    years: element("div"),
    granger: this.granger,
    steps: this.steps,
  };
  #question: StudyQuestion | undefined;
  #file: Provenance | undefined;
  #look: StudyLook = { lag: 1, windowRows: 250, splitMs: 0 };
  #shown: ShownStudy | undefined;
  #boosting: BoostingByLag | undefined;
  #underWay: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runner: StudyRunner = new StudyRunner()) {
    this.#runner = runner;
    const places = this.#places;
    this.answer = element(
      "div",
      { class: "study-board" },
      places.verdict,
      places.correlogram,
      this.#progress.element,
      places.boosting,
    );
    this.evidence = element(
      "div",
      { class: "study-board" },
      element("div", { class: "study-pair" }, places.heldOut, places.confidence),
      element("div", { class: "study-columns" }, places.throughTime, places.years),
    );
  }

  /** Asks for a study; a question that follows within a moment takes its place. */
  show(question: StudyQuestion, file: Provenance): void {
    const isFirst = this.#question === undefined;
    this.#question = question;
    this.#file = file;
    this.#dim(true);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), isFirst ? 0 : DEBOUNCE_MS);
  }

  /** Draws what depends on the reader's lag, window and day again. */
  look(look: StudyLook): void {
    this.#look = look;
    const { importance, throughTime, years } = this.#places;
    const shown = this.#shown;
    if (!shown) return;
    throughTime.replaceChildren(throughTimeFigure(shown, look));
    years.replaceChildren(yearTable(shown, look));
    if (this.#boosting) importance.replaceChildren(importanceFigure(shown, this.#boosting, look.lag));
  }

  #ask(): void {
    const question = this.#question;
    if (!question) return;
    this.#underWay?.abort();
    const underWay = new AbortController();
    this.#underWay = underWay;
    this.#dim(true);
    const startedAtMs = performance.now();
    this.#runner
      .study(question, {
        signal: underWay.signal,
        onTested: (tested) => {
          this.#showTested({ ...tested, ...this.#named(question, tested.study) }, question);
          this.#progress.show({ kind: "running", done: 0, total: 1 });
        },
        onProgress: (done, total) => this.#progress.show({ kind: "running", done, total }),
      })
      .then(({ boosting }) => this.#showForecasts(boosting, performance.now() - startedAtMs))
      .catch((error: unknown) => this.#showFailure(error, question, underWay));
  }

  #named({ input }: StudyQuestion, { toMs, returns }: PairStudy): Omit<ShownStudy, keyof TestedPair> {
    const { source, target, factors = [] } = input;
    const file = this.#file ?? { source: "", asOf: "", rows: 0, dataset: "market", excluded: "" };
    return {
      source: source.name,
      target: target.name,
      factors: factors.map(({ name }) => name),
      provenance: { ...file, asOf: formatDay(toMs), rows: returns },
    };
  }

  #showTested(shown: ShownStudy, question: StudyQuestion): void {
    this.#shown = shown;
    const places = this.#places;
    places.verdict.replaceChildren(verdictPanel(shown.study, shown));
    places.correlogram.replaceChildren(studyCorrelogram(shown));
    places.heldOut.replaceChildren(heldOutFigure(shown));
    places.confidence.replaceChildren(lagConfidenceFigure(shown));
    places.granger.replaceChildren(grangerTable(shown));
    places.steps.replaceChildren(stepList(studySteps(question, shown.study)));
    this.#dim(false, places.boosting, places.importance);
    this.#setRefused(false);
    this.look(this.#look);
    this.lags.follow(shown.study.test.lead.lag);
  }

  #showForecasts(boosting: BoostingByLag | undefined, tookMs: number): void {
    this.#boosting = boosting;
    const { boosting: place, importance } = this.#places;
    this.#dim(false);
    if (!boosting || !this.#shown) {
      this.#progress.show({ kind: "idle" });
      return;
    }
    place.replaceChildren(boostingFigure(this.#shown, boosting));
    importance.replaceChildren(importanceFigure(this.#shown, boosting, this.#look.lag));
    this.#progress.show({ kind: "finished", fits: (boosting.lags.length + 1) * boosting.folds, tookMs });
  }

  #showFailure(error: unknown, question: StudyQuestion, underWay: AbortController): void {
    const code = isWorkbenchError(error) ? error.code : "INTERNAL";
    const message = error instanceof Error ? error.message : String(error);
    if (code === "CANCELLED") {
      if (underWay === this.#underWay) this.#progress.show({ kind: "cancelled" });
      return;
    }
    this.#progress.show({ kind: "idle" });
    this.#dim(false);
    this.#setRefused(true);
    const names = { source: question.input.source.name, target: question.input.target.name };
    this.#places.verdict.replaceChildren(
      code === "INTERNAL"
        ? errorState({
            title: "The study failed",
            kept: message,
            action: "The data is unchanged. Reload the page to try again.",
            code,
          })
        : refusedPanel(code, message, names),
    );
  }

  #setRefused(isRefused: boolean): void {
    for (const part of [this.answer, this.evidence, this.importance, this.granger, this.steps])
      part.classList.toggle("study-is-refused", isRefused);
  }

  /** Marks results of an earlier question; `except` stay as they are. */
  #dim(isDim: boolean, ...except: readonly HTMLElement[]): void {
    for (const place of Object.values(this.#places)) {
      if (except.includes(place)) continue;
      place.classList.toggle("is-outdated", isDim);
      place.setAttribute("aria-busy", String(isDim));
    }
  }
}
