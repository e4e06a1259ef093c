import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import type { CommandContext } from "../../src/cli/command-context.js";
import { buildProgram } from "../../src/cli/main.js";
import { readText, sections, tableRows } from "./repository.js";

const context: CommandContext = {
  environment: {},
  projectRoot: "",
  version: "0.0.0",
  nowMs: () => 0,
  signal: new AbortController().signal,
  stdout: new PassThrough() as unknown as NodeJS.WriteStream,
  stderr: new PassThrough() as unknown as NodeJS.WriteStream,
};

const commands = leavesOf(buildProgram(context), []);
const described = sections(readText("docs/cli.md"), 2);

function leavesOf(command: Command, parents: readonly string[]): { name: string; command: Command }[] {
  const path = [...parents, command.name()];
  if (command.commands.length === 0) return [{ name: path.join(" "), command }];
  return command.commands.flatMap((child) => leavesOf(child, path));
}

function describedOptions(name: string): string[] {
  return tableRows(described.get(name)!).map(([option]) => option!.replaceAll("`", ""));
}

describe("docs/cli.md", () => {
  it("has a section for every command, and for no other", () => {
    expect([...described.keys()].sort()).toEqual(commands.map(({ name }) => name).sort());
  });

  it.each(commands)("lists the options of $name as the program has them, in order", ({ name, command }) => {
    expect(describedOptions(name)).toEqual(command.options.map(({ flags }) => flags));
  });

  it.each(commands)("names the arguments of $name", ({ name, command }) => {
    const usage = command.registeredArguments.map((argument) =>
      argument.variadic ? `<${argument.name()}...>` : `<${argument.name()}>`,
    );
    if (usage.length > 0) expect(described.get(name)).toContain(`\`${[name, ...usage].join(" ")}\``);
    else expect(described.get(name)).not.toMatch(new RegExp(`\`${name} <`));
  });

  it.each(commands)("gives the defaults of $name", ({ name, command }) => {
    const rows = new Map(
      tableRows(described.get(name)!).map(([option, value]) => [option!.replaceAll("`", ""), value]),
    );
    const withDefaults = command.options.filter(({ defaultValue }) => defaultValue && defaultValue !== true);
    expect(withDefaults.map(({ flags }) => rows.get(flags))).toEqual(
      withDefaults.map(({ defaultValue }) => String(defaultValue)),
    );
  });

  it.each(commands)("shows the JSON of $name when the command prints any", ({ name, command }) => {
    const printsJson = command.options.some(({ long }) => long === "--json");
    const examples = Array.from(described.get(name)!.matchAll(/```json\n([\s\S]*?)```/g), ([, text]) => text!);
    expect(examples.length > 0).toBe(printsJson);
    for (const example of examples) expect(() => JSON.parse(example)).not.toThrow();
  });

  it.each(commands)("shows the fields that the help of $name promises", ({ name, command }) => {
    const help = command.options.find(({ long }) => long === "--json")?.description ?? "";
    const promised = promisedFields(help);
    const [, example] = /```json\n([\s\S]*?)```/.exec(described.get(name)!) ?? [];
    if (promised.length > 0) expect(Object.keys(JSON.parse(example!))).toEqual(promised);
  });
});

/** The fields of the object that a help text shows, without those of objects inside it; none for a list. */
function promisedFields(help: string): string[] {
  const [, inside] = /print \{(.*)\} as JSON/.exec(help) ?? [];
  return inside === undefined ? [] : inside.replaceAll(/: \[\{[^}]*\}\]/g, "").split(", ");
}
