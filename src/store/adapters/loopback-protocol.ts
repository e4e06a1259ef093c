import { deserialize, serialize } from "node:v8";
import { type ErrorCode, isWorkbenchError, WorkbenchError } from "../../engine/errors.js";
import type { SqlParameter } from "../database.js";

/*
 * One WebSocket connection is one database session; requests and answers alternate. A message is a byte that
 * tells control from COPY data, then its payload. Both ends are this program in the same version.
 */

export type LoopbackRequest =
  | { readonly op: "query"; readonly sql: string; readonly parameters: readonly SqlParameter[] }
  | { readonly op: "execute"; readonly sql: string }
  | { readonly op: "copy-in"; readonly sql: string }
  | { readonly op: "copy-in-end" }
  | { readonly op: "copy-in-fail"; readonly message: string }
  | { readonly op: "copy-out"; readonly sql: string }
  | { readonly op: "begin" | "commit" | "rollback" };

export type LoopbackAnswer =
  | { readonly kind: "done"; readonly value: unknown }
  | { readonly kind: "failed"; readonly code: ErrorCode; readonly message: string; readonly details: object };

const CONTROL = 0;
const DATA = 1;

export function controlMessage(content: LoopbackRequest | LoopbackAnswer): Uint8Array {
  const payload = serialize(content);
  const message = new Uint8Array(payload.length + 1);
  message[0] = CONTROL;
  message.set(payload, 1);
  return message;
}

export function dataMessage(payload: Uint8Array): Uint8Array {
  const message = new Uint8Array(payload.length + 1);
  message[0] = DATA;
  message.set(payload, 1);
  return message;
}

/** COPY bytes, or the control content when the message is not data. */
export function readMessage<Content>(
  message: Uint8Array,
): { readonly kind: "data"; readonly bytes: Uint8Array } | { readonly kind: "control"; readonly content: Content } {
  const payload = message.subarray(1);
  return message[0] === DATA
    ? { kind: "data", bytes: payload }
    : { kind: "control", content: deserialize(payload) as Content };
}

export function failureAnswer(error: unknown): LoopbackAnswer {
  if (isWorkbenchError(error)) {
    return { kind: "failed", code: error.code, message: error.message, details: { ...error.details } };
  }
  return { kind: "failed", code: "INTERNAL", message: (error as Error).message, details: {} };
}

export function toError(answer: Extract<LoopbackAnswer, { kind: "failed" }>): WorkbenchError {
  return new WorkbenchError(answer.code, answer.message, { details: { ...answer.details } });
}
