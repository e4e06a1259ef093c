import { useCallback, useEffect, useMemo, useState } from "npm:react";
import { createRoot } from "npm:react-dom/client";
import type { WorkflowSummary } from "../../contracts/workflow-api.js";
import { NODE_CATALOGUE } from "../../engine/workflow/node-catalogue.js";
import { DEFAULT_WORKFLOW_SETTINGS, type WorkflowDefinition } from "../../engine/workflow/workflow-definition.js";
import { readAddress, writeAddress } from "../controls/address-state.js";
import { findCompanion } from "../live/companion.js";
import { keptLocally } from "./document/local-workflows.js";
import type { OpenedWorkflow } from "./document/use-stored-workflow.js";
import { WorkflowEditor } from "./document/workflow-editor.js";
import { WorkflowList } from "./panels/workflow-list.js";
import { WorkflowRequestError, workflowClient } from "./workflow-client.js";
import { WorkflowDesk } from "./workflow-desk.js";

/** Workflows by a name for addresses. */
export type ExampleWorkflows = Readonly<Record<string, WorkflowDefinition>>;

/** The page's whole body: which workflows there are, and the one on the desk. */
export function workflowsPage({
  examples,
  until,
}: {
  /** Shown where no workbench answers. */
  readonly examples: ExampleWorkflows;
  readonly until: Promise<unknown>;
}): HTMLElement {
  const place = document.createElement("div");
  place.className = "flow-page";
  const root = createRoot(place);
  root.render(<WorkflowsPage examples={examples} />);
  void until.then(() => root.unmount());
  return place;
}

type Shelf =
  | { readonly kind: "looking" }
  | { readonly kind: "stored"; readonly workflows: readonly WorkflowSummary[] }
  /** No workbench serves this page: examples can be read and tried, but not run. */
  | { readonly kind: "examples" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

const EMPTY: WorkflowDefinition = {
  schemaVersion: 1,
  name: "New workflow",
  description: "",
  nodes: [],
  edges: [],
  viewport: { x: 0, y: 0, zoom: 1 },
  settings: DEFAULT_WORKFLOW_SETTINGS,
};

function WorkflowsPage({ examples }: { readonly examples: ExampleWorkflows }) {
  const [shelf, setShelf] = useState<Shelf>({ kind: "looking" });
  const [chosen, setChosen] = useAddress("workflow");
  const [runId, setRunId] = useAddress("run");
  const [opened, setOpened] = useState<OpenedWorkflow | undefined>();
  const [problem, setProblem] = useState("");

  const load = useCallback(async () => {
    try {
      if ((await findCompanion()) === "file-host") return setShelf({ kind: "examples" });
      setShelf({ kind: "stored", workflows: (await workflowClient.list()).workflows });
    } catch (error) {
      const code = error instanceof WorkflowRequestError ? error.code : "INTERNAL";
      if (code === "HTTP_404" || code === "NOT_FOUND") return setShelf({ kind: "examples" });
      setShelf({ kind: "failed", code, message: (error as Error).message });
    }
    return undefined;
  }, []);
  useEffect(() => void load(), [load]);

  const entries = useMemo(() => entriesOf(shelf, examples), [shelf, examples]);
  const shown = entries.find(({ id }) => id === chosen) ?? entries[0];
  const shownId = shown?.id;
  const isStored = shelf.kind === "stored";
  const open = useCallback(async () => {
    setProblem("");
    if (shownId === undefined) return setOpened(undefined);
    try {
      setOpened(isStored ? await openStored(shownId) : openExample(shownId, examples));
    } catch (error) {
      setOpened(undefined);
      setProblem((error as Error).message);
    }
    return undefined;
  }, [shownId, isStored, examples]);
  useEffect(() => void open(), [open]);

  const select = (id: string) => {
    setRunId(undefined);
    setChosen(id);
  };
  const create = async (definition: WorkflowDefinition) => {
    try {
      const { id } = await workflowClient.create(definition);
      await load();
      select(id);
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  const importFile = async (file: File) => {
    try {
      const { id } = await workflowClient.imported(JSON.parse(await file.text()));
      await load();
      select(id);
    } catch (error) {
      setProblem(`${file.name}: ${(error as Error).message}`);
    }
  };
  const archive = async (id: string) => {
    try {
      await workflowClient.archive(id);
      setChosen(undefined);
      await load();
    } catch (error) {
      setProblem((error as Error).message);
    }
  };

  if (shelf.kind === "looking") return <p className="flow-empty">Loading workflows</p>;
  if (shelf.kind === "failed") {
    return (
      <section className="state-block state-block-error" role="alert">
        <p className="state-block-title">The workflows could not be read</p>
        <p>{shelf.message}</p>
        <p className="muted">
          <code>{shelf.code}</code>
        </p>
        <button type="button" className="button" onClick={() => void load()}>
          Try again
        </button>
      </section>
    );
  }
  return (
    <>
      <WorkflowList
        entries={entries}
        shownId={shownId}
        isStored={isStored}
        onSelect={select}
        onCreate={() => void create(EMPTY)}
        onCopy={() =>
          opened && void create({ ...opened.editor.definition, name: `${opened.editor.definition.name} (copy)` })
        }
        onImport={(file) => void importFile(file)}
        onArchive={(id) => void archive(id)}
      />
      {problem && (
        <p className="flow-inspector-problem" role="alert">
          {problem}
        </p>
      )}
      {opened && (
        <WorkflowDesk
          key={`${opened.localName}.${opened.stored?.revision ?? 0}`}
          opened={opened}
          runId={runId}
          onShowRun={setRunId}
          onListChanged={() => void load()}
          onReload={() => void open()}
        />
      )}
      {entries.length === 0 && (
        <section className="state-block state-block-empty">
          <p className="state-block-title">No workflow yet</p>
          <p className="muted">“New” makes one; “Import” brings one from a file.</p>
        </section>
      )}
    </>
  );
}

function entriesOf(shelf: Shelf, examples: ExampleWorkflows) {
  if (shelf.kind === "stored") return shelf.workflows;
  if (shelf.kind !== "examples") return [];
  return Object.entries(examples).map(([slug, definition]) => ({
    id: slug,
    name: definition.name,
    description: definition.description,
    isExample: true,
    activeRevision: null,
    lastRun: null,
  }));
}

async function openStored(id: string): Promise<OpenedWorkflow> {
  const { definition, revision, activeRevision } = await workflowClient.open(id);
  return {
    editor: new WorkflowEditor(definition, NODE_CATALOGUE),
    stored: { id, revision, activeRevision },
    localName: id,
  };
}

function openExample(slug: string, examples: ExampleWorkflows): OpenedWorkflow | undefined {
  const definition = keptLocally(slug) ?? examples[slug];
  return definition && { editor: new WorkflowEditor(definition, NODE_CATALOGUE), localName: slug };
}

/** A name of the page's address as state: a link opens the same workflow and run. */
function useAddress(name: string): [string | undefined, (value: string | undefined) => void] {
  const [value, setValue] = useState(() => readAddress(location.search, name, "") || undefined);
  const set = useCallback(
    (next: string | undefined) => {
      setValue(next);
      const query = writeAddress(location.search, name, next ?? "", "");
      history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
    },
    [name],
  );
  return [value, set];
}
