/** The time a run lives in. */
export interface RunClock {
  /** UTC epoch ms; may jump in either direction. */
  nowMs(): number;
  /**
   * Resolves after that many milliseconds, measured by something that does not jump, and after 0 when timers and input
   * had their turn. Once the signal aborts it holds nothing back; whether it then resolves, rejects or does neither is
   * its own affair.
   */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
