import { ReactFlowProvider } from "npm:@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "npm:react";
import { type Canvas, CanvasContext } from "./canvas/canvas-context.js";
import { type CanvasKeys, isInField, keyAction } from "./canvas/canvas-keys.js";
import { useCanvasEdits } from "./canvas/use-canvas-edits.js";
import { NOTHING_SELECTED, type Selection, WorkflowCanvas } from "./canvas/workflow-canvas.js";
import { exportWorkflow } from "./document/export-workflow.js";
import { type OpenedWorkflow, useStoredWorkflow } from "./document/use-stored-workflow.js";
import { Inspector } from "./panels/inspector.js";
import { Palette } from "./panels/palette.js";
import { ProblemsPanel } from "./panels/problems-panel.js";
import { RevisionsPanel } from "./panels/revisions-panel.js";
import { RunsPanel } from "./panels/runs-panel.js";
import { SettingsForm } from "./panels/settings-form.js";
import { SidePanel, type Tab } from "./panels/side-panel.js";
import { Toolbar } from "./panels/toolbar.js";
import { isOver } from "./run/run-view.js";
import { useShownRun } from "./run/use-shown-run.js";

interface DeskProps {
  readonly opened: OpenedWorkflow;
  /** The run to lay over the canvas, from the address. */
  readonly runId: string | undefined;
  readonly onShowRun: (runId: string | undefined) => void;
  /** Something changed that the list of workflows shows. */
  readonly onListChanged: () => void;
  /** Reads the stored workflow again. */
  readonly onReload: () => void;
}

export function WorkflowDesk(props: DeskProps) {
  return (
    <ReactFlowProvider>
      <Desk {...props} />
    </ReactFlowProvider>
  );
}

