/** Runs a task once, later; the function it returns takes that back. */
export type Schedule = (task: () => void, delayMs: number) => () => void;

export const scheduleOnTimers: Schedule = (task, delayMs) => {
  const timer = setTimeout(task, delayMs);
  return () => clearTimeout(timer);
};

/** Resolves after `delayMs`, or as soon as the signal aborts. */
export function waitFor(delayMs: number, schedule: Schedule, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = schedule(done, delayMs);
    signal.addEventListener("abort", done);
  });
}
