import { WorkbenchError } from "../../engine/errors.js";
import type { PaperRequest, PaperRequestKind } from "../../store/queries/paper-orders.js";

export function unknownOrder(orderId: string): WorkbenchError {
  return new WorkbenchError(
    "NOT_FOUND",
    `unknown order: ${orderId.slice(0, 80)} (accepted: the id of an order of the recording paper broker)`,
    { details: { orderId: orderId.slice(0, 80) } },
  );
}

/** @throws ARGUMENT_INVALID for a key that came with another request: an order is not answered for a cancellation */
export function requireSameKind(earlier: PaperRequest, kind: PaperRequestKind, key: string): void {
  if (earlier.kind === kind) return;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid idempotency key: ${key.slice(0, 200)} came with a ${earlier.kind} before (accepted: a key of its own for a ${kind})`,
  );
}
