import { describe, expect, it } from "vitest";
import { parseDelimiter } from "../../src/cli/arguments.js";

describe("parseDelimiter(text)", () => {
  it("takes one ASCII character, since files are cut by bytes", () => {
    for (const sign of [",", ";", "\t", "|"]) expect(parseDelimiter(sign)).toBe(sign);
    for (const text of ["", "ab", "é", "\0"]) {
      expect(() => parseDelimiter(text), JSON.stringify(text)).toThrow("(accepted: one ASCII character, such as ;)");
    }
  });
});
