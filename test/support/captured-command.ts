import { Writable } from "node:stream";
import type { CommandContext } from "../../src/cli/command-context.js";
import { runCommandLine } from "../../src/cli/main.js";
import { type FinishedProcess, PROJECT_ROOT, type ProcessEnvironment } from "./quantflow-process.js";

/** Keeps what is written to it. */
class CapturedStream extends Writable {
  readonly #chunks: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

export interface CapturedCommand extends FinishedProcess {
  readonly stdoutBytes: Buffer;
}

/** Runs one command line in this process, which is several times faster than in one of its own. */
export async function captureCommand(
  commandLine: readonly string[],
  environment: ProcessEnvironment,
  { nowMs = Date.parse("2026-04-11T03:00:00Z") }: { nowMs?: number } = {},
): Promise<CapturedCommand> {
  const stdout = new CapturedStream();
  const stderr = new CapturedStream();
  const context: CommandContext = {
    environment,
    projectRoot: PROJECT_ROOT,
    version: "0.0.0-test",
    nowMs: () => nowMs,
    signal: new AbortController().signal,
    stdout,
    stderr,
  };
  const outerExitCode = process.exitCode;
  process.exitCode = 0;
  try {
    await runCommandLine(context, commandLine);
    return {
      exitCode: Number(process.exitCode),
      stdout: stdout.bytes.toString(),
      stdoutBytes: stdout.bytes,
      stderr: stderr.bytes.toString(),
    };
  } finally {
    process.exitCode = outerExitCode;
  }
}

/** The one JSON document that a command printed. */
export async function captureJson<T>(commandLine: readonly string[], environment: ProcessEnvironment): Promise<T> {
  const { stdout, stderr, exitCode } = await captureCommand(commandLine, environment);
  if (stdout === "") throw new Error(`exit code ${exitCode} and nothing on standard output: ${stderr}`);
  return JSON.parse(stdout) as T;
}
