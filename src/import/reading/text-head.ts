import { MAX_RECORD_BYTES } from "./csv-scanner.js";
import { fileEmpty, fileNotTabular } from "./file-error.js";
import { readBytes } from "./read-bytes.js";

const HEAD_BYTES = 256 * 1024;
const LF = 0x0a;
const CR = 0x0d;

export interface TextHead {
  readonly bytes: Uint8Array;
  /** True when nothing follows these bytes. */
  readonly isWholeFile: boolean;
}

/**
 * The first bytes of a text file: about 256 KiB, or more when lines are so long that these hold fewer than two.
 * @throws FILE_EMPTY for nothing but blanks, FILE_NOT_TABULAR for bytes that are no UTF-8 text.
 */
export async function readTextHead(path: string, { gzip }: { gzip: boolean }): Promise<TextHead> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let lines = 0;
  let isWholeFile = true;
  for await (const chunk of readBytes(path, { gzip })) {
    if (length === 0) requireText(path, chunk);
    chunks.push(chunk);
    length += chunk.length;
    for (let at = chunk.indexOf(LF); at >= 0 && lines < 2; at = chunk.indexOf(LF, at + 1)) lines++;
    if (length > 2 * MAX_RECORD_BYTES || (length >= HEAD_BYTES && lines >= 2)) {
      isWholeFile = false;
      break;
    }
  }
  const bytes = Buffer.concat(chunks);
  if (/^\ufeff?\s*$/.test(bytes.subarray(0, HEAD_BYTES).toString("utf8")) && isWholeFile) throw fileEmpty(path);
  if (lines === 0 && bytes.includes(CR)) {
    throw fileNotTabular(path, "ends its lines with a carriage return alone", "lines that end with LF or CRLF");
  }
  return { bytes, isWholeFile };
}

function requireText(path: string, bytes: Uint8Array): void {
  const accepted = "CSV in UTF-8, CSV.gz, Parquet or Arrow";
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw fileNotTabular(path, "is text in UTF-16", accepted);
  }
  const start = Buffer.from(bytes.subarray(0, 4)).toString("latin1");
  if (start === "PAR1" || start === "ARRO") {
    throw fileNotTabular(path, "holds a gzipped Parquet or Arrow file", "the file inside, after gunzip");
  }
  const isControl = (byte: number): boolean => byte < 0x20 && byte !== LF && byte !== CR && byte !== 0x09;
  if (bytes.some(isControl)) throw fileNotTabular(path, "is binary", accepted);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    throw fileNotTabular(path, "is not text in UTF-8", accepted);
  }
}
