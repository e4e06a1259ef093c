import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { WorkbenchError } from "../../engine/errors.js";
import { tapeFileError, tapeLineError } from "./tape-file-error.js";

const CHUNK_BYTES = 128 * 1_024;
const LONGEST_LINE_CHARACTERS = 1_024 * 1_024;
const BYTE_ORDER_MARK = "\uFEFF";

export interface TapeLines {
  /** Number of the first line, from 1. */
  readonly firstLine: number;
  readonly lines: readonly string[];
}

/**
 * The lines of a UTF-8 text file, gunzipped when it begins like a gzip stream, without their ends. Memory does not
 * grow with the file.
 *
 * @throws FILE_NOT_FOUND, FILE_IS_FOLDER, FILE_UNREADABLE, FILE_TRUNCATED, FILE_EMPTY, FILE_LINE_TOO_LONG, and
 * FEED_FRAME_INVALID for bytes that are not UTF-8
 */
export async function* readTapeLines(path: string): AsyncGenerator<TapeLines, void> {
  let line = 1;
  let rest = "";
  for await (const text of readTexts(path)) {
    const lines = (rest + (line === 1 && rest === "" ? text.replace(BYTE_ORDER_MARK, "") : text)).split("\n");
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE_CHARACTERS) {
      throw new WorkbenchError(
        "FILE_LINE_TOO_LONG",
        `invalid tape: ${path}, line ${line + lines.length} is too long (accepted: up to 1 MiB)`,
        { details: { path, line: line + lines.length } },
      );
    }
    if (lines.length > 0) yield { firstLine: line, lines: lines.map(withoutReturn) };
    line += lines.length;
  }
  if (rest !== "") yield { firstLine: line, lines: [withoutReturn(rest)] };
  else if (line === 1) {
    throw new WorkbenchError("FILE_EMPTY", `invalid tape: ${path} is empty (accepted: a header and rows)`, {
      details: { path },
    });
  }
}

async function* readTexts(path: string): AsyncGenerator<string, void> {
  const isGzip = await beginsLikeGzip(path);
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const content = isGzip ? file.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : file;
  if (content !== file) file.once("error", (error) => content.destroy(error));
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let line = 1;
  try {
    for await (const chunk of content) {
      const text = decodeOrThrow(decoder, path, line, chunk as Uint8Array);
      line += countLines(text);
      yield text;
    }
    decodeOrThrow(decoder, path, line, undefined);
  } catch (error) {
    throw tapeFileError(path, error);
  } finally {
    content.destroy();
    file.destroy();
  }
}

async function beginsLikeGzip(path: string): Promise<boolean> {
  try {
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
      return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw tapeFileError(path, error);
  }
}

function decodeOrThrow(decoder: TextDecoder, path: string, line: number, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw tapeLineError(path, line, "bytes after it are not text (accepted: UTF-8)");
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
