import { spawn } from "node:child_process";
import { once } from "node:events";

export interface ProgramOptions {
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Whether standard output is collected; otherwise it goes to the null device. */
  readonly keepOutput?: boolean;
}

/** Runs a program to its end and returns what it printed. @throws when it fails, with what it said. */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { cwd, environment, keepOutput = false }: ProgramOptions = {},
): Promise<string> {
  const child = spawn(program, programArguments, {
    ...(cwd !== undefined && { cwd }),
    ...(environment && { env: environment }),
    stdio: ["ignore", keepOutput ? "pipe" : "ignore", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const [exitCode] = await once(child, "close");
  if (exitCode !== 0) throw new Error(`${program} ${programArguments.join(" ")} failed: ${errors || exitCode}`);
  return output;
}
