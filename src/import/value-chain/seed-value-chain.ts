import { readFileSync } from "node:fs";
import type { EpochMs } from "../../engine/units/epoch-ms.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import type { Database } from "../../store/database.js";
import { lockValueChain, seedRevisions } from "../../store/queries/value-chain-changes.js";
import { lastRevision, type StoredValueChain } from "../../store/queries/value-chain-queries.js";
import { editValueChain } from "./edit-value-chain.js";
import { readValueChainCsv } from "./value-chain-csv.js";
import { valueChainWithFile } from "./value-chain-file.js";

export interface SeedReport {
  readonly revision: number;
  readonly nodesWritten: number;
  readonly edgesWritten: number;
  /** Elements of the seed that someone else wrote or removed, which stay as they are. */
  readonly leftAlone: number;
}

const AUTHOR = "workbench";

/** The Vietnamese value chain that comes with the workbench, read as a user's files are. */
export function vietnamValueChain(): ValueChain {
  const file = (name: string) => ({
    name,
    text: readFileSync(new URL(`./${name}`, import.meta.url), "utf8"),
  });
  const seed = readValueChainCsv({
    nodes: file("vietnam-value-chain.nodes.csv"),
    edges: file("vietnam-value-chain.edges.csv"),
  });
  return valueChainWithFile({ nodes: [], edges: [] }, seed, "replace");
}

/**
 * Stores the seed: elements that were never there, and those that only seeds wrote. What anyone else changed, retired
 * or removed stays as it is, and so do their own elements.
 */
export function seedValueChain(
  database: Database,
  { nowMs, onlyIfNew = false }: { nowMs: EpochMs; onlyIfNew?: boolean },
): Promise<SeedReport | undefined> {
  return database.transaction(async (session) => {
    await lockValueChain(session);
    if (onlyIfNew && (await lastRevision(session)) > 0) return undefined;
    const ofSeeds = await seedRevisions(session);
    const seed = vietnamValueChain();
    let leftAlone = 0;
    const facts = { kind: "seed", author: AUTHOR, note: "Vietnamese value chain", changedAtMs: nowMs } as const;
    const { revision, nodes, edges } = await editValueChain(session, facts, (stored) => {
      const seeded = withSeed(stored, seed, ofSeeds);
      leftAlone = seeded.leftAlone;
      return seeded.chain;
    });
    return { revision, nodesWritten: nodes.length, edgesWritten: edges.length, leftAlone };
  });
}

function withSeed(
  { chain, nodeRevisions, edgeRevisions }: StoredValueChain,
  seed: ValueChain,
  ofSeeds: ReadonlySet<number>,
): { readonly chain: ValueChain; readonly leftAlone: number } {
  const isOurs = (revision: number | undefined) => revision === undefined || ofSeeds.has(revision);
  const nodes = seed.nodes.filter(({ id }) => isOurs(nodeRevisions.get(id)));
  const written = new Set(nodes.map(({ id }) => id));
  const allNodes = [...nodes, ...chain.nodes.filter(({ id }) => !written.has(id))];
  const nodeIds = new Set(allNodes.map(({ id }) => id));
  const edges = seed.edges.filter(
    ({ id, sourceId, targetId }) => isOurs(edgeRevisions.get(id)) && nodeIds.has(sourceId) && nodeIds.has(targetId),
  );
  const writtenEdges = new Set(edges.map(({ id }) => id));
  return {
    chain: { nodes: allNodes, edges: [...edges, ...chain.edges.filter(({ id }) => !writtenEdges.has(id))] },
    leftAlone: seed.nodes.length - nodes.length + (seed.edges.length - edges.length),
  };
}
