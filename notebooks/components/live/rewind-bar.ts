import { element } from "../element.js";
import { formatInstant, formatTime, parseInstant } from "../format/time-format.js";
import type { LiveMarket } from "./live.js";
import { type LiveState, marketTimeAt, type ReplayStatus } from "./live-state.js";
import { REPLAY_SPEEDS, type RewindPlace, readRewindPlace, writeRewindPlace } from "./rewind-address.js";
import { whileShown } from "./shown-element.js";

const FIRST_STEP_BACK_MS = 15 * 60_000;
const MS_PER_MINUTE = 60_000;

/**
 * The way to the past of the same page: an instant to begin at, then play, pause, pace and a slider, and the way back.
 * Nothing where the page does not follow a stream. The place stands in the address, so that it can be sent.
 */
export function rewindBar(live: LiveMarket): { readonly button: HTMLElement; readonly bar: HTMLElement } {
  const bar = element("div", { class: "rewind", hidden: true });
  const problem = element("p", { class: "field-problem", role: "alert" });
  const beginning = beginningControls(live, problem);
  const running = runningControls(live);
  bar.append(beginning.form, running.node, problem);
  beginning.button.hidden = true;
  let hasAsked = false;
  whileShown<LiveState>(
    bar,
    (listener) => live.state.follow(listener),
    (state) => {
      const isOpen = state.link.kind === "open";
      const canRewind = isOpen && state.status !== undefined && state.status.feed !== "none";
      bar.hidden = !canRewind;
      if (canRewind && !hasAsked) {
        hasAsked = true;
        const place = readRewindPlace(location.search);
        if (place && !state.replay) live.rewind(place);
      }
      if (state.replay) beginning.form.hidden = true;
      beginning.button.hidden = !canRewind || state.replay !== undefined || !beginning.form.hidden;
      running.node.hidden = state.replay === undefined;
      if (state.replay) running.show(state.replay);
      problem.textContent = state.complaint ?? "";
    },
  );
  return { button: beginning.button, bar };
}

function beginningControls(live: LiveMarket, problem: HTMLElement) {
  const input = element("input", {
    type: "text",
    class: "rewind-instant",
    "aria-label": "Replay from, as YYYY-MM-DD HH:MM in Ho Chi Minh City",
    title: "a time as YYYY-MM-DD HH:MM, in Ho Chi Minh City",
    maxlength: 19,
    autocomplete: "off",
    spellcheck: "false",
  });
  const speed = speedSelect();
  const form = element(
    "form",
    { class: "rewind-form", hidden: true, onsubmit: play },
    element("label", { class: "rewind-label" }, "From", input),
    element("label", { class: "rewind-label" }, "Pace", speed),
    element("button", { type: "submit", class: "button" }, "▶ Play"),
    element("button", { type: "button", class: "button", onclick: () => open(false) }, "Cancel"),
  );
  const button = element("button", { type: "button", class: "button", onclick: () => open(true) }, "◀◀ Rewind");
  button.title = "Show a past stretch of the market on this page";
  form.addEventListener("keydown", ({ key }) => key === "Escape" && open(false));
  return { button, form };

  function open(isOpen: boolean): void {
    form.hidden = !isOpen;
    button.hidden = isOpen;
    problem.textContent = "";
    if (!isOpen) {
      button.focus();
      return;
    }
    const { status } = live.state.value;
    const now = status?.lastEventTimeMs ?? marketTimeAt(live.state.value, Date.now()) ?? Date.now();
    const from = Math.floor((now - FIRST_STEP_BACK_MS) / MS_PER_MINUTE) * MS_PER_MINUTE;
    if (input.value === "") input.value = formatInstant(from).slice(0, 16);
    input.focus();
    input.select();
  }

  function play(event: Event): void {
    event.preventDefault();
    const fromMs = parseInstant(input.value);
    if (Number.isNaN(fromMs)) {
      problem.textContent = `“${input.value}” is no time as YYYY-MM-DD HH:MM`;
      input.focus();
      return;
    }
    const place = { fromMs, speed: Number(speed.value) };
    keepInAddress(place);
    live.rewind(place);
  }
}

function runningControls(live: LiveMarket) {
  let shown: ReplayStatus | undefined;
  const toggle = element("button", { type: "button", class: "button rewind-toggle", onclick: playOrPause });
  const slider = element("input", {
    type: "range",
    class: "rewind-slider",
    step: 1_000,
    "aria-label": "Time within the replay",
    oninput: () => (clock.textContent = formatInstant(Number(slider.value))),
    onchange: () => live.seekReplay(Number(slider.value)),
  });
  const clock = element("output", { class: "rewind-clock number" });
  const ends = [element("span", { class: "muted number" }), element("span", { class: "muted number" })] as const;
  const speed = speedSelect();
  speed.addEventListener("change", () => {
    live.setReplaySpeed(Number(speed.value));
    if (shown) keepInAddress({ fromMs: shown.fromMs, speed: Number(speed.value) });
  });
  const back = element("button", { type: "button", class: "button rewind-back", onclick: leave }, "Back to live");
  const node = element(
    "div",
    { class: "rewind-running", role: "group", "aria-label": "Replay", hidden: true },
    toggle,
    clock,
    ends[0],
    slider,
    ends[1],
    speed,
    back,
  );
  return { node, show };

  function show(replay: ReplayStatus): void {
    shown = replay;
    toggle.textContent = replay.state === "running" ? "❚❚ Pause" : replay.state === "paused" ? "▶ Play" : "↺ Again";
    slider.min = String(replay.fromMs);
    slider.max = String(replay.toMs);
    if (document.activeElement !== slider || !slider.matches(":active")) {
      slider.value = String(replay.asOfMs);
      clock.textContent = formatInstant(replay.asOfMs);
    }
    slider.setAttribute("aria-valuetext", formatInstant(replay.asOfMs));
    ends[0].textContent = formatTime(replay.fromMs).slice(0, 5);
    ends[1].textContent = formatTime(replay.toMs).slice(0, 5);
    if (document.activeElement !== speed) speed.value = String(replay.speed);
  }

  function playOrPause(): void {
    if (!shown) return;
    if (shown.state === "running") live.pauseReplay();
    else if (shown.state === "paused") live.resumeReplay();
    else live.rewind({ fromMs: shown.fromMs, toMs: shown.toMs, speed: shown.speed });
  }

  function leave(): void {
    keepInAddress(undefined);
    live.backToLive();
  }
}

function speedSelect(): HTMLSelectElement {
  const select = element(
    "select",
    { class: "rewind-speed", "aria-label": "Pace" },
    REPLAY_SPEEDS.map((speed) => element("option", { value: speed }, `${speed}×`)),
  );
  select.value = "10";
  return select;
}

function keepInAddress(place: RewindPlace | undefined): void {
  const query = writeRewindPlace(location.search, place);
  history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
}
