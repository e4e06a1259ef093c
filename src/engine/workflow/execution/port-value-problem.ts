import { PORT_TYPES, type PortType } from "../port-value.js";

/**
 * Why something is not a value of a port, in words that follow its name; undefined when it is one. Cells and reports
 * are looked at one by one, points of series are not: their columns hold nothing but numbers.
 */
export function portValueProblem(candidate: unknown, type?: PortType): string | undefined {
  if (!isObject(candidate)) return "is no value with a type";
  if (!PORT_TYPES.includes(candidate.type as PortType)) return `has no type of ${PORT_TYPES.join(", ")}`;
  if (type !== undefined && candidate.type !== type) return `is a ${candidate.type} (accepted: ${type})`;
  return PROBLEM_OF[candidate.type as PortType](candidate.value);
}

const PROBLEM_OF: Readonly<Record<PortType, (value: unknown) => string | undefined>> = {
  number: (value) => (typeof value === "number" ? undefined : "is no number"),
  boolean: (value) => (typeof value === "boolean" ? undefined : "is neither true nor false"),
  text: (value) => (typeof value === "string" ? undefined : "is no text"),
  series: seriesProblem,
  signal: signalProblem,
  table: tableProblem,
  order: ordersProblem,
};

function seriesProblem(value: unknown): string | undefined {
  if (!isObject(value)) return "is no series";
  const { timesMs, values, symbol, unit } = value;
  if (!(timesMs instanceof Float64Array && values instanceof Float64Array)) return "has no columns timesMs and values";
  if (timesMs.length !== values.length) return `has ${timesMs.length} instants and ${values.length} values`;
  return optional("string", { symbol, unit });
}

function signalProblem(value: unknown): string | undefined {
  if (!isObject(value)) return "is no signal";
  const { isActive, side, symbol, strength, reason } = value;
  if (typeof isActive !== "boolean") return "does not say whether it is active";
  if (typeof reason !== "string") return "has no reason";
  if (side !== undefined && side !== "buy" && side !== "sell") return "has a side that is neither buy nor sell";
  return optional("string", { symbol }) ?? optional("number", { strength });
}

function tableProblem(value: unknown): string | undefined {
  if (!isObject(value) || !Array.isArray(value.columns)) return "is no table";
  const { columns, rowCount } = value;
  if (!(Number.isInteger(rowCount) && (rowCount as number) >= 0)) return "has no number of rows";
  const names = new Set<string>();
  for (const column of columns as unknown[]) {
    if (!isObject(column) || typeof column.name !== "string" || !Array.isArray(column.cells)) return "has no columns";
    const { name, cells } = column;
    if (names.has(name)) return `has two columns ${name}`;
    names.add(name);
    if (cells.length !== rowCount) return `has ${cells.length} cells in column ${name} and ${rowCount} rows`;
    for (let row = 0; row < cells.length; row++) {
      if (!isCell(cells[row])) return `has a cell in column ${name}, row ${row}, that is no number, text or boolean`;
    }
  }
  return undefined;
}

function ordersProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return "is no list of orders";
  const isReport = (order: unknown) =>
    isObject(order) &&
    typeof order.orderId === "string" &&
    typeof order.idempotencyKey === "string" &&
    typeof order.symbol === "string" &&
    typeof order.side === "string" &&
    typeof order.quantity === "number" &&
    typeof order.state === "string" &&
    typeof order.filledQuantity === "number";
  const at = value.findIndex((order) => !isReport(order));
  return at < 0 ? undefined : `has no order in place ${at}`;
}

function optional(type: "string" | "number", fields: Readonly<Record<string, unknown>>): string | undefined {
  for (const name in fields) {
    if (fields[name] !== undefined && typeof fields[name] !== type) return `has a ${name} that is no ${type}`;
  }
  return undefined;
}

function isCell(cell: unknown): boolean {
  return cell === null || typeof cell === "number" || typeof cell === "string" || typeof cell === "boolean";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
