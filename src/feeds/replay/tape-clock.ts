import { WorkbenchError } from "../../engine/errors.js";

/** Seconds of the tape per second of the machine; `max`, or `Infinity`, is as fast as the consumer takes. */
export type ReplaySpeed = number | "max";

/** A tape that is behind by more than this much machine time goes on from where it is, instead of catching up. */
const LONGEST_CATCH_UP_MS = 1_000;

/**
 * Time as it passes on a tape. It stands until `begin`, while paused, and at the next event that was not yet
 * delivered; it goes back only by `seek`.
 */
export class TapeClock {
  readonly #machineNowMs: () => number;
  #speed: ReplaySpeed;
  #isPaused = false;
  #hasBegun = false;
  #tapeAnchorMs: number;
  #machineAnchorMs = 0;
  #limitMs: number;

  constructor({
    startMs,
    speed,
    machineNowMs,
  }: {
    startMs: number;
    speed: ReplaySpeed;
    machineNowMs: () => number;
  }) {
    this.#machineNowMs = machineNowMs;
    this.#speed = replaySpeed(speed);
    this.#tapeAnchorMs = startMs;
    this.#limitMs = startMs;
  }

  get speed(): ReplaySpeed {
    return this.#speed;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  nowMs(): number {
    return Math.min(this.#scheduleMs(), this.#limitMs);
  }

  /** Machine milliseconds until an instant of the tape; infinite while the clock stands. */
  untilMs(tapeMs: number): number {
    if (this.#isPaused || !this.#hasBegun) return Number.POSITIVE_INFINITY;
    if (this.#speed === "max") return 0;
    return Math.max(0, (tapeMs - this.#scheduleMs()) / this.#speed);
  }

  /** The tape lies open: time passes from here on. */
  begin(): void {
    this.#anchor(this.#tapeAnchorMs);
    this.#hasBegun = true;
  }

  /** Time may pass up to the next event that was not delivered. */
  allowUntil(tapeMs: number): void {
    const before = this.nowMs();
    this.#limitMs = Math.max(before, tapeMs);
    if (this.#speed === "max") return;
    if (this.#scheduleMs() - before > LONGEST_CATCH_UP_MS * this.#speed) this.#anchor(before);
  }

  /** An event of this time goes out. */
  delivered(tapeMs: number): void {
    if (this.#speed === "max") this.#anchor(Math.max(this.#tapeAnchorMs, tapeMs));
    this.#limitMs = Math.max(this.#limitMs, tapeMs);
  }

  /** The clock stands at `tapeMs` until `begin`. */
  seek(tapeMs: number): void {
    this.#hasBegun = false;
    this.#tapeAnchorMs = tapeMs;
    this.#limitMs = tapeMs;
  }

  pause(): void {
    this.#anchor(this.nowMs());
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#anchor(this.#tapeAnchorMs);
  }

  /** @throws ARGUMENT_INVALID */
  setSpeed(speed: ReplaySpeed): void {
    const accepted = replaySpeed(speed);
    this.#anchor(this.nowMs());
    this.#speed = accepted;
  }

  #scheduleMs(): number {
    if (this.#isPaused || !this.#hasBegun || this.#speed === "max") return this.#tapeAnchorMs;
    return this.#tapeAnchorMs + (this.#machineNowMs() - this.#machineAnchorMs) * this.#speed;
  }

  #anchor(tapeMs: number): void {
    this.#tapeAnchorMs = tapeMs;
    this.#machineAnchorMs = this.#machineNowMs();
  }
}

/** @throws ARGUMENT_INVALID */
function replaySpeed(speed: ReplaySpeed): ReplaySpeed {
  if (speed === "max" || speed === Number.POSITIVE_INFINITY) return "max";
  if (speed > 0) return speed;
  throw new WorkbenchError("ARGUMENT_INVALID", `invalid speed: ${speed} (accepted: a number above 0, or max)`, {
    details: { speed },
  });
}
