import { encodePortValue } from "../../../../src/engine/workflow/port-value-codec.js";
import type { RunState } from "../../../../src/engine/workflow/run-state.js";

/** How every step ended, whenever it did. */
export function endOf(state: RunState) {
  const steps = [...state.steps].map(([name, step]) => {
    switch (step.kind) {
      case "succeeded":
        return [name, Object.entries(step.result.outputs).map(([port, value]) => [port, encodePortValue(value)])];
      case "failed":
        return [name, step.code, step.message];
      case "pruned":
        return [name, step.reason, step.because];
      default:
        return [name, step.kind];
    }
  });
  return { status: state.status, message: state.message, steps: steps.sort(([a], [b]) => (a! < b! ? -1 : 1)) };
}
