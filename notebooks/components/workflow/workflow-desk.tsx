import { ReactFlowProvider, useReactFlow } from "npm:@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "npm:react";
import type { RunMode } from "../../engine/workflow/run-event.js";
import type { NodeId } from "../../engine/workflow/workflow-ids.js";
import type { WorkflowProblem } from "../../engine/workflow/workflow-problem.js";
import { downloadFile } from "../frame/csv-export.js";
import { ChangingValue } from "../live/observable-value.js";
import { type Canvas, CanvasContext } from "./canvas/canvas-context.js";
import { type CanvasKeys, isInField, keyAction } from "./canvas/canvas-keys.js";
import { NOTHING_SELECTED, type Selection, WorkflowCanvas } from "./canvas/workflow-canvas.js";
import { autoLayout } from "./document/auto-layout.js";
import { Autosave } from "./document/autosave.js";
import { copyNodes, pasteNodes } from "./document/clipboard.js";
import { addNode, addNote, changeNodeData, groupNodes, placeNodes, removeElements } from "./document/edit-workflow.js";
import { keepLocally } from "./document/local-workflows.js";
import type { SaveState } from "./document/save-state.js";
import type { WorkflowEditor } from "./document/workflow-editor.js";
import { Inspector } from "./panels/inspector.js";
import { Palette } from "./panels/palette.js";
import { ProblemsPanel } from "./panels/problems-panel.js";
import { RevisionsPanel } from "./panels/revisions-panel.js";
import { RunsPanel } from "./panels/runs-panel.js";
import { SettingsForm } from "./panels/settings-form.js";
import { SidePanel, type Tab } from "./panels/side-panel.js";
import { Toolbar } from "./panels/toolbar.js";
import { followRun } from "./run/follow-run.js";
import { isOver, nodeRunStates, type RunView } from "./run/run-view.js";
import { workflowClient } from "./workflow-client.js";

