import { element } from "../element.js";
import { errorState, loadingState } from "../frame/state-block.js";
import { bestLagFigure } from "./best-lag-figure.js";
import type { SimulationAnswer, SimulationRequest } from "./methods-worker.js";
import { levelsFigure } from "./price-levels-figure.js";
import type { SimulationSettings } from "./simulated-pairs.js";
import { treesFigure } from "./trees-on-prices-figure.js";
import { winnersCurseFigure } from "./winners-curse-figure.js";

const DEBOUNCE_MS = 120;

/** The figures of the simulations, computed in a worker; those of earlier settings are dimmed meanwhile. */
export class MethodsBoard {
  readonly places = {
    levels: element("div", {}, loadingState("unrelated prices", 480)),
    "best-lags": element("div", {}, loadingState("the best lags of noise", 360)),
    trees: element("div", {}, loadingState("trees on prices", 360)),
    "winners-curse": element("div", {}, loadingState("chosen and tested lags", 420)),
  };
  readonly #worker: Worker;
  #number = -1;
  #settings: SimulationSettings | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(worker = new Worker(import.meta.resolve("./methods-worker.js"), { type: "module" })) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<SimulationAnswer>) => this.#hear(data));
    worker.addEventListener("error", ({ message }) => this.#fail(message));
  }

  show(settings: SimulationSettings): void {
    for (const place of Object.values(this.places)) setOutdated(place, true);
    clearTimeout(this.#timer);
    const ask = () => {
      this.#settings = settings;
      const request: SimulationRequest = { number: ++this.#number, settings };
      this.#worker.postMessage(request);
    };
    this.#timer = setTimeout(ask, this.#number < 0 ? 0 : DEBOUNCE_MS);
  }

  #hear(answer: SimulationAnswer): void {
    if (answer.number !== this.#number || !this.#settings) return;
    const place = this.places[answer.part];
    place.replaceChildren(figureOf(answer, this.#settings));
    setOutdated(place, false);
  }

  #fail(message: string): void {
    const problem = {
      title: "The simulations stopped",
      kept: message || "The worker of this page could not be started.",
      action: "Reload the page to try again.",
      code: "INTERNAL",
    };
    for (const place of Object.values(this.places)) {
      place.replaceChildren(errorState(problem));
      setOutdated(place, false);
    }
  }
}

function figureOf(answer: SimulationAnswer, settings: SimulationSettings): HTMLElement {
  switch (answer.part) {
    case "levels":
      return levelsFigure(answer.result, settings);
    case "best-lags":
      return bestLagFigure(answer.result, settings);
    case "winners-curse":
      return winnersCurseFigure(answer.result, settings);
    case "trees":
      return treesFigure(answer.result, settings);
  }
}

function setOutdated(place: HTMLElement, isOutdated: boolean): void {
  place.classList.toggle("is-outdated", isOutdated);
  place.setAttribute("aria-busy", String(isOutdated));
}