/** Palette, canvas and panels around one workflow. */
function Desk({ opened, runId, onShowRun, onListChanged, onReload }: DeskProps) {
  const { editor, stored } = opened;
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const [wanted, setWanted] = useState<Selection>(NOTHING_SELECTED);
  const [tab, setTab] = useState<Tab>(runId === undefined ? "node" : "runs");
  const [isFull, setFull] = useState(false);
  const [said, say] = useSaying();
  const searchRef = useRef<HTMLInputElement>(null);
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  const choose = useCallback(
    (nodeIds: readonly string[], edgeIds: readonly string[] = []) =>
      setWanted({ nodeIds: new Set(nodeIds), edgeIds: new Set(edgeIds) }),
    [],
  );
  const attempt = useCallback(
    async (work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        say((error as Error).message);
      }
    },
    [say],
  );
  const edits = useCanvasEdits({ editor, selection, choose, say });
  const keeping = useStoredWorkflow(opened, attempt);
  const { saveState, activeRevision, savedRevision } = keeping;
  const onShow = (shown: string | undefined) => {
    if (shown !== undefined) setTab("runs");
    onShowRun(shown);
    onListChanged();
  };
  const shownRun = useShownRun({ opened, runId, savedRevision, attempt, say, onShow });
  const { view, runStates } = shownRun;
  const canvas = useMemo<Canvas>(() => ({ editor, runStates, say, isReadOnly: false }), [editor, runStates, say]);
  const actions: CanvasKeys = {
    ...edits,
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    search: () => searchRef.current?.focus(),
    run: () => void shownRun.begin("live"),
    dryRun: () => void shownRun.begin("dry-run"),
  };
  const onExport = () => exportWorkflow(editor.definition, Date.now());

  const chosenId = selection.nodeIds.size === 1 ? [...selection.nodeIds][0] : undefined;
  const chosen = state.definition.nodes.find(({ id }) => id === chosenId);
  const isShowable = chosen !== undefined && chosen.type !== "note" && chosen.type !== "group";
  const steps = view && chosen ? [...view.steps.values()].filter(({ nodeId }) => nodeId === chosen.id) : [];
  return (
    <CanvasContext value={canvas}>
      <div
        className={isFull ? "flow-desk is-full" : "flow-desk"}
        role="application"
        aria-label={`Workflow ${state.definition.name}`}
        onKeyDown={(event) => {
          if (isInField(event.target)) return;
          const action = keyAction(event);
          if (action === undefined || (action === "copy" && window.getSelection()?.toString())) return;
          event.preventDefault();
          event.stopPropagation();
          actions[action]();
        }}
      >
        <Toolbar
          saveState={saveState}
          activeRevision={activeRevision}
          hasServer={stored !== undefined}
          isRunning={view !== undefined && !isOver(view.run)}
          hasSelection={selection.nodeIds.size > 0}
          onLayout={edits.layout}
          onFit={edits.fit}
          onGroup={edits.group}
          onCopy={edits.copy}
          onPaste={edits.paste}
          onRun={(mode) => void shownRun.begin(mode)}
          onActivate={() => void keeping.activate().then(onListChanged)}
          onDeactivate={() => void keeping.deactivate().then(onListChanged)}
          onExport={onExport}
          isFull={isFull}
          onFull={() => {
            setFull(!isFull);
            requestAnimationFrame(() => requestAnimationFrame(edits.fit));
          }}
        />
        {saveState.kind === "conflict" && (
          <p className="flow-conflict" role="alert">
            Someone else saved this workflow. What is on your canvas is not stored.
            <button type="button" className="button" onClick={onReload}>
              Take theirs
            </button>
            <button type="button" className="button" onClick={onExport}>
              Export mine
            </button>
          </p>
        )}
        <Palette
          types={editor.catalogue.types}
          searchRef={searchRef}
          onAdd={(typeId) => {
            edits.addTypeInSight(typeId);
            setTab("node");
          }}
          onAddNote={edits.addNoteInSight}
        />
        <div className="flow-canvas">
          <WorkflowCanvas wanted={wanted} onSelection={setSelection} onDropType={edits.addType} />
          {said && (
            <p className="flow-said" role="status">
              {said}
            </p>
          )}
          {state.definition.nodes.length === 0 && (
            <p className="flow-canvas-empty">Begin with a trigger: drag one from the list, or press N and type.</p>
          )}
        </div>
        <SidePanel
          tab={tab}
          onTab={setTab}
          problems={state.validation.problems.length}
          hasServer={stored !== undefined}
          panels={{
            node: isShowable ? (
              <Inspector
                key={chosen.id}
                node={chosen}
                steps={steps}
                onRerun={view && isOver(view.run) ? () => void shownRun.rerun({ nodeId: chosen.id }) : undefined}
                onPin={view && isOver(view.run) ? () => void shownRun.pin(chosen.id) : undefined}
              />
            ) : (
              <p className="flow-empty">Choose a node to see and set what it does.</p>
            ),
            problems: <ProblemsPanel onShow={edits.show} />,
            settings: <SettingsForm />,
            runs: stored && (
              <RunsPanel
                workflowId={stored.id}
                shown={view}
                asOfMs={shownRun.asOfMs}
                onAsOf={shownRun.setAsOf}
                onShow={onShow}
                onCancel={() => void shownRun.cancel()}
                onRerunFailed={() => void shownRun.rerun("failed")}
              />
            ),
            revisions: stored && (
              <RevisionsPanel
                workflowId={stored.id}
                revision={saveState.kind === "saved" ? saveState.revision : 0}
                catalogue={editor.catalogue}
                isReadOnly={false}
                onRestored={onReload}
              />
            ),
          }}
        />
      </div>
    </CanvasContext>
  );
}

/** Words that pass after some seconds. */
function useSaying(): [string, (text: string) => void] {
  const [said, setSaid] = useState("");
  const say = useCallback((text: string) => setSaid(text), []);
  useEffect(() => {
    if (!said) return undefined;
    const timer = setTimeout(() => setSaid(""), 6_000);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, say];
}
