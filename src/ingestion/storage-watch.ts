import { MS_PER_SECOND } from "../engine/units/epoch-ms.js";
import type { SpoolStatus } from "./ingestion-status.js";

/**
 * Notices a database that neither stores nor fails: ticks wait, and none was stored for some time. Times are those of
 * a clock that never jumps, in ms.
 */
export class StorageWatch {
  readonly #behindAfterMs: number;
  readonly #batchTicks: number;
  #progressAtMs: number;
  #isBehind = false;

  /** @param batchTicks fewer than so many waiting ticks are no backlog */
  constructor({ behindAfterMs, batchTicks }: { behindAfterMs: number; batchTicks: number }, nowMs: number) {
    this.#behindAfterMs = behindAfterMs;
    this.#batchTicks = batchTicks;
    this.#progressAtMs = nowMs;
  }

  onStored(nowMs: number): void {
    this.#progressAtMs = nowMs;
  }

  /** The reason why storage hangs, `undefined` when it does not; `isBehind` until the backlog is stored as well. */
  at(
    nowMs: number,
    { isWaiting, pendingTicks }: { isWaiting: boolean } & Pick<SpoolStatus, "pendingTicks">,
  ): { readonly hanging: string | undefined; readonly isBehind: boolean } {
    if (!isWaiting) this.#progressAtMs = nowMs;
    const silentMs = nowMs - this.#progressAtMs;
    const isHanging = silentMs >= this.#behindAfterMs;
    if (isHanging) this.#isBehind = true;
    else if (!isWaiting || pendingTicks < this.#batchTicks) this.#isBehind = false;
    const ticks = pendingTicks === 1 ? "1 tick waits" : `${pendingTicks} ticks wait`;
    return {
      hanging: isHanging
        ? `nothing was stored for ${Math.floor(silentMs / MS_PER_SECOND)} s; ${ticks} in the spool`
        : undefined,
      isBehind: this.#isBehind,
    };
  }
}
