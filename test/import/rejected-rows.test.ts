import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RejectedRow } from "../../src/import/reading/price-batch.js";
import { RejectedRowsFile } from "../../src/import/rejected-rows.js";
import { TemporaryFolder } from "../support/temporary-home.js";

describe("new RejectedRowsFile(folder, sourcePath, startedAtMs)", () => {
  let temporary: TemporaryFolder;
  beforeAll(() => {
    temporary = new TemporaryFolder();
  });
  afterAll(() => temporary.remove());

  const row = (text: string): RejectedRow => ({ line: 3, code: "ROWS_INVALID", reason: "invalid close", text });
  const file = (sourcePath: string) => new RejectedRowsFile(temporary.path, sourcePath, Date.UTC(2026, 3, 10));

  it("makes no file without a rejected row", () => {
    const rejected = file("none.csv");
    rejected.add([]);
    rejected.close();
    expect(rejected.path).toBeUndefined();
  });

  it("quotes what a row holds", () => {
    const rejected = file("quotes.csv");
    rejected.add([row('HPG,"27,5"')]);
    rejected.close();
    expect(readFileSync(rejected.path!, "utf8")).toBe(
      'line,code,reason,text\n3,ROWS_INVALID,"invalid close","HPG,""27,5"""\n',
    );
  });

  it("keeps the rows of two files of one name apart", () => {
    const [first, second] = [file("2024/prices.csv"), file("2025/prices.csv")];
    first.add([row("of 2024")]);
    second.add([row("of 2025")]);
    first.close();
    second.close();
    expect(readFileSync(first.path!, "utf8")).toContain("of 2024");
    expect(readFileSync(second.path!, "utf8")).toContain("of 2025");
  });
});
