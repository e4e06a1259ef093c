import { WorkbenchError } from "../../engine/errors.js";

const CORRUPT_GZIP_CODES = new Set(["Z_DATA_ERROR", "Z_NEED_DICT", "Z_STREAM_ERROR"]);

/** Any failure of opening or reading `path` as a `WorkbenchError` that says what is accepted. */
export function fileError(path: string, cause: unknown): WorkbenchError {
  if (cause instanceof WorkbenchError) return cause;
  const systemCode = systemCodeOf(cause);
  const details = { path, systemCode };
  switch (systemCode) {
    case "ENOENT":
    case "ENOTDIR":
      return new WorkbenchError("FILE_NOT_FOUND", `invalid file: ${path} does not exist (accepted: an existing file)`, {
        cause,
        details,
      });
    case "EISDIR":
      return fileIsFolder(path);
    case "EACCES":
    case "EPERM":
      return new WorkbenchError(
        "FILE_UNREADABLE",
        `invalid file: no permission to read ${path} (accepted: a file this user may read)`,
        { cause, details },
      );
    case "Z_BUF_ERROR":
      return fileTruncated(path, "the gzip stream ends early", cause);
    default:
      if (systemCode !== undefined && CORRUPT_GZIP_CODES.has(systemCode)) {
        return new WorkbenchError(
          "FILE_UNREADABLE",
          `invalid file: the gzip stream of ${path} is damaged (accepted: a file that gunzip accepts)`,
          { cause, details },
        );
      }
      return new WorkbenchError(
        "FILE_UNREADABLE",
        `invalid file: ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)} (accepted: a readable file)`,
        { cause, details },
      );
  }
}

export function fileIsFolder(path: string): WorkbenchError {
  return new WorkbenchError(
    "FILE_IS_FOLDER",
    `invalid file: ${path} is a folder (accepted: a file, or a pattern such as ${path.replace(/[/\\]$/, "")}/*.csv.gz)`,
    { details: { path } },
  );
}

export function fileTruncated(path: string, problem: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError("FILE_TRUNCATED", `invalid file: ${path}: ${problem} (accepted: a complete file)`, {
    cause,
    details: { path },
  });
}

export function fileEmpty(path: string): WorkbenchError {
  return new WorkbenchError("FILE_EMPTY", `invalid file: ${path} is empty (accepted: a file with a header and rows)`, {
    details: { path },
  });
}

export function fileHasNoRows(path: string): WorkbenchError {
  return new WorkbenchError(
    "FILE_HAS_NO_ROWS",
    `invalid file: ${path} has no rows (accepted: a header and at least one row)`,
    { details: { path } },
  );
}

export function fileNotTabular(path: string, problem: string, accepted: string): WorkbenchError {
  return new WorkbenchError("FILE_NOT_TABULAR", `invalid file: ${path} ${problem} (accepted: ${accepted})`, {
    details: { path },
  });
}

function systemCodeOf(cause: unknown): string | undefined {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined;
  return typeof cause.code === "string" ? cause.code : undefined;
}
