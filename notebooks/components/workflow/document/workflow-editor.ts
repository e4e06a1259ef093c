import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import { validateWorkflow, type WorkflowValidation } from "../../../engine/workflow/validate-workflow.js";
import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import type { WorkflowProblem } from "../../../engine/workflow/workflow-problem.js";
import { changed, type History, newHistory, redone, undone } from "./history.js";

/** What the editor shows at a moment. A new object after each change. */
export interface EditorState {
  readonly definition: WorkflowDefinition;
  readonly validation: WorkflowValidation;
  readonly problemsByNode: ReadonlyMap<string, readonly WorkflowProblem[]>;
  readonly problemsByEdge: ReadonlyMap<string, readonly WorkflowProblem[]>;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

/** A change of the definition, and a name for changes that are to be undone together. */
export type Change = (definition: WorkflowDefinition) => WorkflowDefinition;

/** A workflow being edited: its definition with undo, and what is wrong with it. Told to whoever subscribes. */
export class WorkflowEditor {
  readonly catalogue: NodeCatalogue;
  #history: History<WorkflowDefinition>;
  #state: EditorState;
  readonly #listeners = new Set<() => void>();
  #checking: ReturnType<typeof setTimeout> | undefined;

  constructor(definition: WorkflowDefinition, catalogue: NodeCatalogue) {
    this.catalogue = catalogue;
    this.#history = newHistory(definition);
    this.#state = this.#stateWith(validateWorkflow(definition, catalogue));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): EditorState => this.#state;

  get definition(): WorkflowDefinition {
    return this.#history.present;
  }

  change(change: Change, name?: string): void {
    this.#show(changed(this.#history, change(this.#history.present), name));
  }

  undo(): void {
    this.#show(undone(this.#history));
  }

  redo(): void {
    this.#show(redone(this.#history));
  }

  #show(history: History<WorkflowDefinition>): void {
    if (history === this.#history) return;
    const isEdited = history.present !== this.#history.present;
    this.#history = history;
    this.#state = this.#stateWith(this.#state.validation);
    if (isEdited) this.#checkSoon();
    for (const listener of this.#listeners) listener();
  }

  /** Not at every keystroke: a thousand nodes are checked within a few ms, but not within a frame of typing. */
  #checkSoon(): void {
    clearTimeout(this.#checking);
    this.#checking = setTimeout(() => {
      this.#state = this.#stateWith(validateWorkflow(this.#history.present, this.catalogue));
      for (const listener of this.#listeners) listener();
    }, 120);
  }

  #stateWith(validation: WorkflowValidation): EditorState {
    const { present, past, future } = this.#history;
    return {
      definition: present,
      validation,
      problemsByNode: problemsBy(validation.problems, ({ nodeIds }) => nodeIds),
      problemsByEdge: problemsBy(validation.problems, ({ edgeIds }) => edgeIds),
      canUndo: past.length > 0,
      canRedo: future.length > 0,
    };
  }
}

function problemsBy(
  problems: readonly WorkflowProblem[],
  idsOf: (problem: WorkflowProblem) => readonly string[],
): ReadonlyMap<string, readonly WorkflowProblem[]> {
  const byId = new Map<string, WorkflowProblem[]>();
  for (const problem of problems) {
    for (const id of idsOf(problem)) byId.set(id, [...(byId.get(id) ?? []), problem]);
  }
  return byId;
}
