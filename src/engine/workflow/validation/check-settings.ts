import { decodePortValue } from "../port-value-codec.js";
import type { WorkflowNode } from "../workflow-definition.js";
import { type Examination, report, shown } from "./examination.js";
import type { TypeFacts } from "./type-facts.js";

/** What the settings ask of nodes, and data that stand in for them. */
export function checkSettings(examination: Examination): void {
  const { definition, facts } = examination;
  const { isDeterministic, riskProfile = "" } = definition.settings;
  for (let i = 0; i < facts.length; i++) {
    const type = facts[i]?.type;
    if (!type) continue;
    const node = definition.nodes[i]!;
    const { pinned } = node.data;
    if (type.permission === "orders:write" && riskProfile.trim() === "") {
      const message = `node ${node.id}: ${type.id} orders, but settings.riskProfile is empty (accepted: its name)`;
      report(examination, "RISK_PROFILE_MISSING", message, { nodeIds: [node.id] });
    }
    if (isDeterministic && !type.isDeterministic && pinned === undefined) {
      const accepted = "accepted: settings.isDeterministic false, or pinned data for the node";
      const message = `node ${node.id}: ${type.id} is not deterministic, as settings.isDeterministic asks (${accepted})`;
      report(examination, "NOT_DETERMINISTIC", message, { nodeIds: [node.id] });
    }
    if (pinned !== undefined) checkPinned(examination, node, facts[i]!);
  }
}

function checkPinned(examination: Examination, { id, data }: WorkflowNode, { outputs }: TypeFacts): void {
  for (const [name, json] of Object.entries(data.pinned!)) {
    const port = outputs.get(name);
    const problem = port
      ? pinnedProblem(json, port.type)
      : `no such output (accepted: ${[...outputs.keys()].join(", ")})`;
    if (problem === undefined) continue;
    report(examination, "PINNED_DATA_INVALID", `node ${id}: pinned data of ${shown(name)}: ${problem}`, {
      nodeIds: [id],
    });
  }
}

function pinnedProblem(json: Parameters<typeof decodePortValue>[0], accepted: string): string | undefined {
  try {
    const { type } = decodePortValue(json);
    return type === accepted ? undefined : `${type} (accepted: ${accepted})`;
  } catch (error) {
    return `${(error as Error).message} (accepted: ${accepted})`;
  }
}
