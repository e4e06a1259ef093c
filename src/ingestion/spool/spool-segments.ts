import { type FileHandle, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { readRecords, type SegmentRead } from "./segment-reader.js";
import type { SpoolRecord } from "./spool-record.js";

const SEGMENT_NAME = /^(\d{16})\.spool$/;
const SCAN_BYTES = 1 << 22;

/** The segment files of a spool's folder, by their numbers, and the bytes of whole records in each. */
export class SpoolSegments {
  readonly #folder: string;
  /** In ascending order; the last segment is the one appended to. */
  readonly #sizes: Map<number, number>;
  /** Segments of earlier starts. */
  readonly #inherited: ReadonlySet<number>;
  readonly #damaged = new Set<number>();
  #reading: { segment: number; file: FileHandle } | undefined;
  #readBuffer = Buffer.alloc(0);

  private constructor(folder: string, sizes: Map<number, number>) {
    this.#folder = folder;
    this.#sizes = sizes;
    this.#inherited = new Set(sizes.keys());
  }

  /** Finds those of a folder, and cuts off what an earlier process did not finish. */
  static async open(folder: string, logger: Logger): Promise<SpoolSegments> {
    const numbers = (await readdir(folder)).flatMap((name) => SEGMENT_NAME.exec(name)?.[1] ?? []).map(Number);
    numbers.sort((a, b) => a - b);
    const sizes = new Map<number, number>();
    for (const number of numbers) sizes.set(number, (await stat(segmentPath(folder, number))).size);
    const segments = new SpoolSegments(folder, sizes);
    const last = numbers.at(-1);
    if (last !== undefined) await segments.#cutTornTail(last, logger);
    return segments;
  }

  /** Number and size of each, the oldest first. */
  get sizes(): ReadonlyMap<number, number> {
    return this.#sizes;
  }

  isInherited(segment: number): boolean {
    return this.#inherited.has(segment);
  }

  /** The first one behind another one, if there is one. */
  after(segment: number): number | undefined {
    return [...this.#sizes.keys()].find((each) => each > segment);
  }

  pathOf(segment: number): string {
    return segmentPath(this.#folder, segment);
  }

  /** Notes how many bytes of whole records one has, from its first on. */
  resize(segment: number, bytes: number): void {
    this.#sizes.set(segment, bytes);
  }

  /** Records of one from an offset on, valid until the next call. */
  async read(segment: number, from: number, maxBytes: number): Promise<SegmentRead> {
    const file = await this.#openForReading(segment);
    return readRecords(file, { from, end: this.#sizes.get(segment)!, maxBytes }, this.#buffer);
  }

  /** All records of one from an offset on, each valid until the next. */
  async *recordsOf(segment: number, from: number): AsyncGenerator<SpoolRecord> {
    for await (const { records } of this.#scan(segment, from)) yield* records;
  }

  /** It will be kept aside instead of being deleted. @returns the name it will have */
  markDamaged(segment: number): string {
    this.#damaged.add(segment);
    return this.#damagedPathOf(segment);
  }

  /** Deletes one that is not needed any more, unless it is damaged. */
  async discard(segment: number): Promise<void> {
    if (this.#reading?.segment === segment) await this.close();
    this.#sizes.delete(segment);
    const path = this.pathOf(segment);
    if (this.#damaged.delete(segment)) await rename(path, this.#damagedPathOf(segment));
    else await rm(path, { force: true });
  }

  async close(): Promise<void> {
    await this.#reading?.file.close();
    this.#reading = undefined;
  }

  readonly #buffer = (length: number): Buffer => {
    if (this.#readBuffer.length < length) this.#readBuffer = Buffer.allocUnsafe(length);
    return this.#readBuffer.subarray(0, length);
  };

  #damagedPathOf(segment: number): string {
    return `${this.pathOf(segment)}.damaged`;
  }

  async #openForReading(segment: number): Promise<FileHandle> {
    if (this.#reading?.segment === segment) return this.#reading.file;
    await this.close();
    const file = await open(this.pathOf(segment), "r");
    this.#reading = { segment, file };
    return file;
  }

  /** Reads one to its end. */
  async *#scan(segment: number, from: number): AsyncGenerator<SegmentRead> {
    const end = this.#sizes.get(segment)!;
    const file = await open(this.pathOf(segment), "r");
    try {
      for (let at = from; at < end; ) {
        const read = await readRecords(file, { from: at, end, maxBytes: SCAN_BYTES }, this.#buffer);
        yield read;
        at = read.next;
      }
    } finally {
      await file.close();
    }
  }

  /** A process that was killed while it wrote leaves part of a record at the end: nobody was told that it was kept. */
  async #cutTornTail(segment: number, logger: Logger): Promise<void> {
    const size = this.#sizes.get(segment)!;
    let whole = 0;
    for await (const { records, next, damage } of this.#scan(segment, 0)) {
      if (damage === undefined || records.length > 0) whole = next;
      else if (damage.to < size) whole = damage.to;
    }
    if (whole === size) return;
    logger.warn({ segment, from: whole, to: size }, "cut an unfinished record at the end of the spool");
    await truncate(this.pathOf(segment), whole);
    this.#sizes.set(segment, whole);
  }
}

function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(16, "0")}.spool`);
}
