import { element } from "../element.js";

export type ProgressState =
  | { readonly kind: "running"; readonly done: number; readonly total: number }
  | { readonly kind: "finished"; readonly fits: number; readonly tookMs: number }
  | { readonly kind: "cancelled" }
  | { readonly kind: "idle" };

/** How far the training is, with the button that stops it and the one that begins again. Holds its height. */
export class StudyProgress {
  readonly element = element("div", { class: "study-progress" });
  readonly #bar = element("progress", { max: 1, value: 0, "aria-label": "Training" });
  readonly #words = element("span", { role: "status" });
  readonly #button: HTMLButtonElement;
  #isRunning = false;

  constructor({ onCancel, onRestart }: { onCancel: () => void; onRestart: () => void }) {
    this.#button = element("button", {
      type: "button",
      class: "button",
      onclick: () => (this.#isRunning ? onCancel() : onRestart()),
    });
    this.element.append(this.#bar, this.#words, this.#button);
    this.show({ kind: "idle" });
  }

  show(state: ProgressState): void {
    this.#isRunning = state.kind === "running";
    this.#bar.hidden = !this.#isRunning;
    this.#button.hidden = state.kind !== "running" && state.kind !== "cancelled";
    this.#button.textContent = this.#isRunning ? "Cancel" : "Train again";
    if (state.kind === "running") {
      this.#bar.max = Math.max(1, state.total);
      this.#bar.value = state.done;
    }
    // Every fit would be news to a screen reader: only beginnings and ends are.
    const words = progressWords(state);
    if (words !== this.#words.textContent) this.#words.textContent = words;
  }
}

function progressWords(state: ProgressState): string {
  switch (state.kind) {
    case "running":
      return "Training trees at every lag …";
    case "finished":
      return `${state.fits.toLocaleString("en-US")} models trained in ${(state.tookMs / 1_000).toFixed(1)} s, in this page.`;
    case "cancelled":
      return "Training was cancelled. The rest of the study stands.";
    case "idle":
      return "";
  }
}
