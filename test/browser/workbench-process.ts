import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const REPOSITORY = join(import.meta.dirname, "../..");
const QUANTFLOW = join(REPOSITORY, "bin/quantflow.js");

export interface RunningCommand {
  readonly url: string;
  /** Everything it wrote to standard error so far. */
  readonly complaints: () => string;
  stop(): Promise<void>;
}

/** Runs one command to its end. */
export function quantflow(commandLine: readonly string[], home: string, prefix: readonly string[] = []) {
  const [program, ...rest] = [...prefix, process.execPath, QUANTFLOW, ...commandLine];
  const { status, stdout, stderr } = spawnSync(program!, rest, {
    cwd: REPOSITORY,
    env: environmentOf(home),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** Starts `start` or `dev` and waits for the address it prints. */
export async function startQuantflow(commandLine: readonly string[], home: string): Promise<RunningCommand> {
  const child = spawn(process.execPath, [QUANTFLOW, ...commandLine], { cwd: REPOSITORY, env: environmentOf(home) });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const url = await printedAddress(child, () => complaints);
  return {
    url,
    complaints: () => complaints,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function environmentOf(home: string): NodeJS.ProcessEnv {
  return { ...process.env, QUANTFLOW_HOME: home, DATABASE_URL: "", POSTGRES_HOST: "", QUANTFLOW_LOG_LEVEL: "error" };
}

/** Goes on reading afterwards: a process whose output nobody takes stops at its next line. */
function printedAddress(child: ChildProcess, complaints: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = "";
    child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(printed);
      if (address) resolve(address[0]);
    });
    child.once("exit", () => reject(new Error(`the command ended without an address: ${complaints()}`)));
  });
}
