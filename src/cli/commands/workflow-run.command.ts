import { type Command, InvalidArgumentError } from "commander";
import type { PortPreview, RunAnswer, StepSummary } from "../../contracts/workflow-api.js";
import { readNodeServiceSettings } from "../../server/workflows/services/node-service-settings.js";
import { openNodeServices } from "../../server/workflows/services/open-node-services.js";
import { permissionsOf, readWorkflowPermissions } from "../../server/workflows/workflow-settings.js";
import { readDatabaseSettings } from "../../store/database-settings.js";
import { parseInteger } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { textTable, writeJson } from "../output.js";
import { requireWorkflowFile } from "../workflow/read-workflow-file.js";
import { runWorkflowFile } from "../workflow/run-workflow-file.js";

interface RunFlags {
  readonly live: boolean;
  readonly asOf?: number;
  readonly seed?: number;
  readonly json: boolean;
}

export function addWorkflowRunCommand(workflow: Command, context: CommandContext): void {
  workflow
    .command("run")
    .description("run a workflow once, on the stored data; exit code 1 when it does not succeed")
    .argument("<file>", "a workflow as JSON")
    .option("--live", "do what its actions say, instead of saying what they would do", false)
    .option("--as-of <instant>", "look at the market as it was then, such as 2026-11-20T07:45:00Z", parseInstant)
    .option("--seed <n>", "of its random numbers", parseInteger({ min: 0, max: 4_294_967_295 }))
    .option("--json", "print {run, steps} as JSON", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow workflow run crossing.json\n  quantflow workflow run crossing.json --live --json",
    )
    .action((path: string, flags: RunFlags) => run(context, path, flags));
}

async function run(context: CommandContext, path: string, flags: RunFlags): Promise<void> {
  const { environment, projectRoot, nowMs, signal, stdout } = context;
  const definition = requireWorkflowFile(path);
  const settings = readNodeServiceSettings(environment);
  readWorkflowPermissions(environment);
  const { dataFolder } = readDatabaseSettings(environment, { projectRoot });
  const answer = await withDatabase(context, "workflow run", async (database) => {
    const nodeServices = openNodeServices({ database, dataFolder, settings, nowMs });
    try {
      return await runWorkflowFile({
        definition,
        mode: flags.live ? "live" : "dry-run",
        asOfMs: flags.asOf,
        seed: flags.seed,
        nodeServices,
        permissions: permissionsOf(environment),
        nowMs,
        signal,
      });
    } finally {
      await nodeServices.close();
    }
  });
  if (answer.run.status !== "succeeded") process.exitCode = EXIT.failed;
  if (flags.json) await writeJson(stdout, answer);
  else stdout.write(textOf(answer));
}

function textOf({ run: { status, mode, message }, steps }: RunAnswer): string {
  const rows = steps.map((step) => [step.stepName, step.state, step.durationMs ?? "", whatCame(step)]);
  const end = `${mode}: ${status}${message === null ? "" : `: ${message}`}\n`;
  return `${textTable(["step", "state", "ms", "what came of it"], rows)}${end}`;
}

function whatCame({ message, note, pruneReason, because, outputsPreview }: StepSummary): string {
  if (message !== null) return message;
  if (pruneReason !== null) return `${pruneReason} (${because})`;
  const outputs = Object.entries(outputsPreview).map(([port, preview]) => `${port}: ${inShort(preview)}`);
  return [...outputs, ...(note === null ? [] : [note])].join("; ");
}

function inShort(preview: PortPreview): string {
  switch (preview.type) {
    case "number":
    case "boolean":
    case "text":
      return String(preview.value);
    case "signal":
      return `${preview.isActive ? "active" : "inactive"}, ${preview.reason}`;
    case "series":
      return `${preview.length} points, the last ${preview.sample.values.at(-1) ?? "undefined"}`;
    case "table":
      return `${preview.rowCount} rows of ${preview.columns.join(", ")}`;
    case "order":
      return preview.orders
        .map(({ side, quantity, symbol, state }) => `${side} ${quantity} ${symbol} ${state}`)
        .join(", ");
  }
}

function parseInstant(text: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant)) throw new InvalidArgumentError("accepted: an instant such as 2026-11-20T07:45:00Z");
  return instant;
}
