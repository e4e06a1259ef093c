import { element } from "../element.js";
import { errorState, loadingState } from "./state-block.js";

/** Holds the place of a result that is being computed, shows it when it is there, and says so when it cannot be. */
export function pending(result: Promise<Node>, what: string, height: number): HTMLElement {
  const place = element("div", {}, loadingState(what, height));
  result.then(
    (node) => place.replaceChildren(node),
    (error: unknown) => place.replaceChildren(notComputed(what, error)),
  );
  return place;
}

function notComputed(what: string, error: unknown): HTMLElement {
  return errorState({
    title: `Could not compute ${what}`,
    kept: error instanceof Error ? error.message : String(error),
    action: "The rest of the page is not affected. Reload the page to try again.",
    code: "INTERNAL",
  });
}
