import { type RefObject, useMemo, useState } from "npm:react";
import { NODE_CATEGORIES, type NodeCategory, type NodeType } from "../../../engine/workflow/node-type.js";

/** What a dragged entry carries: the id of a node type. */
export const DRAGGED_TYPE = "application/x-quantflow-node";

const CATEGORY_LABELS: Readonly<Record<NodeCategory, string>> = {
  trigger: "Triggers",
  data: "Data",
  transform: "Transforms",
  logic: "Logic",
  model: "Models",
  portfolio: "Portfolio",
  action: "Actions",
  loop: "Loops",
};

interface PaletteProps {
  readonly types: readonly NodeType[];
  readonly onAdd: (typeId: string) => void;
  readonly onAddNote: () => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
}

/** Every node there is, by category, found by name or by what it does; dragged onto the canvas, or added by Enter. */
export function Palette({ types, onAdd, onAddNote, searchRef }: PaletteProps) {
  const [query, setQuery] = useState("");
  const latest = useMemo(() => latestVersions(types), [types]);
  const found = useMemo(() => latest.filter((type) => matches(type, query)), [latest, query]);
  return (
    <section className="flow-palette" aria-label="Nodes to add">
      <input
        ref={searchRef}
        type="search"
        placeholder={`Search ${latest.length} nodes`}
        aria-label="Search nodes"
        value={query}
        onChange={({ target }) => setQuery(target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && found[0]) onAdd(found[0].id);
          if (event.key === "Escape") setQuery("");
          event.stopPropagation();
        }}
      />
      <div className="flow-palette-list">
        {NODE_CATEGORIES.map((category) => {
          const ofCategory = found.filter((type) => type.category === category);
          if (ofCategory.length === 0) return null;
          return (
            <details key={category} open>
              <summary data-category={category}>{CATEGORY_LABELS[category]}</summary>
              {ofCategory.map((type) => (
                <button
                  key={type.id}
                  type="button"
                  draggable
                  data-category={category}
                  title={`${type.summary}\n\n${type.details}`}
                  onDragStart={({ dataTransfer }) => {
                    dataTransfer.setData(DRAGGED_TYPE, type.id);
                    dataTransfer.effectAllowed = "copy";
                  }}
                  onClick={() => onAdd(type.id)}
                >
                  {type.label}
                </button>
              ))}
            </details>
          );
        })}
        {found.length === 0 && <p className="muted">No node is called “{query}”.</p>}
        {query === "" && (
          <button type="button" className="flow-palette-note" onClick={onAddNote}>
            Note
          </button>
        )}
      </div>
    </section>
  );
}

function latestVersions(types: readonly NodeType[]): readonly NodeType[] {
  const latest = new Map<string, NodeType>();
  for (const type of types) if ((latest.get(type.id)?.version ?? 0) < type.version) latest.set(type.id, type);
  return [...latest.values()];
}

function matches({ id, label, summary }: NodeType, query: string): boolean {
  const text = `${label} ${id} ${summary}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
