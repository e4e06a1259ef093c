export type Tab = "node" | "problems" | "settings" | "runs" | "revisions";

interface SidePanelProps {
  readonly tab: Tab;
  readonly onTab: (tab: Tab) => void;
  readonly problems: number;
  readonly hasServer: boolean;
  readonly panels: Readonly<Record<Tab, React.ReactNode>>;
}

/** One panel at a time, beside the canvas. */
export function SidePanel({ tab, onTab, problems, hasServer, panels }: SidePanelProps) {
  const tabs: readonly (readonly [Tab, string])[] = [
    ["node", "Node"],
    ["problems", problems === 0 ? "No problems" : problems === 1 ? "1 problem" : `${problems} problems`],
    ["settings", "Settings"],
    ...(hasServer
      ? ([
          ["runs", "Runs"],
          ["revisions", "Revisions"],
        ] as const)
      : []),
  ];
  return (
    <aside className="flow-side">
      <div className="segments" role="tablist" aria-label="Panels">
        {tabs.map(([name, label]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            data-problems={name === "problems" && problems > 0 ? "" : undefined}
            onClick={() => onTab(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div className="flow-panel" role="tabpanel">
        {panels[tab]}
      </div>
    </aside>
  );
}
