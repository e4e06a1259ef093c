import {
  CONFIDENCES,
  type Confidence,
  EDGE_KINDS,
  NODE_KINDS,
  type ValueChain,
} from "../../engine/value-chain/value-chain.js";
import { NODE_KIND_LABELS, sectorLabel, sectorsBySize } from "./chain-palette.js";
import { EDGE_KIND_LABELS } from "./chain-words.js";

export const NODE_KIND_TOGGLES = NODE_KINDS.map((value) => ({ value, label: NODE_KIND_LABELS[value] }));

export const EDGE_KIND_TOGGLES = EDGE_KINDS.map((value) => ({ value, label: EDGE_KIND_LABELS[value] }));

const AT_LEAST: Readonly<Record<Confidence, string>> = {
  high: "high only",
  medium: "medium or high",
  low: "any",
};

export const CONFIDENCE_CHOICES = CONFIDENCES.toReversed().map((value) => ({ value, label: AT_LEAST[value] }));

/** Every sector of the graph by name, after the choice of all. */
export function sectorChoices({ nodes }: ValueChain) {
  const sectors = sectorsBySize(nodes).sort((a, b) => a.localeCompare(b));
  return [{ value: "", label: "All sectors" }, ...sectors.map((value) => ({ value, label: sectorLabel(value) }))];
}