/** A workflow on the desk: stored by the workbench, or kept in the browser where there is none. */
export interface OpenedWorkflow {
  readonly editor: WorkflowEditor;
  /** Undefined for one that is kept in the browser. */
  readonly stored?: { readonly id: string; readonly revision: number; readonly activeRevision: number | null };
  /** The name under which the browser keeps it. */
  readonly localName: string;
}

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
  const flow = useReactFlow();
  const [selection, setSelection] = useState<Selection>(NOTHING_SELECTED);
  const [wanted, setWanted] = useState<Selection>(NOTHING_SELECTED);
  const [tab, setTab] = useState<Tab>(runId === undefined ? "node" : "runs");
  const [asOfMs, setAsOf] = useState<number | undefined>();
  const [isFull, setFull] = useState(false);
  const [said, say] = useSaying();
  const [saveState, setSaveState] = useState<SaveState>(
    stored ? { kind: "saved", revision: stored.revision } : { kind: "local" },
  );
  const [activeRevision, setActiveRevision] = useState(stored?.activeRevision ?? null);
  const [view, setView] = useState<RunView | undefined>();
  const [runStates] = useState(() => new ChangingValue<Canvas["runStates"]["value"]>(undefined));
  const autosave = useRef<Autosave | undefined>(undefined);
  const searchRef = useRef<HTMLInputElement>(null);
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  const canvas = useMemo<Canvas>(() => ({ editor, runStates, say, isReadOnly: false }), [editor, runStates, say]);

  useEffect(() => {
    if (stored === undefined) return keepLocally(editor, opened.localName);
    const saving = new Autosave({ editor, id: stored.id, revision: stored.revision, onState: setSaveState });
    autosave.current = saving;
    return () => saving.close();
  }, [editor, stored, opened.localName]);

  useEffect(() => {
    setView(undefined);
    if (runId === undefined || stored === undefined) return undefined;
    const stop = new AbortController();
    setTab((shown) => (shown === "node" ? shown : "runs"));
    followRun(runId, setView, stop.signal).catch((error: Error) => {
      if (!stop.signal.aborted) say(error.message);
    });
    return () => stop.abort();
  }, [runId, stored, say]);
  useEffect(() => runStates.set(view && nodeRunStates(view)), [view, runStates]);

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
  const run = (mode: RunMode) =>
    attempt(async () => {
      if (!stored || !editor.state().validation.ok) return;
      const revision = (await autosave.current?.settled()) ?? stored.revision;
      const accepted = await workflowClient.execute(stored.id, {
        ...{ revision, mode, attempt: crypto.randomUUID() },
        ...(asOfMs !== undefined && { asOfMs }),
      });
      if (accepted.outcome === "skipped") say("Not begun: another run is at work, and the policy is to skip.");
      setTab("runs");
      onShowRun(accepted.runId);
      onListChanged();
    });
  const rerun = (from: "failed" | { readonly nodeId: string }) =>
    attempt(async () => {
      if (!stored || !view) return;
      const revision = (await autosave.current?.settled()) ?? stored.revision;
      onShowRun((await workflowClient.rerun(view.run.id, from, revision)).runId);
    });
  const pin = (nodeId: string) =>
    attempt(async () => {
      if (!view) return;
      const { outputs } = await workflowClient.outputs(view.run.id, nodeId);
      editor.change((all) => changeNodeData(all, nodeId, (data) => ({ ...data, pinned: outputs })));
      say("Pinned: the node gives these outputs until it is unpinned.");
    });
  const activate = () =>
    attempt(async () => {
      if (!stored) return;
      const revision = (await autosave.current?.settled()) ?? stored.revision;
      setActiveRevision((await workflowClient.activate(stored.id, revision)).activeRevision);
      onListChanged();
    });
  const deactivate = () =>
    attempt(async () => {
      if (!stored) return;
      setActiveRevision((await workflowClient.deactivate(stored.id)).activeRevision);
      onListChanged();
    });

  const choose = useCallback(
    (nodeIds: readonly string[], edgeIds: readonly string[] = []) =>
      setWanted({ nodeIds: new Set(nodeIds), edgeIds: new Set(edgeIds) }),
    [],
  );
  const show = (problem: WorkflowProblem) => {
    choose(problem.nodeIds, problem.edgeIds);
    const ends = editor.definition.edges
      .filter(({ id }) => problem.edgeIds.includes(id))
      .flatMap(({ source, target }) => [source, target]);
    const nodes = [...problem.nodeIds, ...ends].map((id) => ({ id }));
    if (nodes.length > 0) void flow.fitView({ nodes, duration: 200, maxZoom: 1.2, padding: 0.4 });
  };
  const sizeOf = useCallback(
    (id: string) => {
      const node = flow.getNode(id);
      return {
        width: node?.measured?.width ?? node?.width ?? 200,
        height: node?.measured?.height ?? node?.height ?? 110,
      };
    },
    [flow],
  );
  const addType = useCallback(
    (typeId: string, position: { x: number; y: number }, parentId?: NodeId) => {
      const version = Math.max(...editor.catalogue.versions(typeId));
      const type = editor.catalogue.find(typeId, version);
      if (type === undefined) return;
      editor.change((all) => {
        const added = addNode(all, type, snapped(position), parentId);
        choose([added.id]);
        return added.definition;
      });
      setTab("node");
    },
    [editor, choose],
  );
  const middle = () => {
    const box = document.querySelector(".flow-canvas")?.getBoundingClientRect();
    const point = box ? { x: box.x + box.width / 2, y: box.y + box.height / 3 } : { x: 0, y: 0 };
    const spread = (editor.definition.nodes.length % 7) * 24;
    const { x, y } = flow.screenToFlowPosition(point);
    return { x: x - 100 + spread, y: y + spread };
  };
  const copied = useRef<string | undefined>(undefined);
  const copy = () => {
    const text = copyNodes(editor.definition, selection.nodeIds);
    if (text === undefined) return;
    copied.current = text;
    void navigator.clipboard?.writeText(text).catch(() => undefined);
  };
  const pasteText = (text: string | undefined) => {
    const pasted = text === undefined ? undefined : pasteNodes(editor.definition, text, { x: 32, y: 32 });
    if (pasted === undefined) return say("Nothing to paste: copy nodes first.");
    editor.change(() => pasted.definition);
    choose(pasted.nodeIds);
    return undefined;
  };
  const paste = () =>
    void Promise.resolve(navigator.clipboard?.readText())
      .catch(() => undefined)
      .then((text) => pasteText(text?.includes("quantflow-workflow-part") ? text : copied.current));
  const fit = () => void flow.fitView({ duration: 200, maxZoom: 1, padding: 0.12 });
  const actions: CanvasKeys = {
    undo: () => editor.undo(),
    redo: () => editor.redo(),
    copy,
    cut: () => {
      copy();
      editor.change((all) => removeElements(all, selection.nodeIds, selection.edgeIds));
    },
    paste,
    duplicate: () => pasteText(copyNodes(editor.definition, selection.nodeIds)),
    selectAll: () => choose(editor.definition.nodes.map(({ id }) => id)),
    group: () =>
      editor.change((all) => {
        const grouped = groupNodes(all, selection.nodeIds, sizeOf);
        if (grouped.id) choose([grouped.id]);
        return grouped.definition;
      }),
    layout: () => {
      editor.change((all) => placeNodes(all, autoLayout(all, sizeOf)));
      requestAnimationFrame(() => requestAnimationFrame(fit));
    },
    fit,
    search: () => searchRef.current?.focus(),
    run: () => void run("live"),
    dryRun: () => void run("dry-run"),
  };
  const onExport = () => {
    const text = JSON.stringify(
      { kind: "quantflow-workflow", version: 1, exportedAtMs: Date.now(), definition: editor.definition },
      undefined,
      2,
    );
    const name = editor.definition.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") || "workflow";
    downloadFile(`${name}.workflow.json`, new Blob([text], { type: "application/json" }));
  };

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
          onLayout={actions.layout}
          onFit={fit}
          onGroup={actions.group}
          onCopy={copy}
          onPaste={paste}
          onRun={(mode) => void run(mode)}
          onActivate={() => void activate()}
          onDeactivate={() => void deactivate()}
          onExport={onExport}
          isFull={isFull}
          onFull={() => {
            setFull(!isFull);
            requestAnimationFrame(() => requestAnimationFrame(fit));
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
          onAdd={(typeId) => addType(typeId, middle())}
          onAddNote={() =>
            editor.change((all) => {
              const added = addNote(all, snapped(middle()), "");
              choose([added.id]);
              return added.definition;
            })
          }
        />
        <div className="flow-canvas">
          <WorkflowCanvas wanted={wanted} onSelection={setSelection} onDropType={addType} />
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
                onRerun={view && isOver(view.run) ? () => void rerun({ nodeId: chosen.id }) : undefined}
                onPin={view && isOver(view.run) ? () => void pin(chosen.id) : undefined}
              />
            ) : (
              <p className="flow-empty">Choose a node to see and set what it does.</p>
            ),
            problems: <ProblemsPanel onShow={show} />,
            settings: <SettingsForm />,
            runs: stored && (
              <RunsPanel
                workflowId={stored.id}
                shown={view}
                asOfMs={asOfMs}
                onAsOf={setAsOf}
                onShow={onShowRun}
                onCancel={() => void attempt(async () => void (view && (await workflowClient.cancel(view.run.id))))}
                onRerunFailed={() => void rerun("failed")}
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

function snapped({ x, y }: { readonly x: number; readonly y: number }) {
  return { x: Math.round(x / 4) * 4, y: Math.round(y / 4) * 4 };
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
