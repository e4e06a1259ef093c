import { WorkbenchError } from "../errors.js";

const MAX_WINDOW = 100_000;

/** @throws WINDOW_INVALID unless the window is an integer from `min` to 100,000. */
export function requireWindow(
  window: number,
  { name = "window", min = 1 }: { name?: string; min?: number } = {},
): void {
  if (Number.isInteger(window) && window >= min && window <= MAX_WINDOW) return;
  throw new WorkbenchError(
    "WINDOW_INVALID",
    `invalid ${name}: ${window} (accepted: an integer from ${min} to ${MAX_WINDOW})`,
    { details: { name, window } },
  );
}
