import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

export const PROJECT_ROOT = resolve(import.meta.dirname, "../..");

export type ProcessEnvironment = Readonly<Record<string, string>>;

export interface FinishedProcess {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface QuantflowProcess {
  readonly pid: number;
  readonly finished: Promise<FinishedProcess>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with what was matched as soon as standard output or error holds it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `quantflow` as a person would: a process of its own, with the Node of the project. */
export function startQuantflow(
  commandLine: readonly string[],
  environment: ProcessEnvironment,
  { uid }: { uid?: number } = {},
): QuantflowProcess {
  const node = resolve(PROJECT_ROOT, "node_modules/.bin/node");
  const child = spawn(node, [resolve(PROJECT_ROOT, "bin/quantflow.js"), ...commandLine], {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: "UTC", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return new Started(child);
}

export function runQuantflow(
  commandLine: readonly string[],
  environment: ProcessEnvironment,
  options?: { uid?: number },
): Promise<FinishedProcess> {
  return startQuantflow(commandLine, environment, options).finished;
}

class Started implements QuantflowProcess {
  readonly finished: Promise<FinishedProcess>;
  readonly #child: ChildProcess;
  readonly #output = { stdout: "", stderr: "" };
  readonly #readers = new Set<() => void>();

  constructor(child: ChildProcess) {
    this.#child = child;
    for (const name of ["stdout", "stderr"] as const) {
      child[name]!.setEncoding("utf8").on("data", (text: string) => {
        this.#output[name] += text;
        for (const read of this.#readers) read();
      });
    }
    this.finished = new Promise((done, fail) => {
      child.once("error", fail);
      child.once("close", (exitCode) => done({ exitCode, ...this.#output }));
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found, fail) => {
      const read = () => {
        const match = pattern.exec(this.#output.stdout) ?? pattern.exec(this.#output.stderr);
        if (match) found(match);
      };
      this.#readers.add(read);
      read();
      this.finished.then(({ exitCode, stderr }) => {
        fail(new Error(`ended with exit code ${exitCode} before ${pattern} appeared: ${stderr}`));
      }, fail);
    });
  }
}
