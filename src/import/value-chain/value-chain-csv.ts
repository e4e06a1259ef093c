import { WorkbenchError } from "../../engine/errors.js";
import type { ValueChain } from "../../engine/value-chain/value-chain.js";
import type { FoundProblem } from "../../engine/value-chain/value-chain-problems.js";
import { CsvScanner } from "../reading/csv-scanner.js";
import { edgeOfTexts, type FieldText, nodeOfTexts } from "./draft-of-texts.js";
import { EDGE_COLUMNS, NODE_COLUMNS } from "./element-columns.js";
import type { ValueChainFile } from "./value-chain-file.js";

const OPTIONAL_COLUMNS = new Set(["sector", "symbol", "source_date", "valid_from", "valid_to"]);

/** A CSV file by the name that messages call it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Reads a file of nodes and one of edges, either of which may be missing: comma between columns, a header with the
 * columns of `docs/value-chain.md` in any order.
 * @throws FILE_HEADER_INVALID for unknown, missing or double columns, FILE_EMPTY, FILE_NOT_TABULAR, FILE_LINE_TOO_LONG
 */
export function readValueChainCsv({
  nodes,
  edges,
}: {
  nodes?: NamedText | undefined;
  edges?: NamedText | undefined;
}): ValueChainFile {
  const problems: FoundProblem[] = [];
  const nodeRows = nodes === undefined ? [] : readRows(nodes, Object.values(NODE_COLUMNS), OPTIONAL_COLUMNS, problems);
  const edgeRows =
    edges === undefined
      ? []
      : readRows(edges, Object.values(EDGE_COLUMNS), OPTIONAL_COLUMNS.union(new Set(["id"])), problems);
  return {
    draft: {
      nodes: nodeRows.map(({ text }) => nodeOfTexts(text)),
      edges: edgeRows.map(({ text }) => edgeOfTexts(text)),
    },
    nodePlaces: nodeRows.map(({ place }) => place),
    edgePlaces: edgeRows.map(({ place }) => place),
    problems,
  };
}

/** Whether a header is one of edges: nodes have no ends. */
export function isEdgesCsv(text: string): boolean {
  return /\bsource_id\b/.test(text.split("\n", 1)[0]!);
}

export function writeNodesCsv({ nodes }: ValueChain): string {
  return writeRows(nodes, NODE_COLUMNS);
}

export function writeEdgesCsv({ edges }: ValueChain): string {
  return writeRows(edges, EDGE_COLUMNS);
}

interface CsvRow {
  readonly place: string;
  readonly text: FieldText;
}

function readRows(
  { name, text }: NamedText,
  columns: readonly string[],
  optional: ReadonlySet<string>,
  problems: FoundProblem[],
): CsvRow[] {
  const scanner = new CsvScanner(",");
  scanner.push(new TextEncoder().encode(text));
  scanner.finish();
  if (!scanner.next()) throw new WorkbenchError("FILE_EMPTY", `${name} is empty`, { details: { name } });
  const header = fieldsOf(scanner).map((title) => title.trim());
  requireHeader(name, header, columns, optional);
  const rows: CsvRow[] = [];
  while (scanner.next()) {
    const place = `${name} line ${scanner.line}`;
    const fields = fieldsOf(scanner);
    if (scanner.malformed) problems.push({ place, message: "text follows a closing quote" });
    else if (fields.length !== header.length) {
      problems.push({ place, message: `${fields.length} fields (accepted: ${header.length}, as in the header)` });
    } else {
      const values = new Map(header.map((column, i) => [column, fields[i]!]));
      rows.push({ place, text: (column) => values.get(column) ?? "" });
    }
  }
  return rows;
}

function fieldsOf(scanner: CsvScanner): string[] {
  return Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i));
}

function requireHeader(
  name: string,
  header: readonly string[],
  columns: readonly string[],
  optional: ReadonlySet<string>,
): void {
  const problems = [
    ...header.filter((title) => !columns.includes(title)).map((title) => `unknown column ${JSON.stringify(title)}`),
    ...header.filter((title, i) => header.indexOf(title) !== i).map((title) => `column ${title} twice`),
    ...columns.filter((title) => !optional.has(title) && !header.includes(title)).map((title) => `no column ${title}`),
  ];
  if (problems.length === 0) return;
  throw new WorkbenchError(
    "FILE_HEADER_INVALID",
    `invalid header of ${name}: ${problems.join(", ")} (accepted: ${columns.map((column) => (optional.has(column) ? `${column}?` : column)).join(",")})`,
    { details: { name, header } },
  );
}

function writeRows<T extends object>(
  elements: readonly T[],
  columns: Readonly<Record<keyof T & string, string>>,
): string {
  const fields = Object.keys(columns) as (keyof T & string)[];
  const lines = [
    Object.values<string>(columns),
    ...elements.map((element) => fields.map((field) => csvField(String(element[field] ?? "")))),
  ];
  return lines.map((cells) => `${cells.join(",")}\n`).join("");
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
