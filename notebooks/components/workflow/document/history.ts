/** Past and future of a document, for undo and redo. Immutable. */
export interface History<Document> {
  readonly past: readonly Document[];
  readonly present: Document;
  readonly future: readonly Document[];
  /** Changes of one kind in a row, such as typing in one field, are one step back. */
  readonly lastChange: string | undefined;
}

const MOST_STEPS = 200;

export function newHistory<Document>(present: Document): History<Document> {
  return { past: [], present, future: [], lastChange: undefined };
}

/** The history after a change; `change` names what was changed where neighbours are to be undone together. */
export function changed<Document>(history: History<Document>, present: Document, change?: string): History<Document> {
  if (present === history.present) return history;
  const continues = change !== undefined && change === history.lastChange;
  const past = continues ? history.past : [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present, future: [], lastChange: change };
}

/** One step back; the history itself at its beginning. */
export function undone<Document>(history: History<Document>): History<Document> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present,
    future: [history.present, ...history.future],
    lastChange: undefined,
  };
}

/** One step forward again; the history itself at its end. */
export function redone<Document>(history: History<Document>): History<Document> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, lastChange: undefined };
}
