import { errorState } from "../frame/state-block.js";

/** Why a choice of series and days has no result. */
export function studyRefused({ code, message }: { readonly code: string; readonly message: string }): HTMLElement {
  return errorState({
    title: "This choice has no result",
    kept: message,
    action: "Choose other days, fewer lags or another pair. The data is unchanged.",
    code,
  });
}
