import { seededRandom } from "../src/engine/statistics/seeded-random.js";
import { epochMs } from "../src/engine/units/epoch-ms.js";
import { EDGE_KINDS, NODE_KINDS } from "../src/engine/value-chain/value-chain.js";
import type { EdgeDraft, NodeDraft, ValueChainDraft } from "../src/engine/value-chain/value-chain-draft.js";
import { importValueChain } from "../src/import/value-chain/import-value-chain.js";
import { openDatabase } from "../src/store/open-database.js";

const SECTORS = ["banks", "steel", "oil", "food", "power", "textiles", "property", "shipping", "retail", "chemicals"];
const OPEN = { validFrom: undefined, validTo: undefined };

/** An invented graph whose first nodes have by far the most edges, as in real ones. */
export function wideValueChain(nodeCount: number, edgeCount: number): ValueChainDraft {
  const random = seededRandom(1);
  const pick = <Value>(values: readonly Value[]) => values[Math.floor(random() * values.length)]!;
  const nodes = Array.from({ length: nodeCount }, (_, i): NodeDraft => {
    const kind = random() < 0.6 ? "company" : pick(NODE_KINDS);
    return { id: `node-${i}`, name: `Invented node ${i}`, kind, sector: pick(SECTORS), symbol: undefined, ...OPEN };
  });
  const edges = new Map<string, EdgeDraft>();
  while (edges.size < edgeCount) {
    const [source, target] = [Math.floor(random() ** 3 * nodeCount), Math.floor(random() * nodeCount)];
    const id = `node-${source}--node-${target}`;
    if (source === target || edges.has(id)) continue;
    edges.set(id, {
      id,
      sourceId: `node-${source}`,
      targetId: `node-${target}`,
      kind: pick(EDGE_KINDS),
      sign: pick([1, 1, -1, -1, 0]),
      confidence: pick(["high", "medium", "low"]),
      rationale: "Invented for a bench.",
      source: "none",
      sourceDate: undefined,
      ...OPEN,
    });
  }
  return { nodes, edges: [...edges.values()] };
}

/** Stores such a graph in a data folder, in place of any other. */
export async function writeWideValueChain(dataFolder: string, nodeCount: number, edgeCount: number): Promise<void> {
  const database = await openDatabase({ databaseUrl: undefined, dataFolder, purpose: "bench" });
  const file = { draft: wideValueChain(nodeCount, edgeCount), nodePlaces: [], edgePlaces: [], problems: [] };
  const facts = { author: "bench", note: "", changedAtMs: epochMs(Date.UTC(2025, 5, 30)) };
  try {
    await importValueChain(database, file, { ...facts, mode: "replace", expectedRevision: 0 });
  } finally {
    await database.close();
  }
}
