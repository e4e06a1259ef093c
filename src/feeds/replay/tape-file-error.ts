import { WorkbenchError } from "../../engine/errors.js";

const DAMAGED_GZIP_CODES: ReadonlySet<string> = new Set(["Z_DATA_ERROR", "Z_NEED_DICT", "Z_STREAM_ERROR"]);

/** Any failure of opening or reading a tape's file, with the code that `docs/errors.md` gives it. */
export function tapeFileError(path: string, cause: unknown): WorkbenchError {
  if (cause instanceof WorkbenchError) return cause;
  const systemCode = systemCodeOf(cause);
  const options = { cause, details: { path, systemCode } };
  switch (systemCode) {
    case "ENOENT":
    case "ENOTDIR":
      return new WorkbenchError("FILE_NOT_FOUND", `invalid tape: ${path} does not exist (accepted: a file)`, options);
    case "EISDIR":
      return new WorkbenchError("FILE_IS_FOLDER", `invalid tape: ${path} is a folder (accepted: a file)`, options);
    case "Z_BUF_ERROR":
      return new WorkbenchError(
        "FILE_TRUNCATED",
        `invalid tape: the gzip stream of ${path} ends early (accepted: a complete file)`,
        options,
      );
    default: {
      const problem =
        systemCode !== undefined && DAMAGED_GZIP_CODES.has(systemCode)
          ? "its gzip stream is damaged"
          : `it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
      return new WorkbenchError(
        "FILE_UNREADABLE",
        `invalid tape: ${path}: ${problem} (accepted: a readable file)`,
        options,
      );
    }
  }
}

/** A line, or one field of it, that cannot be read. */
export function tapeLineError(path: string, line: number, problem: string): WorkbenchError {
  return new WorkbenchError("FEED_FRAME_INVALID", `invalid tape: ${path}, line ${line}: ${problem}`, {
    details: { path, line },
  });
}

function systemCodeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
