import type { FindingSeverity } from "../../engine/data-quality/finding.js";
import { element } from "../element.js";

const MARKS: Readonly<Record<FindingSeverity, string>> = { error: "✕", warning: "△", info: "○" };

/** A severity as a word with its own mark, so that colour is not all there is. */
export function severityBadge(severity: FindingSeverity): HTMLElement {
  return element("span", { class: `badge badge-severity-${severity}` }, `${MARKS[severity]} ${severity}`);
}
