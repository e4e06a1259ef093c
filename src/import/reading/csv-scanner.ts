import { WorkbenchError } from "../../engine/errors.js";

/** The longest record accepted, in bytes, line ends inside quotes included. */
export const MAX_RECORD_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/**
 * Splits CSV bytes into records without creating strings (RFC 4180, any one-byte delimiter, LF or CRLF,
 * UTF-8 with or without byte order mark). Blank lines are skipped but counted.
 *
 * Use: `push` a chunk, call `next` until it returns `false`, and so on; then `finish` and `next` again. After
 * `next` returned `true`, field `i` is `bytes[starts[i] .. ends[i])` with its quotes removed; the position is
 * valid until the following `next` or `push`. Chunk boundaries never change the result. Memory stays below
 * two chunks and a few `MAX_RECORD_BYTES`.
 */
export class CsvScanner {
  /** Holds the fields of the current record. */
  bytes: Uint8Array = new Uint8Array(0);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  fieldCount = 0;
  /** 1-based line on which the current record begins. */
  line = 0;
  /** True when text follows a closing quote, which no reading of the record can explain. */
  malformed = false;

  readonly #delimiter: number;
  #recordStart = 0;
  #recordEnd = 0;
  /** Unread bytes are `bytes[#position .. #filled)`; what lies behind `#filled` is scratch space. */
  #position = 0;
  #filled = 0;
  #nextLine = 1;
  #atFileStart = true;
  #finished = false;

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  push(chunk: Uint8Array): void {
    const unread = this.#filled - this.#position;
    const needed = unread + chunk.length + MAX_RECORD_BYTES + 1;
    if (needed > this.bytes.length) {
      const grown = new Uint8Array(needed + chunk.length);
      grown.set(this.bytes.subarray(this.#position, this.#filled));
      this.bytes = grown;
    } else {
      this.bytes.copyWithin(0, this.#position, this.#filled);
    }
    this.bytes.set(chunk, unread);
    this.#position = 0;
    this.#filled = unread + chunk.length;
  }

  /** Says that no chunk follows, so that a last line without line end becomes a record. */
  finish(): void {
    if (this.bytes.length === 0) this.push(new Uint8Array(0));
    this.#finished = true;
  }

  /** The current record as it stands in the file, for messages; cut after `maxChars`. */
  text(maxChars: number): string {
    const end = Math.min(this.#recordEnd, this.#recordStart + 4 * maxChars);
    return decoder.decode(this.bytes.subarray(this.#recordStart, end)).slice(0, maxChars);
  }

  /** Field `index` of the current record as text. */
  field(index: number): string {
    return decoder.decode(this.bytes.subarray(this.starts[index], this.ends[index]));
  }

  /**
   * Moves to the next record; `false` when the pushed bytes hold no further complete one.
   * @throws FILE_LINE_TOO_LONG, and FILE_NOT_TABULAR for a quote that is still open at the end of the file.
   */
  next(): boolean {
    if (this.#atFileStart && !this.#skipByteOrderMark()) return false;
    while (this.#position < this.#filled) {
      if (!this.#scanRecord()) {
        if (this.#filled - this.#position > MAX_RECORD_BYTES) throw this.#lineTooLong();
        return false;
      }
      const isBlank = this.fieldCount === 1 && this.#recordStart === this.#recordEnd;
      if (!isBlank) return true;
    }
    return false;
  }

  #skipByteOrderMark(): boolean {
    if (this.#filled < BYTE_ORDER_MARK.length && !this.#finished) return false;
    if (BYTE_ORDER_MARK.every((byte, i) => i < this.#filled && this.bytes[i] === byte)) {
      this.#position = BYTE_ORDER_MARK.length;
    }
    this.#atFileStart = false;
    return true;
  }

  #scanRecord(): boolean {
    const bytes = this.bytes;
    const delimiter = this.#delimiter;
    const filled = this.#filled;
    const recordStart = this.#position;
    let starts = this.starts;
    let ends = this.ends;
    let fields = 0;
    let fieldStart = recordStart;
    let at = recordStart;
    let newlines = 1;
    let scratch = filled + 1;
    this.malformed = false;
    bytes[filled] = LF; // sentinel: ends every loop over unquoted text

    for (;;) {
      if (fields === starts.length) {
        this.#growFields();
        starts = this.starts;
        ends = this.ends;
      }
      if (bytes[at] === QUOTE) {
        const quoted = this.#scanQuoted(at, scratch);
        if (quoted === undefined) return false;
        starts[fields] = quoted.start;
        ends[fields] = quoted.end;
        newlines += quoted.newlines;
        scratch = quoted.scratch;
        at = quoted.next;
        let end = at;
        while (bytes[end] !== LF && bytes[end] !== delimiter) end++;
        if (end > at && !(end === at + 1 && bytes[at] === CR && bytes[end] === LF)) this.malformed = true;
        at = end;
      } else {
        let byte = bytes[at]!;
        while (byte !== delimiter && byte !== LF) byte = bytes[++at]!;
        starts[fields] = fieldStart;
        ends[fields] = byte === LF && at > fieldStart && bytes[at - 1] === CR ? at - 1 : at;
      }
      fields++;
      if (bytes[at] === LF) break;
      fieldStart = ++at;
    }

    if (at === filled && !this.#finished) return false;
    if (at - recordStart > MAX_RECORD_BYTES) throw this.#lineTooLong();
    this.fieldCount = fields;
    this.line = this.#nextLine;
    this.#nextLine += newlines;
    this.#recordStart = recordStart;
    this.#recordEnd = at > recordStart && bytes[at - 1] === CR ? at - 1 : at;
    this.#position = Math.min(at + 1, filled);
    return true;
  }

  /** Reads the quoted field that opens at `open`; a field with doubled quotes is unescaped into scratch space. */
  #scanQuoted(open: number, scratch: number): QuotedField | undefined {
    const bytes = this.bytes;
    let at = open + 1;
    let doubled = 0;
    let newlines = 0;
    for (;;) {
      if (at >= this.#filled) {
        if (!this.#finished) return undefined;
        throw new WorkbenchError(
          "FILE_NOT_TABULAR",
          `invalid quote: the one opened in the record of line ${this.#nextLine} is never closed (accepted: a closing " for each opening one)`,
          { details: { line: this.#nextLine } },
        );
      }
      const byte = bytes[at];
      if (byte === QUOTE) {
        // A quote at the end of what is known may be the first of two.
        if (at + 1 === this.#filled && !this.#finished) return undefined;
        if (at + 1 >= this.#filled || bytes[at + 1] !== QUOTE) break;
        doubled++;
        at++;
      } else if (byte === LF) newlines++;
      at++;
    }
    if (at - open > MAX_RECORD_BYTES) throw this.#lineTooLong();
    if (doubled === 0) return { start: open + 1, end: at, next: at + 1, newlines, scratch };
    let to = scratch;
    for (let from = open + 1; from < at; from++) {
      bytes[to++] = bytes[from]!;
      if (bytes[from] === QUOTE) from++;
    }
    return { start: scratch, end: to, next: at + 1, newlines, scratch: to };
  }

  #growFields(): void {
    const starts = new Int32Array(this.starts.length * 2);
    const ends = new Int32Array(starts.length);
    starts.set(this.starts);
    ends.set(this.ends);
    this.starts = starts;
    this.ends = ends;
  }

  #lineTooLong(): WorkbenchError {
    return new WorkbenchError(
      "FILE_LINE_TOO_LONG",
      `invalid line ${this.#nextLine}: longer than ${MAX_RECORD_BYTES} bytes, perhaps after an unclosed quote (accepted: lines of at most 1 MiB)`,
      { details: { line: this.#nextLine, maxBytes: MAX_RECORD_BYTES } },
    );
  }
}

interface QuotedField {
  readonly start: number;
  readonly end: number;
  /** Position behind the closing quote. */
  readonly next: number;
  readonly newlines: number;
  /** First free byte of the scratch space. */
  readonly scratch: number;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
