/** Where what is on the canvas is kept. */
export type SaveState =
  | { readonly kind: "saved"; readonly revision: number }
  | { readonly kind: "edited" }
  | { readonly kind: "saving" }
  /** Someone else saved a revision since; ours is on the canvas alone. */
  | { readonly kind: "conflict" }
  | { readonly kind: "failed"; readonly message: string }
  /** Nobody stores workflows here: what is on the canvas is kept in the browser. */
  | { readonly kind: "local" };

export function saveWords(state: SaveState): string {
  switch (state.kind) {
    case "saved":
      return `Revision ${state.revision} saved`;
    case "edited":
      return "Edited";
    case "saving":
      return "Saving";
    case "conflict":
      return "Saved elsewhere since: reload, or save a copy";
    case "failed":
      return `Not saved: ${state.message}`;
    case "local":
      return "Kept in this browser";
  }
}
