import { WorkbenchError } from "../../../engine/errors.js";

/** @throws CANCELLED when the signal was aborted */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled(signal);
}

export function cancelled({ reason }: AbortSignal): WorkbenchError {
  const because = reason instanceof Error ? reason.message : String(reason);
  return new WorkbenchError("CANCELLED", `the step was cancelled: ${because}`, { cause: reason });
}
