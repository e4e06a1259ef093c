import type { Command } from "commander";
import { epochMs, MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateToEpochMs } from "../../engine/units/trading-date.js";
import { centralities } from "../../engine/value-chain/centrality.js";
import { findCommunities } from "../../engine/value-chain/communities.js";
import { findCycles } from "../../engine/value-chain/cycles.js";
import { EDGE_KINDS, type EdgeKind } from "../../engine/value-chain/value-chain.js";
import { valueChainAsOf } from "../../engine/value-chain/value-chain-as-of.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { measuredBetas } from "../../store/queries/value-chain-betas.js";
import { readValueChain } from "../../store/queries/value-chain-queries.js";
import { parseChoice, parseDate } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { textTable, writeJson } from "../output.js";
import { valueChainGraphOn } from "../value-chain/graph-on-day.js";
import { signText } from "../value-chain/sign-text.js";

interface ListFlags {
  readonly asOf?: TradingDate;
  readonly knownOn?: TradingDate;
  readonly kind?: EdgeKind;
  readonly json: boolean;
}

export function addValueChainStructureCommands(valueChain: Command, context: CommandContext): void {
  valueChain
    .command("list", { isDefault: true })
    .description("list nodes and edges")
    .option("--as-of <date>", "only what is valid on this day", parseDate)
    .option("--known-on <date>", "as it was known at the end of this day", parseDate)
    .option("--kind <kind>", `only edges of this kind: ${EDGE_KINDS.join(", ")}`, parseChoice(EDGE_KINDS))
    .option("--json", "print {revision, nodes, edges} as JSON", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow value-chain list\n  quantflow value-chain list --as-of 2026-01-31 --json",
    )
    .action((flags: ListFlags) => list(context, flags));

  valueChain
    .command("check")
    .description("report cycles, nodes without an edge, and edges that prices contradict")
    .option("--as-of <date>", "the graph of this day (default: today)", parseDate)
    .option(
      "--json",
      "print {asOf, revision, nodes, edges, cycles, isolated, contradicted, communities, central} as JSON",
      false,
    )
    .addHelpText("after", "\nExample:\n  quantflow value-chain check")
    .action((flags: { asOf?: TradingDate; json: boolean }) => check(context, flags));
}

async function list(context: CommandContext, { asOf, knownOn, kind, json }: ListFlags): Promise<void> {
  const knownAtMs = knownOn && epochMs(tradingDateToEpochMs(knownOn) + MS_PER_DAY - 1);
  const { chain, revision } = await withDatabase(context, "value-chain list", (database) =>
    readValueChain(database, { knownAtMs }),
  );
  const { nodes, edges: all } = asOf === undefined ? chain : valueChainAsOf(chain, asOf);
  const edges = kind === undefined ? all : all.filter((edge) => edge.kind === kind);
  if (json) {
    await writeJson(context.stdout, { revision, nodes, edges });
    return;
  }
  if (nodes.length === 0) {
    context.stdout.write("No value chain is stored: quantflow value-chain seed brings the Vietnamese one.\n");
    return;
  }
  const rows = edges.map((edge) => [
    edge.sourceId,
    edge.targetId,
    edge.kind,
    signText(edge),
    edge.confidence,
    edge.rationale,
  ]);
  context.stdout.write(textTable(["source", "target", "kind", "sign", "confidence", "rationale"], rows));
  context.stdout.write(`${nodes.length} nodes, ${edges.length} edges, revision ${revision}\n`);
}

const MOST_CENTRAL = 10;

async function check(context: CommandContext, flags: { asOf?: TradingDate; json: boolean }): Promise<void> {
  const report = await withDatabase(context, "value-chain check", async (database) => {
    const { asOf, revision, chain, graph } = await valueChainGraphOn(database, context, flags.asOf);
    const { betas } = await measuredBetas(database, chain, await activeDataset(database));
    const signs = new Map(chain.edges.map(({ id, sign }) => [id, sign]));
    return {
      asOf,
      revision,
      nodes: chain.nodes.length,
      edges: chain.edges.length,
      cycles: findCycles(graph),
      isolated: graph.filterNodes((id) => graph.degree(id) === 0),
      contradicted: betas
        .filter(({ edgeId, beta, standardError }) => beta * signs.get(edgeId)! < -1.96 * standardError)
        .map(({ edgeId, beta, standardError, n }) => ({
          edge: edgeId,
          sign: signs.get(edgeId)!,
          beta,
          standardError,
          n,
        })),
      communities: findCommunities(graph).communities,
      central: centralities(graph)
        .sort((a, b) => b.pageRank - a.pageRank)
        .slice(0, MOST_CENTRAL),
    };
  });
  if (flags.json) {
    await writeJson(context.stdout, report);
    return;
  }
  const { asOf, nodes, edges, cycles, isolated, contradicted, communities } = report;
  context.stdout.write(`${nodes} nodes and ${edges} edges on ${asOf}, ${communities.length} communities\n`);
  for (const { nodeIds, exampleEdgeIds } of cycles) {
    context.stdout.write(`cycle among ${nodeIds.join(", ")}: ${exampleEdgeIds.join(" → ")}\n`);
  }
  if (isolated.length > 0) context.stdout.write(`without an edge: ${isolated.join(", ")}\n`);
  for (const { edge, sign, beta, standardError, n } of contradicted) {
    const measured = `${beta.toFixed(2)} ± ${(1.96 * standardError).toFixed(2)} from ${n} returns`;
    context.stdout.write(`prices contradict ${edge}: sign ${sign}, measured ${measured}\n`);
  }
  if (cycles.length + isolated.length + contradicted.length === 0) context.stdout.write("Nothing to report.\n");
}
