import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { fileEmpty, fileError, fileNotTabular } from "../../import/reading/file-error.js";
import { readBytes } from "../../import/reading/read-bytes.js";

/** Path that stands for standard input. */
const STANDARD_INPUT = "-";

export interface TextFile {
  /** Gunzipped when the file is gzipped. */
  readonly bytes: Buffer;
  /** Of the file as it is. */
  readonly sha256: string;
}

/** A whole text file; `-` is standard input. @throws FILE_EMPTY, FILE_NOT_TABULAR, and what readBytes throws */
export async function readTextFile(path: string, signal: AbortSignal): Promise<TextFile> {
  const chunks: Uint8Array[] = [];
  const source = path === STANDARD_INPUT ? process.stdin : readBytes(path, { gzip: false, signal });
  for await (const chunk of source) chunks.push(chunk as Uint8Array);
  const content = Buffer.concat(chunks);
  const bytes = gunzipped(path, content);
  requireText(path, bytes);
  return { bytes, sha256: createHash("sha256").update(content).digest("hex") };
}

/** What messages call the file. */
export function fileLabel(path: string): string {
  return path === STANDARD_INPUT ? "standard input" : path;
}

function gunzipped(path: string, bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw fileError(path, error);
  }
}

function requireText(path: string, bytes: Buffer): void {
  const accepted = "CSV in UTF-8, gzipped or not";
  if (bytes.includes(0)) throw fileNotTabular(fileLabel(path), "is binary or UTF-16", accepted);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fileNotTabular(fileLabel(path), "is not text in UTF-8", accepted);
  }
  if (/^\s*$/.test(text)) throw fileEmpty(fileLabel(path));
}
