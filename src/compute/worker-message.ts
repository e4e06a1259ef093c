import { type ErrorCode, isWorkbenchError, WorkbenchError } from "../engine/errors.js";
import type { TaskInput, TaskKind } from "./tasks.js";

/** What a worker is asked. It answers one question before it gets the next. */
export interface TaskMessage {
  readonly kind: TaskKind;
  readonly input: TaskInput<TaskKind>;
}

/** What it answers. */
export type AnswerMessage =
  | { readonly kind: "done"; readonly output: unknown }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string; readonly details: object }
  /** Something nobody foresaw; the worker may be damaged. */
  | { readonly kind: "broke"; readonly reason: string };

/** An error as a message: classes do not survive the way between threads. */
export function messageOfError(error: unknown): AnswerMessage {
  if (isWorkbenchError(error)) {
    return { kind: "refused", code: error.code, message: error.message, details: error.details };
  }
  return { kind: "broke", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function errorOfMessage(answer: Exclude<AnswerMessage, { kind: "done" }>, task: TaskKind): WorkbenchError {
  if (answer.kind === "refused") {
    return new WorkbenchError(answer.code, answer.message, { details: { ...answer.details } });
  }
  return new WorkbenchError("INTERNAL", `the worker failed at ${task}: ${answer.reason.split("\n", 1)[0]}`, {
    cause: answer.reason,
  });
}
