import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT, exitCodeOf } from "../../src/cli/exit-codes.js";
import { ERROR_CODES } from "../../src/engine/errors.js";
import { captureCommand } from "../support/captured-command.js";
import { PROJECT_ROOT, runQuantflow } from "../support/quantflow-process.js";

describe("quantflow <wrong command line>", () => {
  const cases: [commandLine: string, complaint: RegExp][] = [
    ["nonsense", /unknown command 'nonsense'/],
    ["symbols --nonsense", /unknown option '--nonsense'/],
    ["import", /missing required argument 'files'/],
    ["correlate --source HPG", /required option '--target <symbol>' not specified/],
    ["candles HP!G", /invalid symbol: .*HP!G.*accepted: /],
    ["candles HPG --from 2026-02-30", /'2026-02-30' is invalid.*accepted: .*/],
    [
      "candles HPG --from 2026-03-01 --to 2026-02-01",
      /invalid --from: 2026-03-01 \(accepted: a date up to --to, 2026-02-01\)/,
    ],
    ["candles HPG --interval 7m", /7m.*accepted: .*1d/],
    ["candles HPG --format xlsx", /xlsx \(accepted: csv, json, arrow, parquet\)/],
    ["correlate --source A --target B --max-lag 251", /251 \(accepted: an integer from 0 to 250\)/],
    ["correlate --source A --target B --align outer", /outer \(accepted: inner, as-of\)/],
    ["import x.csv --kind news", /news \(accepted: prices, instruments, calendar\)/],
    ["quality --severity fatal", /fatal \(accepted: info, warning, error\)/],
    ["quality lift zero", /zero \(accepted: an integer from 1 /],
    ["start --port 65536", /65536 \(accepted: an integer from 0 to 65535\)/],
  ];
  for (const [commandLine, complaint] of cases) {
    it(`${commandLine}: exit code 2, nothing on standard output`, async () => {
      const { exitCode, stdout, stderr } = await captureCommand(commandLine.split(" "), {});
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(complaint);
      expect(stderr).toMatch(/^[A-Z]+(_[A-Z]+)+: /);
    });
  }
});

describe("exitCodeOf(code)", () => {
  it("tells faulty work, faulty command lines, faulty surroundings and interruptions apart", () => {
    expect(exitCodeOf("ROWS_INVALID")).toBe(1);
    expect(exitCodeOf("INTERNAL")).toBe(1);
    expect(exitCodeOf("DATE_INVALID")).toBe(2);
    expect(exitCodeOf("PORT_IN_USE")).toBe(3);
    expect(exitCodeOf("CANCELLED")).toBe(130);
  });

  it("is never 0 and always one of the documented codes", () => {
    const documented = new Set<number>(Object.values(EXIT));
    for (const code of ERROR_CODES) {
      expect(exitCodeOf(code), code).not.toBe(0);
      expect(documented, code).toContain(exitCodeOf(code));
    }
  });
});

describe("bin/quantflow.js", () => {
  it("prints the version of package.json and nothing else", async () => {
    const { version } = JSON.parse(readFileSync(resolve(PROJECT_ROOT, "package.json"), "utf8"));
    expect(await runQuantflow(["--version"], {})).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("asks for a newer Node before it loads anything", () => {
    const script = `Object.defineProperty(process.versions, "node", { value: "20.11.1" }); await import(${JSON.stringify(resolve(PROJECT_ROOT, "bin/quantflow.js"))});`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^NODE_TOO_OLD: this is Node 20\.11\.1, the workbench needs 22\.15 or newer: .*npm run/);
  });
});
