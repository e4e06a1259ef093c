import { describe, expect, it } from "vitest";
import { readMigrations, selectSections } from "../../src/store/migrate.js";
import { codeSpans, readText, sections, tableRows } from "./repository.js";

const CREATE_TABLE = /CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(\n([\s\S]*?)\n\s*\)/g;
const CREATE_COPY = /CREATE TABLE (\w+) \(LIKE (\w+) INCLUDING ALL\)/g;
const ADD_COLUMN = /ALTER TABLE (\w+) ADD COLUMN (\w+)/g;
const CREATE_VIEW = /CREATE (?:MATERIALIZED )?VIEW (\w+)/g;

const plain = readMigrations().map(({ sql }) => selectSections(sql, "plain"));
const timescale = readMigrations().map(({ sql }) => selectSections(sql, "timescaledb"));
const columnsByTable = tablesOf([...plain, readText("src/store/migrate.ts")].join("\n"));
const views = [...new Set(Array.from([...plain, ...timescale].join("\n").matchAll(CREATE_VIEW), ([, name]) => name!))];

const described = sections(readText("docs/data-model.md"), 3);

function tablesOf(sql: string): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  for (const [, table, body] of sql.matchAll(CREATE_TABLE)) {
    const names = body!.split("\n").map((line) => line.trim().split(" ")[0]!);
    tables.set(
      table!,
      names.filter((name) => /^[a-z]/.test(name)),
    );
  }
  for (const [, table, column] of sql.matchAll(ADD_COLUMN)) tables.get(table!)!.push(column!);
  for (const [, copy, original] of sql.matchAll(CREATE_COPY)) tables.set(copy!, tables.get(original!)!);
  return tables;
}

describe("docs/data-model.md", () => {
  it("has a section for every table and view of the migrations, and for no other", () => {
    const named = [...described.keys()].map((heading) => heading.replaceAll("`", ""));
    expect(named.sort()).toEqual([...new Set([...columnsByTable.keys(), ...views])].sort());
  });

  it.each([...columnsByTable])("names every column of %s", (table, columns) => {
    const names = codeSpans(described.get(`\`${table}\``)!);
    expect(columns.filter((column) => !names.has(column))).toEqual([]);
  });

  it.each([...columnsByTable])("describes no column that %s does not have", (table, columns) => {
    const inTable = tableRows(described.get(`\`${table}\``)!).map(([column]) => column!.replaceAll("`", ""));
    expect(inTable.filter((column) => !columns.includes(column))).toEqual([]);
  });
});
