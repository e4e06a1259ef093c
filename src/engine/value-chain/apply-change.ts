import { WorkbenchError } from "../errors.js";
import type { TradingDate } from "../units/trading-date.js";
import type { Validity, ValueChain } from "./value-chain.js";
import type { ValueChainChange } from "./value-chain-change.js";
import { requireValueChain } from "./value-chain-problems.js";

/**
 * The graph after one edit. @throws NOT_FOUND for an element that is not there, VALUE_CHAIN_INVALID when what results
 * is no graph, such as with an id that is taken or an edge of which an end is missing
 */
export function applyValueChainChange(chain: ValueChain, change: ValueChainChange): ValueChain {
  return requireValueChain(changedDraft(chain, change));
}

function changedDraft({ nodes, edges }: ValueChain, change: ValueChainChange): ValueChain {
  switch (change.kind) {
    case "add-node":
      return { nodes: [...nodes, change.node], edges };
    case "change-node":
      return { nodes: replaced(nodes, "node", change.node.id, () => change.node), edges };
    case "retire-node":
      return {
        nodes: replaced(nodes, "node", change.id, (node) => ({ ...node, validTo: change.lastDay })),
        edges: edges.flatMap((edge) => {
          if (edge.sourceId !== change.id && edge.targetId !== change.id) return edge;
          return endedBy(edge, change.lastDay);
        }),
      };
    case "add-edge":
      return { nodes, edges: [...edges, change.edge] };
    case "change-edge":
      return { nodes, edges: replaced(edges, "edge", change.edge.id, () => change.edge) };
    case "retire-edge":
      return { nodes, edges: replaced(edges, "edge", change.id, (edge) => ({ ...edge, validTo: change.lastDay })) };
  }
}

function replaced<T extends { readonly id: string }>(
  elements: readonly T[],
  element: "node" | "edge",
  id: T["id"],
  change: (former: T) => T,
): T[] {
  if (!elements.some((each) => each.id === id)) {
    throw new WorkbenchError(
      "NOT_FOUND",
      `unknown ${element}: ${id} (accepted: the id of an ${element} that is stored)`,
      {
        details: { id },
      },
    );
  }
  return elements.map((each) => (each.id === id ? change(each) : each));
}

/** An edge of a retired node: cut short, or left out when it would have begun later only. */
function endedBy<T extends Validity>(edge: T, lastDay: TradingDate): T[] {
  if (edge.validFrom !== undefined && edge.validFrom > lastDay) return [];
  return [edge.validTo !== undefined && edge.validTo <= lastDay ? edge : { ...edge, validTo: lastDay }];
}
