import { type ErrorCode, isWorkbenchError, type WorkbenchError } from "../../engine/errors.js";
import { insufficientData } from "../../engine/lead-lag/study-verdict.js";
import { refusedPair, type StudySubject } from "./study-answer.js";

/** Failures that are an answer about the series: no study can be made of them. */
const DATA_CODES: ReadonlySet<ErrorCode> = new Set([
  "SERIES_TOO_SHORT",
  "SERIES_CONSTANT",
  "SERIES_IDENTICAL",
  "SERIES_INVALID",
  "SERIES_MISALIGNED",
  "LAG_INVALID",
]);

export function isAboutTheData(error: unknown): error is WorkbenchError {
  return isWorkbenchError(error) && DATA_CODES.has(error.code);
}

/** A study that could not be made, in the fields of one that could. */
export function refusedStudy({ code, message }: WorkbenchError, subject: StudySubject) {
  return {
    studyId: null,
    ...refusedPair(insufficientData(code, message), subject),
    bootstrap: null,
    hacInterval: null,
    signStability: null,
    comparison: null,
    blocks: [],
    granger: [],
    error: { code, message },
  };
}
