import { describe, expect, it } from "vitest";
import { parseImportMapping } from "../../../src/import/mapping/import-mapping.js";
import { readCalendar } from "../../../src/import/reading/read-calendar.js";
import { temporaryFiles } from "../support/temporary-files.js";

const { write } = temporaryFiles();

const mapping = (changes: Record<string, unknown> = {}) =>
  parseImportMapping({
    kind: "calendar",
    format: { container: "csv" },
    columns: { date: "date", exchange: "exchange", kind: "kind", note: "note" },
    source: "test",
    ...changes,
  });

describe("readCalendar(path, mapping)", () => {
  it("reads trading days and holidays of exchanges", async () => {
    const path = write(
      "calendar.csv",
      "date,exchange,kind,note\n2024-02-08,HOSE,holiday,Tết\n2024-02-15,HOSE,Trading,\n",
    );
    const { days, rejected } = await readCalendar(path, mapping());
    expect(rejected).toEqual([]);
    expect(days).toEqual([
      { date: "2024-02-08", exchange: "HOSE", kind: "holiday", note: "Tết", line: 2 },
      { date: "2024-02-15", exchange: "HOSE", kind: "trading", note: undefined, line: 3 },
    ]);
  });

  it("takes one exchange for the whole file, and dates in its format", async () => {
    const path = write("days.csv", "date,kind\n08/02/2024,holiday\n");
    const { days } = await readCalendar(
      path,
      mapping({ columns: { date: "date", kind: "kind" }, exchange: "HNX", dateFormat: "dmy" }),
    );
    expect(days).toMatchObject([{ date: "2024-02-08", exchange: "HNX" }]);
  });

  it("rejects rows with their reasons", async () => {
    const rows = [
      "2024-02-30,HOSE,holiday,",
      ",HOSE,holiday,",
      "2024-02-08,,holiday,",
      "2024-02-08,HOSE,closed,",
      "2024-02-08,HOSE,holiday,",
      "2024-02-08,HOSE,trading,",
    ];
    const { days, rejected } = await readCalendar(
      write("bad.csv", ["date,exchange,kind,note", ...rows].join("\n")),
      mapping(),
    );
    expect(days.length).toBe(1);
    expect(rejected.map(({ line, reason }) => `${line}: ${reason}`)).toEqual([
      '2: invalid date: "2024-02-30" (accepted: an existing date in the mapping\'s format)',
      '3: invalid date: "" (accepted: a date)',
      '4: invalid exchange: "" (accepted: the name of an exchange such as HOSE)',
      '5: invalid kind: "closed" (accepted: trading, holiday)',
      '7: invalid date: "HOSE 2024-02-08" (accepted: once; it stands on line 6 already)',
    ]);
  });
});
