import type { PortValue, TableCell, TableColumn } from "../port-value.js";
import type { EndedStep } from "../run-state.js";
import type { PlannedLoop, PlannedNode, WorkflowPlan } from "../workflow-plan.js";

/** How a loop ends when all of its body has. */
export type LoopOutcome =
  | { readonly kind: "table"; readonly table: PortValue }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/**
 * The table of a loop: `symbol` and a column per `loop.collect` of its body, a row per item for which at least one of
 * them ran; of a signal, whether it is active. Where a step failed that may not, the loop fails with its code: what
 * follows shall not take a part of the items for all of them.
 */
export function gatherLoop(
  { body, collects }: PlannedLoop,
  { nodes }: WorkflowPlan,
  items: readonly string[],
  endedAt: (item: number, node: number) => EndedStep | undefined,
  valueAt: (item: number, collect: PlannedNode) => PortValue | undefined,
): LoopOutcome {
  let firstFailure: string | undefined;
  let code = "";
  let failedItems = 0;
  const rows: number[] = [];
  for (let item = 0; item < items.length; item++) {
    const failure = body
      .filter((index) => nodes[index]!.node.data.onError !== "prune")
      .map((index) => endedAt(item, index))
      .find((step) => step?.kind === "failed");
    if (failure?.kind === "failed") {
      failedItems++;
      if (firstFailure === undefined) ({ code } = failure);
      firstFailure ??= `${items[item]} at ${failure.nodeId}: ${failure.message}`;
    }
    if (collects.some((index) => endedAt(item, index)?.kind === "succeeded")) rows.push(item);
  }
  if (firstFailure !== undefined) {
    return { kind: "failed", code, message: `${failedItems} of ${items.length} items failed, first ${firstFailure}` };
  }
  const columns: TableColumn[] = [{ name: "symbol", cells: rows.map((item) => items[item]!) }];
  for (const index of collects) {
    const collect = nodes[index]!;
    const cells = rows.map((item) =>
      endedAt(item, index)?.kind === "succeeded" ? cellOf(valueAt(item, collect)) : null,
    );
    columns.push({ name: unusedName(String(collect.parameters.column ?? "value"), columns), cells });
  }
  return { kind: "table", table: { type: "table", value: { columns, rowCount: rows.length } } };
}

function cellOf(value: PortValue | undefined): TableCell {
  switch (value?.type) {
    case "number":
    case "boolean":
    case "text":
      return value.value;
    case "signal":
      return value.value.isActive;
    default:
      return null;
  }
}

/** Two columns of one name are told apart: `value`, `value 2`. */
function unusedName(name: string, columns: readonly TableColumn[]): string {
  const isUsed = (candidate: string) => columns.some((column) => column.name === candidate);
  if (!isUsed(name)) return name;
  for (let copy = 2; ; copy++) if (!isUsed(`${name} ${copy}`)) return `${name} ${copy}`;
}
