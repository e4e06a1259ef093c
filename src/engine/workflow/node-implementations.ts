import { implementationKey, type NodeImplementation, type NodeImplementations } from "./node-handler.js";
import { ACCOUNT_HANDLERS } from "./nodes/account-handlers.js";
import { ALIGN_HANDLERS } from "./nodes/align-handlers.js";
import { BRANCH_HANDLERS } from "./nodes/branch-handlers.js";
import { COMPARISON_HANDLERS } from "./nodes/comparison-handlers.js";
import { DOCUMENT_HANDLERS } from "./nodes/document-handlers.js";
import { GATE_HANDLERS } from "./nodes/gate-handlers.js";
import { INDICATOR_HANDLERS } from "./nodes/indicator-handlers.js";
import { LOOP_HANDLERS } from "./nodes/loop-handlers.js";
import { MARKET_HANDLERS } from "./nodes/market-handlers.js";
import { MODEL_HANDLERS } from "./nodes/model-handlers.js";
import { ORDER_HANDLERS } from "./nodes/order-handlers.js";
import { RECORD_HANDLERS } from "./nodes/record-handlers.js";
import { SERIES_HANDLERS } from "./nodes/series-handlers.js";
import { SIZING_HANDLERS } from "./nodes/sizing-handlers.js";
import { TABLE_MATH_HANDLERS } from "./nodes/table-math-handlers.js";
import { TABLE_ROW_HANDLERS } from "./nodes/table-row-handlers.js";
import { TABLE_VALUE_HANDLERS } from "./nodes/table-value-handlers.js";
import { TRIGGER_HANDLERS } from "./nodes/trigger-handlers.js";
import { VALUE_HANDLERS } from "./nodes/value-handlers.js";
import { WEIGHT_HANDLERS } from "./nodes/weight-handlers.js";

/** Version 1 of every type of the catalogue, by type id. */
const FIRST_VERSIONS: Readonly<Record<string, NodeImplementation>> = {
  ...TRIGGER_HANDLERS,
  ...MARKET_HANDLERS,
  ...ACCOUNT_HANDLERS,
  ...DOCUMENT_HANDLERS,
  ...INDICATOR_HANDLERS,
  ...SERIES_HANDLERS,
  ...ALIGN_HANDLERS,
  ...TABLE_ROW_HANDLERS,
  ...TABLE_MATH_HANDLERS,
  ...TABLE_VALUE_HANDLERS,
  ...VALUE_HANDLERS,
  ...LOOP_HANDLERS,
  ...COMPARISON_HANDLERS,
  ...BRANCH_HANDLERS,
  ...GATE_HANDLERS,
  ...MODEL_HANDLERS,
  ...WEIGHT_HANDLERS,
  ...SIZING_HANDLERS,
  ...ORDER_HANDLERS,
  ...RECORD_HANDLERS,
};

/** How every type of `NODE_CATALOGUE` works; a test keeps the two equal. */
export const NODE_IMPLEMENTATIONS: NodeImplementations = new Map(
  Object.entries(FIRST_VERSIONS).map(([id, implementation]) => [implementationKey(id, 1), implementation]),
);
