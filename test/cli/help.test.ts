import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { processContext } from "../../src/cli/command-context.js";
import { buildProgram } from "../../src/cli/main.js";
import { captureCommand } from "../support/captured-command.js";

const program = buildProgram(processContext(new AbortController().signal));

/** Every command that does something, with the words that call it. */
const COMMANDS: [name: string, command: Command][] = program.commands.flatMap((command) =>
  command.commands.length === 0
    ? [[command.name(), command] as [string, Command]]
    : command.commands.map((sub): [string, Command] => [`${command.name()} ${sub.name()}`, sub]),
);

describe("quantflow --help", () => {
  it("names every command, where data lives and what exit codes mean", async () => {
    const { exitCode, stdout, stderr } = await captureCommand(["--help"], {});
    expect([exitCode, stderr]).toEqual([0, ""]);
    for (const name of ["start", "dev", "build", "import", "demo", "quality", "symbols", "candles", "correlate"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b.* \\S`, "m"));
    }
    expect(stdout).toContain("QUANTFLOW_HOME");
    expect(stdout).toContain("Exit codes: 0 done, 1 ");
  });

  it("is printed, with exit code 2, when no command is given", async () => {
    const { exitCode, stdout, stderr } = await captureCommand([], {});
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Usage: quantflow /);
  });
});

describe("quantflow <command> --help", () => {
  for (const [name] of COMMANDS) {
    it(`shows an example of quantflow ${name}`, async () => {
      const { exitCode, stdout } = await captureCommand([...name.split(" "), "--help"], {});
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(new RegExp(`Examples?:\n( {2}.*\n)* {2}.*quantflow ${name.replace(" list", "")}`));
    });
  }

  it("describes every option and argument", () => {
    for (const [name, command] of COMMANDS) {
      for (const { flags, description } of command.options) expect(description, `${name} ${flags}`).not.toBe("");
      for (const argument of command.registeredArguments) expect(argument.description, name).not.toBe("");
    }
  });

  it("offers --json wherever a command answers and ends", () => {
    const without = COMMANDS.filter(([, command]) => !command.options.some(({ long }) => long === "--json"));
    expect(without.map(([name]) => name)).toEqual(["start", "dev"]);
  });

  it("says in the text of --json which fields come out", () => {
    for (const [name, command] of COMMANDS) {
      const json = command.options.find(({ long }) => long === "--json");
      if (json) expect(json.description, name).toMatch(/\{.+\}|--format json/);
    }
  });
});
