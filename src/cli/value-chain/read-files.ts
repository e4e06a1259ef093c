import { readFileSync, statSync } from "node:fs";
import { basename, extname } from "node:path";
import { VALUE_CHAIN_FORMATS, type ValueChainFormat } from "../../contracts/value-chain.js";
import { WorkbenchError } from "../../engine/errors.js";
import { fileError } from "../../import/reading/file-error.js";
import { readGraphml } from "../../import/value-chain/read-graphml.js";
import { isEdgesCsv, type NamedText, readValueChainCsv } from "../../import/value-chain/value-chain-csv.js";
import type { ValueChainFile } from "../../import/value-chain/value-chain-file.js";
import { readValueChainJson } from "../../import/value-chain/value-chain-json.js";

const LARGEST_FILE_BYTES = 100 * 1024 * 1024;

/**
 * What the files hold: one JSON or GraphML file, or one CSV file of nodes and one of edges, told apart by their headers.
 * @throws ARGUMENT_INVALID, FILE_NOT_FOUND, FILE_UNREADABLE, and what the readers throw
 */
export function readValueChainFiles(
  paths: readonly string[],
  format: ValueChainFormat = formatOf(paths),
): ValueChainFile {
  const files = paths.map(readNamedText);
  if (format === "csv") {
    const edges = files.filter(({ text }) => isEdgesCsv(text));
    const nodes = files.filter(({ text }) => !isEdgesCsv(text));
    if (edges.length <= 1 && nodes.length <= 1) return readValueChainCsv({ nodes: nodes[0], edges: edges[0] });
  } else if (files.length === 1) {
    return format === "json" ? readValueChainJson(files[0]!) : readGraphml(files[0]!);
  }
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid files: ${files.map(({ name }) => name).join(" ")} (accepted: one JSON or GraphML file, or one CSV file of nodes and one of edges)`,
  );
}

function readNamedText(path: string): NamedText {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_FILE_BYTES) {
      throw new WorkbenchError("FILE_UNREADABLE", `${path} has ${size} bytes (accepted: up to ${LARGEST_FILE_BYTES})`);
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    return { name: basename(path), text };
  } catch (error) {
    throw fileError(path, error);
  }
}

function formatOf(paths: readonly string[]): ValueChainFormat {
  const endings = new Set(paths.map((path) => extname(path).toLowerCase().slice(1)));
  const [ending] = endings;
  const format = VALUE_CHAIN_FORMATS.find((each) => each === ending);
  if (endings.size === 1 && format !== undefined) return format;
  throw new WorkbenchError(
    "ARGUMENT_INVALID",
    `invalid files: ${paths.join(" ")} (accepted: names that end in .csv, .json or .graphml, or --format)`,
  );
}
