import { ACTION_NODES } from "./catalogue/action-nodes.js";
import { DATA_NODES } from "./catalogue/data-nodes.js";
import { INDICATOR_NODES } from "./catalogue/indicator-nodes.js";
import { LOGIC_NODES } from "./catalogue/logic-nodes.js";
import { LOOP_NODES } from "./catalogue/loop-nodes.js";
import { MODEL_NODES } from "./catalogue/model-nodes.js";
import { PORTFOLIO_NODES } from "./catalogue/portfolio-nodes.js";
import { SERIES_NODES } from "./catalogue/series-nodes.js";
import { TABLE_NODES } from "./catalogue/table-nodes.js";
import { TRIGGER_NODES } from "./catalogue/trigger-nodes.js";
import { VALUE_NODES } from "./catalogue/value-nodes.js";
import type { NodeCatalogue, NodeType } from "./node-type.js";

/** A catalogue of these types, in this order. Ids and versions must be unique together. */
export function nodeCatalogue(types: readonly NodeType[]): NodeCatalogue {
  const byId = Map.groupBy(types, (type) => type.id);
  return {
    types,
    find: (id, version) => byId.get(id)?.find((type) => type.version === version),
    versions: (id) => (byId.get(id) ?? []).map((type) => type.version).sort((a, b) => a - b),
  };
}

/** Every node type of the workbench, by category. */
export const NODE_CATALOGUE: NodeCatalogue = nodeCatalogue([
  ...TRIGGER_NODES,
  ...DATA_NODES,
  ...INDICATOR_NODES,
  ...SERIES_NODES,
  ...TABLE_NODES,
  ...VALUE_NODES,
  ...LOOP_NODES,
  ...LOGIC_NODES,
  ...MODEL_NODES,
  ...PORTFOLIO_NODES,
  ...ACTION_NODES,
]);
