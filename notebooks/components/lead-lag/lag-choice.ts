import { type Control, readAddress, writeAddress } from "../controls/address-state.js";
import { sliderField } from "../controls/labelled-input.js";

/** The lag that figures look at: the study's own until the reader moves it, then the reader's, which the address keeps. */
export class LagChoice {
  readonly control: Control<number>;
  #isChosen: boolean;
  #isFollowing = false;

  constructor({ label, max }: { label: string; max: number }) {
    const text = readAddress(location.search, "lag", "");
    const lag = Number(text);
    this.#isChosen = text !== "" && Number.isSafeInteger(lag) && lag >= 0 && lag <= max;
    this.control = sliderField({ label, value: this.#isChosen ? lag : 1, min: 0, max, unit: " d" });
    this.control.addEventListener("input", () => {
      if (this.#isFollowing) return;
      this.#isChosen = true;
      const query = writeAddress(location.search, "lag", String(this.control.value), "");
      history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
    });
  }

  /** Moves to the lag of a new study, unless the reader has chosen one. */
  follow(lag: number): void {
    if (this.#isChosen || lag === this.control.value) return;
    this.#isFollowing = true;
    this.control.value = lag;
    this.control.dispatchEvent(new Event("input", { bubbles: true }));
    this.#isFollowing = false;
  }
}
