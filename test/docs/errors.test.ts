import { describe, expect, it } from "vitest";
import { EXIT, exitCodeOf } from "../../src/cli/exit-codes.js";
import { ERROR_CODES, type ErrorCode } from "../../src/engine/errors.js";
import { HTTP_STATUS_BY_CODE } from "../../src/server/error-response.js";
import { readText, tableRows } from "./repository.js";

const document = readText("docs/errors.md");
const rows = tableRows(document);
const entries = rows
  .filter((cells) => cells.length === 5)
  .map(([code, , , exit, status]) => ({ code: code!.replaceAll("`", ""), exit: Number(exit), status: Number(status) }));

describe("docs/errors.md", () => {
  it("lists every error code once, and no other", () => {
    expect(entries.map(({ code }) => code).sort()).toEqual([...ERROR_CODES].sort());
  });

  it.each(entries)("gives $code the exit code and HTTP status it has", ({ code, exit, status }) => {
    expect({ exit, status }).toEqual({
      exit: exitCodeOf(code as ErrorCode),
      status: HTTP_STATUS_BY_CODE[code as ErrorCode],
    });
  });

  it("explains every exit code, and no other", () => {
    const explained = rows.filter((cells) => cells.length === 2).map(([exit]) => Number(exit));
    expect(explained).toEqual(Object.values(EXIT));
  });
});
