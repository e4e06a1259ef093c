import { useState } from "npm:react";
import {
  CONCURRENCY_POLICIES,
  MISSED_RUN_POLICIES,
  type WorkflowSettings,
  type WorkflowVariable,
} from "../../../engine/workflow/workflow-definition.js";
import { useCanvas, useEditorState } from "../canvas/canvas-context.js";
import { NumberEntry } from "./inspector.js";

const CONCURRENCY_WORDS = { skip: "skip the next", queue: "let the next wait", parallel: "let both run" } as const;
const MISSED_WORDS = { skip: "leave out", latest: "make up for the last", all: "make up for all" } as const;

/** What is true of the workflow as a whole. */
export function SettingsForm() {
  const { editor, isReadOnly } = useCanvas();
  const { definition } = useEditorState();
  const { settings } = definition;
  const set = (change: Partial<WorkflowSettings>) =>
    editor.change(
      (all) => ({ ...all, settings: { ...all.settings, ...change } }),
      `settings.${Object.keys(change).join()}`,
    );
  return (
    <div className="flow-inspector">
      <Field label="name">
        <input
          type="text"
          value={definition.name}
          disabled={isReadOnly}
          onChange={({ target }) => editor.change((all) => ({ ...all, name: target.value }), "name")}
        />
      </Field>
      <Field label="what it does">
        <textarea
          rows={3}
          value={definition.description}
          disabled={isReadOnly}
          onChange={({ target }) => editor.change((all) => ({ ...all, description: target.value }), "description")}
        />
      </Field>
      <Field label="risk profile" help="The limits that its orders are placed under; actions need one.">
        <input
          type="text"
          value={settings.riskProfile ?? ""}
          disabled={isReadOnly}
          onChange={({ target }) => {
            const { riskProfile: _, ...others } = settings;
            const named = target.value === "" ? others : { ...others, riskProfile: target.value };
            editor.change((all) => ({ ...all, settings: named }), "settings.riskProfile");
          }}
        />
      </Field>
      <Field label="deterministic" help="The same inputs, as-of time and seed give the same events.">
        <input
          type="checkbox"
          checked={settings.isDeterministic}
          disabled={isReadOnly}
          onChange={({ target }) => set({ isDeterministic: target.checked })}
        />
      </Field>
      <Field label="while a run is at work">
        <select
          value={settings.concurrency}
          disabled={isReadOnly}
          onChange={({ target }) => set({ concurrency: target.value as WorkflowSettings["concurrency"] })}
        >
          {CONCURRENCY_POLICIES.map((policy) => (
            <option key={policy} value={policy}>
              {CONCURRENCY_WORDS[policy]}
            </option>
          ))}
        </select>
      </Field>
      <Field label="schedules missed">
        <select
          value={settings.missedRuns}
          disabled={isReadOnly}
          onChange={({ target }) => set({ missedRuns: target.value as WorkflowSettings["missedRuns"] })}
        >
          {MISSED_RUN_POLICIES.map((policy) => (
            <option key={policy} value={policy}>
              {MISSED_WORDS[policy]}
            </option>
          ))}
        </select>
      </Field>
      <Field label="longest run (ms)">
        <NumberEntry
          value={settings.deadlineMs}
          placeholder={300_000}
          isDisabled={isReadOnly}
          onChange={(deadlineMs) => set({ deadlineMs: deadlineMs ?? 300_000 })}
        />
      </Field>
      <Field label="nodes at a time">
        <NumberEntry
          value={settings.parallelNodes}
          placeholder={8}
          isDisabled={isReadOnly}
          onChange={(parallelNodes) => set({ parallelNodes: parallelNodes ?? 8 })}
        />
      </Field>
      <Field label="seed">
        <NumberEntry
          value={settings.seed}
          placeholder={1}
          isDisabled={isReadOnly}
          onChange={(seed) => set({ seed: seed ?? 1 })}
        />
      </Field>
      <Variables variables={settings.variables} isReadOnly={isReadOnly} onChange={(variables) => set({ variables })} />
    </div>
  );
}

function Field({
  label,
  help,
  children,
}: {
  readonly label: string;
  readonly help?: string;
  readonly children: React.ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flow-parameter flow-parameter-wide">
      <span>{label}</span>
      {children}
      {help && <span className="flow-parameter-help">{help}</span>}
    </label>
  );
}

/** Values that are kept from run to run. Their type is that of the first value. */
function Variables({
  variables,
  isReadOnly,
  onChange,
}: {
  readonly variables: Readonly<Record<string, WorkflowVariable>>;
  readonly isReadOnly: boolean;
  readonly onChange: (variables: Record<string, WorkflowVariable>) => void;
}) {
  const [name, setName] = useState("");
  const isFree = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/.test(name) && !Object.hasOwn(variables, name);
  return (
    <fieldset className="flow-variables">
      <legend>Variables, kept from run to run</legend>
      {Object.entries(variables).map(([key, value]) => (
        <div key={key}>
          <code>{key}</code>
          <input
            type="text"
            aria-label={`first value of ${key}`}
            key={`${key}=${value}`}
            defaultValue={String(value)}
            disabled={isReadOnly}
            onBlur={({ target }) => onChange({ ...variables, [key]: variableOf(target.value) })}
          />
          <button
            type="button"
            className="button"
            disabled={isReadOnly}
            aria-label={`remove ${key}`}
            onClick={() => {
              const { [key]: _, ...others } = variables;
              onChange(others);
            }}
          >
            ×
          </button>
        </div>
      ))}
      {!isReadOnly && (
        <div>
          <input
            type="text"
            placeholder="new name"
            aria-label="name of a new variable"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <button
            type="button"
            className="button"
            disabled={!isFree}
            onClick={() => {
              onChange({ ...variables, [name]: 0 });
              setName("");
            }}
          >
            Add
          </button>
        </div>
      )}
    </fieldset>
  );
}

function variableOf(text: string): WorkflowVariable {
  if (text === "true" || text === "false") return text === "true";
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : text;
}
