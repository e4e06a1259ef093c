import type { RunMode } from "../../../engine/workflow/run-event.js";
import { useCanvas, useEditorState } from "../canvas/canvas-context.js";
import { type SaveState, saveWords } from "../document/save-state.js";

export interface ToolbarActions {
  readonly onLayout: () => void;
  readonly onFit: () => void;
  readonly onGroup: () => void;
  readonly onCopy: () => void;
  readonly onPaste: () => void;
  readonly onRun: (mode: RunMode) => void;
  readonly onActivate: () => void;
  readonly onDeactivate: () => void;
  readonly onExport: () => void;
}

interface ToolbarProps extends ToolbarActions {
  readonly saveState: SaveState;
  readonly activeRevision: number | null;
  readonly hasServer: boolean;
  readonly isRunning: boolean;
  readonly hasSelection: boolean;
  readonly isFull: boolean;
  readonly onFull: () => void;
}

/** What can be done with the workflow; every button names its key. */
export function Toolbar(props: ToolbarProps) {
  const { editor, isReadOnly } = useCanvas();
  const { canUndo, canRedo, validation } = useEditorState();
  const { saveState, activeRevision, hasServer, isRunning, hasSelection } = props;
  return (
    <div className="flow-toolbar" role="toolbar" aria-label="Workflow">
      {!isReadOnly && (
        <>
          <Tool label="Undo" keys="Ctrl+Z" isOff={!canUndo} onUse={() => editor.undo()} />
          <Tool label="Redo" keys="Ctrl+Shift+Z" isOff={!canRedo} onUse={() => editor.redo()} />
          <Tool label="Copy" keys="Ctrl+C" isOff={!hasSelection} onUse={props.onCopy} />
          <Tool label="Paste" keys="Ctrl+V" onUse={props.onPaste} />
          <Tool label="Group" keys="Ctrl+G" isOff={!hasSelection} onUse={props.onGroup} />
          <Tool label="Arrange" keys="L" onUse={props.onLayout} />
        </>
      )}
      <Tool label="Fit" keys="F" onUse={props.onFit} />
      <Tool label={props.isFull ? "Back to the page" : "Full window"} keys="" onUse={props.onFull} />
      <Tool label="Export" keys="" onUse={props.onExport} />
      <span className="flow-save" role="status" data-save={saveState.kind}>
        {saveWords(saveState)}
      </span>
      <span className="flow-toolbar-right">
        {hasServer && (
          <>
            <Tool
              label="Dry run"
              keys="Ctrl+Shift+Enter"
              isOff={!validation.ok || isRunning}
              onUse={() => props.onRun("dry-run")}
            />
            <Tool
              label={isRunning ? "Running" : "Run"}
              keys="Ctrl+Enter"
              isOff={!validation.ok || isRunning}
              isMain
              onUse={() => props.onRun("live")}
            />
            {activeRevision === null ? (
              <Tool label="Activate" keys="" isOff={!validation.ok} onUse={props.onActivate} />
            ) : (
              <>
                <Tool label={`Active: r${activeRevision}. Pause`} keys="" onUse={props.onDeactivate} />
                {saveState.kind === "saved" && saveState.revision !== activeRevision && (
                  <Tool
                    label={`Activate r${saveState.revision}`}
                    keys=""
                    isOff={!validation.ok}
                    onUse={props.onActivate}
                  />
                )}
              </>
            )}
          </>
        )}
      </span>
    </div>
  );
}

function Tool({
  label,
  keys,
  isOff = false,
  isMain = false,
  onUse,
}: {
  readonly label: string;
  readonly keys: string;
  readonly isOff?: boolean;
  readonly isMain?: boolean;
  readonly onUse: () => void;
}) {
  return (
    <button
      type="button"
      className={isMain ? "button flow-main" : "button"}
      disabled={isOff}
      title={keys ? `${label} (${keys})` : label}
      onClick={onUse}
    >
      {label}
    </button>
  );
}
