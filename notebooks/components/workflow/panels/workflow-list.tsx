import { useRef } from "npm:react";
import type { WorkflowSummary } from "../../../contracts/workflow-api.js";
import { RUN_WORDS } from "../run/run-words.js";

type Entry = Pick<WorkflowSummary, "id" | "name" | "description" | "isExample" | "activeRevision" | "lastRun">;

interface WorkflowListProps {
  readonly entries: readonly Entry[];
  readonly shownId: string | undefined;
  readonly isStored: boolean;
  readonly onSelect: (id: string) => void;
  readonly onCreate: () => void;
  readonly onCopy: () => void;
  readonly onImport: (file: File) => void;
  readonly onArchive: (id: string) => void;
}

/** Which workflow is on the desk, and what can be done with whole workflows. */
export function WorkflowList({
  entries,
  shownId,
  isStored,
  onSelect,
  onCreate,
  onCopy,
  onImport,
  onArchive,
}: WorkflowListProps) {
  const file = useRef<HTMLInputElement>(null);
  const shown = entries.find(({ id }) => id === shownId);
  return (
    <div className="flow-list">
      <label className="field">
        workflow
        <select value={shownId ?? ""} onChange={({ target }) => onSelect(target.value)}>
          {entries.map(({ id, name, isExample, activeRevision, lastRun }) => (
            <option key={id} value={id}>
              {name}
              {activeRevision === null ? "" : " · active"}
              {lastRun === null ? "" : ` · last run ${RUN_WORDS[lastRun.status]}`}
              {isExample ? " · example" : ""}
            </option>
          ))}
        </select>
      </label>
      {isStored ? (
        <div className="button-bar">
          <button type="button" className="button" onClick={onCreate}>
            New
          </button>
          <button type="button" className="button" disabled={!shown} onClick={onCopy}>
            Save a copy
          </button>
          <button type="button" className="button" onClick={() => file.current?.click()}>
            Import
          </button>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            hidden
            aria-label="workflow file"
            onChange={({ target }) => {
              const chosen = target.files?.[0];
              if (chosen) onImport(chosen);
              target.value = "";
            }}
          />
          <button
            type="button"
            className="button"
            disabled={!shown}
            onClick={() => {
              if (shown && confirm(`Put “${shown.name}” away? Its runs stay.`)) onArchive(shown.id);
            }}
          >
            Archive
          </button>
        </div>
      ) : (
        <p className="muted">
          A snapshot: workflows can be read, changed and exported here. They run in a workbench: <code>npm start</code>.
        </p>
      )}
      {shown?.description && <p className="flow-description">{shown.description}</p>}
    </div>
  );
}
