import type { ErrorCode } from "../../engine/errors.js";
import type { BoostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import type { StudyQuestion, TestedPair } from "./study-question.js";

/** What the page says to its study worker. A number names one question. */
export type StudyMessage =
  | { readonly kind: "ask"; readonly number: number; readonly question: StudyQuestion }
  | { readonly kind: "cancel"; readonly number: number };

/** What the worker answers: `tested` at once, then `progress`, and last `finished` or `refused`. */
export type StudyAnswer = { readonly number: number } & (
  | { readonly kind: "tested"; readonly tested: TestedPair; readonly tookMs: number }
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  | { readonly kind: "finished"; readonly boosting: BoostingByLag | undefined; readonly tookMs: number }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly message: string }
);
