import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSiteSymbols, symbolPagePath } from "../../src/site/site-symbols.js";
import { temporaryProject } from "./temporary-project.js";

async function symbolsIn(content: string) {
  const folder = await temporaryProject({ "symbols.json": content });
  return readSiteSymbols({ QUANTFLOW_SYMBOLS_FILE: join(folder, "symbols.json") });
}

describe("readSiteSymbols(environment)", () => {
  it("is empty when no file is named", () => {
    expect(readSiteSymbols({})).toEqual([]);
  });

  it("reads a list of symbols", async () => {
    expect(await symbolsIn('["DCE.I", "HPG"]')).toEqual(["DCE.I", "HPG"]);
  });

  it.each(["{", '{"HPG":1}', "[1]"])("refuses %s", async (content) => {
    await expect(symbolsIn(content)).rejects.toMatchObject({
      code: "CONFIGURATION_INVALID",
      message: expect.stringContaining("accepted: a JSON list of symbols"),
    });
  });
});

describe("symbolPagePath(symbol)", () => {
  it("keeps the dot of a symbol", () => {
    expect(symbolPagePath("DCE.I")).toBe("/symbols/DCE.I");
  });
});
