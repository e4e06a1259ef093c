import { fork } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ErrorCode, WorkbenchError } from "../engine/errors.js";
import { executablePath } from "./executable-path.js";

export interface FrameworkBuildRequest {
  /** Folder that holds `observablehq.config.*` and `node_modules`. */
  readonly projectRoot: string;
  /** A folder inside the project that does not exist yet. */
  readonly outputFolder: string;
}

export type FrameworkBuildAnswer =
  | { readonly kind: "built" }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
      /** The page or file Framework was at. */
      readonly at: string | undefined;
    };

export interface FrameworkBuildOptions extends FrameworkBuildRequest {
  /** Added to this process's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Each line Framework prints. */
  readonly onOutput?: ((line: string) => void) | undefined;
}

/** Last lines of Framework's output that a failure without an answer carries. */
const LINES_KEPT = 20;

/**
 * Builds the site with Observable Framework and no network, and checks it, in a child process.
 * @throws SITE_BUILD_FAILED | MODULE_NOT_INSTALLED | SITE_CHECK_FAILED naming the page or file
 * @throws CANCELLED when `signal` fires; the child is gone by then
 */
export async function runFrameworkBuild(options: FrameworkBuildOptions): Promise<void> {
  const { projectRoot, outputFolder, environment, signal, onOutput } = options;
  signal?.throwIfAborted();
  const child = fork(fileURLToPath(new URL("framework-build-process.ts", import.meta.url)), [], {
    cwd: projectRoot,
    env: { ...process.env, ...environment, OBSERVABLE_TELEMETRY_DISABLE: "true", PATH: executablePath(projectRoot) },
    execArgv: ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
        lines.push(line);
        if (lines.length > LINES_KEPT) lines.shift();
        onOutput?.(line);
      }
    });
  }
  const stop = () => child.kill("SIGKILL");
  signal?.addEventListener("abort", stop);
  try {
    const answer = await new Promise<FrameworkBuildAnswer>((resolve, reject) => {
      let received: FrameworkBuildAnswer | undefined;
      child.once("message", (message: FrameworkBuildAnswer) => {
        received = message;
      });
      child.once("error", reject);
      child.once("close", (exitCode, killedBy) => {
        const message = `the build process ended (${killedBy ?? exitCode}): ${lines.join("\n")}`;
        resolve(received ?? { kind: "failed", code: "SITE_BUILD_FAILED", message, details: {}, at: undefined });
      });
      child.send({ projectRoot, outputFolder } satisfies FrameworkBuildRequest);
    });
    if (signal?.aborted) throw new WorkbenchError("CANCELLED", "the site build was cancelled");
    if (answer.kind === "failed") throw buildFailure(answer);
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function buildFailure({ code, message, details, at }: FrameworkBuildAnswer & { kind: "failed" }): WorkbenchError {
  if (at === undefined) return new WorkbenchError(code, message, { details });
  return new WorkbenchError(code, `${at}: ${message}`, { details: { ...details, page: at } });
}
