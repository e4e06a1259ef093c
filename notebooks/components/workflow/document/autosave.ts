import type { WorkflowDefinition } from "../../../engine/workflow/workflow-definition.js";
import { WorkflowRequestError, workflowClient } from "../workflow-client.js";
import type { SaveState } from "./save-state.js";
import type { WorkflowEditor } from "./workflow-editor.js";

const QUIET_MS = 1_500;
const RETRY_MS = 5_000;

/**
 * Saves what is on the canvas as a new revision when the person pauses, one save at a time. What could not be saved
 * stays on the canvas and is tried again; what someone else saved since is never written over.
 */
export class Autosave {
  readonly #editor: WorkflowEditor;
  readonly #id: string;
  readonly #onState: (state: SaveState) => void;
  readonly #stopFollowing: () => void;
  #saved: WorkflowDefinition;
  #revision: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> | undefined;
  #isHeld = false;

  constructor({
    editor,
    id,
    revision,
    onState,
  }: {
    readonly editor: WorkflowEditor;
    readonly id: string;
    readonly revision: number;
    readonly onState: (state: SaveState) => void;
  }) {
    this.#editor = editor;
    this.#id = id;
    this.#revision = revision;
    this.#saved = editor.definition;
    this.#onState = onState;
    this.#stopFollowing = editor.subscribe(() => this.#changed());
    onState({ kind: "saved", revision });
  }

  /** The revision that holds what is on the canvas; saves first where it is newer. @throws WorkflowRequestError */
  async settled(): Promise<number> {
    clearTimeout(this.#timer);
    await this.#saving;
    if (this.#isDirty) await this.#save();
    if (this.#isDirty) throw new WorkflowRequestError("NOT_SAVED", "The workflow on the canvas could not be saved.");
    return this.#revision;
  }

  /** Saves what is left and follows the canvas no more. */
  close(): void {
    this.#stopFollowing();
    clearTimeout(this.#timer);
    if (this.#isDirty && !this.#isHeld) void this.#save();
  }

  get #isDirty(): boolean {
    return this.#editor.definition !== this.#saved;
  }

  #changed(): void {
    if (!this.#isDirty || this.#isHeld) return;
    this.#onState({ kind: "edited" });
    this.#later(QUIET_MS);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#save(), ms);
  }

  #save(): Promise<void> {
    this.#saving ??= this.#saveOnce().then((pauseMs) => {
      this.#saving = undefined;
      if (this.#isDirty && !this.#isHeld) this.#later(pauseMs);
    });
    return this.#saving;
  }

  /** The pause before the next save. */
  async #saveOnce(): Promise<number> {
    const definition = this.#editor.definition;
    this.#onState({ kind: "saving" });
    try {
      const { revision } = await workflowClient.save(this.#id, definition, this.#revision);
      this.#revision = revision;
      this.#saved = definition;
      this.#onState(this.#isDirty ? { kind: "edited" } : { kind: "saved", revision });
      return QUIET_MS;
    } catch (error) {
      this.#isHeld = error instanceof WorkflowRequestError && error.code === "WORKFLOW_CHANGED";
      this.#onState(this.#isHeld ? { kind: "conflict" } : { kind: "failed", message: (error as Error).message });
      return RETRY_MS;
    }
  }
}
