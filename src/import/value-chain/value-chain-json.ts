import { z } from "zod";
import { WorkbenchError } from "../../engine/errors.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import { valueChainInvalid } from "../../engine/value-chain/value-chain-problems.js";
import type { ValueChainFile } from "./value-chain-file.js";

const FORMAT = "quantflow-value-chain";

const optional = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

/** Shapes alone: what the texts may say is the engine's to judge, so that all problems come at once. */
const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  nodes: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      sector: optional,
      symbol: optional,
      validFrom: optional,
      validTo: optional,
    }),
  ),
  edges: z.array(
    z.strictObject({
      id: z.string(),
      sourceId: z.string(),
      targetId: z.string(),
      kind: z.string(),
      sign: z.number(),
      confidence: z.string(),
      rationale: z.string(),
      source: z.string(),
      sourceDate: optional,
      validFrom: optional,
      validTo: optional,
    }),
  ),
});

/** @throws VALUE_CHAIN_INVALID for what is not JSON or not of this shape, with every place */
export function readValueChainJson({ name, text }: { name: string; text: string }): ValueChainFile {
  const parsed = fileSchema.safeParse(parseJson(name, text));
  if (!parsed.success) {
    throw valueChainInvalid(
      parsed.error.issues.map(({ path, message }) => ({ place: `${name} ${placeOf(path)}`, message })),
    );
  }
  const { nodes, edges } = parsed.data;
  return {
    draft: { nodes, edges },
    nodePlaces: nodes.map((_, i) => `${name} nodes[${i}]`),
    edgePlaces: edges.map((_, i) => `${name} edges[${i}]`),
    problems: [],
  };
}

/** One element a line, so that versions of a file can be compared. */
export function writeValueChainJson({ nodes, edges }: ValueChain): string {
  const list = (elements: readonly object[]) =>
    elements.length === 0 ? "[]" : `[\n${elements.map((element) => `  ${JSON.stringify(element)}`).join(",\n")}\n]`;
  return `{"format": "${FORMAT}", "version": 1, "nodes": ${list(nodes)}, "edges": ${list(edges)}}\n`;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new WorkbenchError(
      "VALUE_CHAIN_INVALID",
      `invalid value chain, ${name} is not JSON: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "at the top";
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${String(step)}`))
    .join("");
}
