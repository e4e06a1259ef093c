import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ProjectCopy } from "./project-copy.js";
import { runProgram } from "./run-program.js";

export interface WorkbenchProcess {
  readonly url: string;
  readonly processId: number;
  stop(): Promise<void>;
}

/** Runs one command of the workbench on the copy's embedded store. @throws when it fails, with what it said */
export async function quantflow(project: ProjectCopy, ...commandLine: string[]): Promise<void> {
  await runProgram(process.execPath, [join(project.root, "bin/quantflow.js"), ...commandLine], {
    cwd: project.root,
    environment: environmentOf(project),
  });
}

/** Starts the server on a free port and waits for the address it prints. */
export async function startWorkbench(project: ProjectCopy): Promise<WorkbenchProcess> {
  const child = spawn(process.execPath, [join(project.root, "bin/quantflow.js"), "start", "--port", "0"], {
    cwd: project.root,
    env: environmentOf(project),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const url = await printedAddress(child);
  return {
    url,
    processId: child.pid!,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function environmentOf({ home }: ProjectCopy): NodeJS.ProcessEnv {
  return { ...process.env, QUANTFLOW_HOME: home, DATABASE_URL: "", POSTGRES_HOST: "", QUANTFLOW_LOG_LEVEL: "error" };
}

async function printedAddress(child: ChildProcess): Promise<string> {
  let complaints = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  let printed = "";
  for await (const text of child.stdout!.setEncoding("utf8")) {
    printed += text;
    const address = /http:\/\/[\w.:[\]]+\//.exec(printed);
    if (address) return address[0];
  }
  throw new Error(`the workbench ended without an address: ${complaints}`);
}
