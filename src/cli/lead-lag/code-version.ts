import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";

const GIT_TIMEOUT_MS = 5_000;
const LARGEST_DIFF_BYTES = 64 * 1024 * 1024;

/** What decides the numbers of a study. */
const PROGRAM = ["src", "package-lock.json"];

/**
 * Which program makes a study: the package's version, the commit when the project is a git checkout, and a digest of
 * what the sources differ from it, when they do. Without git, the version alone.
 */
export async function readCodeVersion({
  version,
  projectRoot,
}: {
  readonly version: string;
  readonly projectRoot: string;
}): Promise<string> {
  const cwd = resolve(projectRoot);
  // A project inside someone else's repository has no commit of its own.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(cwd) };
  const git = async (...words: string[]) => {
    const options = { cwd, env, timeout: GIT_TIMEOUT_MS, maxBuffer: LARGEST_DIFF_BYTES };
    return (await promisify(execFile)("git", words, options)).stdout;
  };
  try {
    const [commit, changes] = await Promise.all([
      git("rev-parse", "--short=12", "HEAD"),
      git("diff", "HEAD", "--no-color", "--no-ext-diff", "--", ...PROGRAM),
    ]);
    const digest = createHash("sha256").update(changes).digest("hex").slice(0, 8);
    return `${version}+${commit.trim()}${changes === "" ? "" : `.changed-${digest}`}`;
  } catch {
    return version;
  }
}
