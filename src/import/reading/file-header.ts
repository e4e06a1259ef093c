import { WorkbenchError } from "../../engine/errors.js";
import { FIELDS_BY_KIND, type ImportMapping, type MappingField } from "../mapping/import-mapping.js";

/**
 * Column names as they count for mappings: without surrounding spaces.
 * @throws FILE_HEADER_INVALID when two columns have one name, whatever the case.
 */
export function columnNames(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  const positionByName = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const earlier = positionByName.get(name.toLowerCase());
    if (name !== "" && earlier !== undefined) {
      throw new WorkbenchError(
        "FILE_HEADER_INVALID",
        `invalid header: columns ${earlier + 1} and ${index + 1} are both named ${JSON.stringify(name)} (accepted: a different name for each column)`,
        { details: { name, columns: [earlier + 1, index + 1] } },
      );
    }
    positionByName.set(name.toLowerCase(), index);
  }
  return names;
}

/** The names `1`, `2`, `3`, … of the columns of a file without header. */
export function positionalNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}

/**
 * The position of each mapped field among the columns.
 * @throws FILE_HEADER_INVALID when the mapping names a column that the file lacks.
 */
export function fieldPositions(
  mapping: ImportMapping,
  names: readonly string[],
): Readonly<Partial<Record<MappingField, number>>> {
  const { required, optional } = FIELDS_BY_KIND[mapping.kind];
  const positions: Partial<Record<MappingField, number>> = {};
  for (const field of [...required, ...optional]) {
    const column = mapping.columns[field];
    if (column === undefined) continue;
    const position = names.indexOf(column);
    if (position < 0) {
      throw new WorkbenchError(
        "FILE_HEADER_INVALID",
        `invalid header: no column ${JSON.stringify(column)} for ${field} (accepted: ${names.join(", ").slice(0, 300)})`,
        { details: { field, column, names } },
      );
    }
    positions[field] = position;
  }
  return positions;
}
