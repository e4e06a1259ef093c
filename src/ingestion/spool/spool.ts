import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { WorkbenchError } from "../../engine/errors.js";
import { acquireFolderLock, type FolderLock } from "../../store/folder-lock.js";
import type { SpoolStatus } from "../ingestion-status.js";
import { createSegmentFile, type SegmentFile } from "./segment-file.js";
import { identityOf } from "./spool-identity.js";
import { encodeRecord, type SpoolRecord } from "./spool-record.js";
import { SpoolSegments } from "./spool-segments.js";

const RETRY_MS = 200;

/** A place between two records. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** Why appending waits, or what could not be read. */
export type SpoolTrouble =
  | { readonly kind: "full"; readonly message: string }
  | { readonly kind: "room-again"; readonly message: string }
  | { readonly kind: "damaged"; readonly message: string; readonly file: string };

export interface SpoolOptions {
  /** Most bytes on disk. */
  readonly limitBytes: number;
  /** From this size on a segment is left and another one begun. */
  readonly segmentBytes: number;
  /** Whether every append waits for the disk itself: then a power loss loses nothing either. */
  readonly isSynced: boolean;
  readonly nowMs: () => number;
  readonly logger: Logger;
  readonly onTrouble: (trouble: SpoolTrouble) => void;
  readonly createFile?: (path: string) => Promise<SegmentFile>;
}

export interface SpoolRead {
  /** Of one segment; `end` of each is an offset in it. */
  readonly records: readonly SpoolRecord[];
  readonly next: SpoolPosition;
}

/**
 * Records on a local disk between a writer and a reader, oldest first. What `append` has taken survives the end of the
 * process at any moment; it stays until `release`. One process has the folder.
 *
 * Every start begins a segment of its own, numbered by the clock and above all former ones, so that no place in the
 * spool ever means two different records.
 */
export class Spool {
  readonly id: string;
  readonly #folder: string;
  readonly #options: SpoolOptions;
  readonly #lock: FolderLock;
  readonly #segments: SpoolSegments;
  #active: SegmentFile | undefined;
  #activeSegment = 0;
  #recordsInSegment = 0;
  #released: SpoolPosition = { segment: 0, offset: 0 };
  #pendingTicks = 0;
  #isFull = false;
  #hasNews = false;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  private constructor(folder: string, id: string, segments: SpoolSegments, lock: FolderLock, options: SpoolOptions) {
    this.#folder = folder;
    this.id = id;
    this.#segments = segments;
    this.#lock = lock;
    this.#options = options;
  }

  /** @throws DATA_FOLDER_LOCKED, DATA_FOLDER_UNUSABLE */
  static async open(folder: string, options: SpoolOptions): Promise<Spool> {
    const lock = await acquireFolderLock(folder, { purpose: "ingestion" });
    try {
      const id = await identityOf(folder);
      const segments = await SpoolSegments.open(folder, options.logger);
      return new Spool(folder, id, segments, lock, options);
    } catch (cause) {
      await lock.release();
      throw cause;
    }
  }

  get status(): SpoolStatus {
    let bytes = 0;
    let pendingBytes = 0;
    for (const [segment, size] of this.#segments.sizes) {
      bytes += size;
      if (segment > this.#released.segment) pendingBytes += size;
      else if (segment === this.#released.segment) pendingBytes += size - this.#released.offset;
    }
    const { limitBytes } = this.#options;
    return { pendingBytes, pendingTicks: this.#pendingTicks, bytes, limitBytes, isFull: this.#isFull };
  }

  /** The place behind the last record. */
  get end(): SpoolPosition {
    const [segment, offset] = [...this.#segments.sizes].at(-1) ?? [0, 0];
    return { segment, offset };
  }

  /** Whether everything before a place was released. */
  isReleased({ segment, offset }: SpoolPosition): boolean {
    const released = this.#released;
    return released.segment > segment || (released.segment === segment && released.offset >= offset);
  }

  /**
   * Keeps one record; one call at a time. Waits while there is no room, and says so by `onTrouble`.
   * @throws SPOOL_FULL when `signal` aborts while there is none: nothing is kept then.
   */
  async append(ticks: number, parts: readonly Uint8Array[], signal?: AbortSignal): Promise<void> {
    for (;;) {
      const problem = await this.#tryAppend(ticks, parts);
      if (problem === undefined) break;
      if (!this.#isFull) {
        this.#isFull = true;
        this.#options.onTrouble({ kind: "full", message: problem });
      }
      if (signal?.aborted) throw new WorkbenchError("SPOOL_FULL", `the spool takes nothing more: ${problem}`);
      await this.#roomOrRetry();
    }
    if (this.#isFull) {
      this.#isFull = false;
      this.#options.onTrouble({ kind: "room-again", message: "the spool has room again" });
    }
    this.#pendingTicks += ticks;
    this.#hasNews = true;
    this.#wakeReader?.();
  }

  /** Resolves when something was appended since the last read, or after `timeoutMs`. */
  async appended(timeoutMs: number): Promise<void> {
    if (this.#hasNews) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wakeReader = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeReader = undefined;
  }

  /** Says from where on records are still needed: to be called once before the first `read`. Former ones are deleted. */
  async drainFrom(position: SpoolPosition | undefined): Promise<SpoolPosition> {
    const oldest = this.#segments.sizes.keys().next().value;
    const start = position ?? { segment: oldest ?? 0, offset: 0 };
    let pending = this.#pendingTicks;
    for (const segment of this.#segments.sizes.keys()) {
      // Ticks of this start are counted already.
      if (segment < start.segment || !this.#segments.isInherited(segment)) continue;
      const from = segment === start.segment ? start.offset : 0;
      for await (const record of this.#segments.recordsOf(segment, from)) pending += record.ticks;
    }
    this.#pendingTicks = pending;
    await this.release(start, 0);
    return start;
  }

  /**
   * Records from `from` on, as many as fit into `maxBytes` and at least one while any is left. They are valid until
   * the next call. Damaged stretches are passed over and reported; their segment is kept aside under another name.
   */
  async read(from: SpoolPosition, maxBytes: number): Promise<SpoolRead> {
    let position = from;
    this.#hasNews = false;
    for (;;) {
      const end = this.#segments.sizes.get(position.segment);
      if (end === undefined || position.offset >= end) {
        const next = this.#segments.after(position.segment);
        if (next === undefined) return { records: [], next: position };
        position = { segment: next, offset: 0 };
        continue;
      }
      const { records, next, damage } = await this.#segments.read(position.segment, position.offset, maxBytes);
      if (damage) this.#reportDamage(position.segment, damage);
      position = { segment: position.segment, offset: next };
      if (records.length > 0) return { records, next: position };
    }
  }

  /** Forgets what lies before `position`: it is stored. */
  async release(position: SpoolPosition, ticks: number): Promise<void> {
    this.#released = position;
    this.#pendingTicks = Math.max(0, this.#pendingTicks - ticks);
    for (const segment of this.#segments.sizes.keys()) {
      if (segment >= position.segment || segment === this.#activeSegment) break;
      await this.#segments.discard(segment);
    }
    this.#wakeWriter?.();
  }

  async close(): Promise<void> {
    await this.#segments.close();
    await this.#active?.close();
    this.#active = undefined;
    await this.#lock.release();
  }

  /** `undefined` when the record is kept, else why it is not. */
  async #tryAppend(ticks: number, parts: readonly Uint8Array[]): Promise<string | undefined> {
    const { limitBytes, segmentBytes, isSynced } = this.#options;
    try {
      const size = this.#segments.sizes.get(this.#activeSegment) ?? 0;
      const isDrained = this.#released.segment === this.#activeSegment && this.#released.offset === size;
      // What is drained of the running segment takes room until the segment is left.
      if (!this.#active || size >= segmentBytes || (isDrained && size > 0 && this.#isFull)) await this.#beginSegment();
      const record = encodeRecord(this.#recordsInSegment + 1, ticks, parts);
      const { bytes } = this.status;
      if (bytes + record.length > limitBytes) return `${bytes} bytes are spooled of at most ${limitBytes}`;
      const at = this.#segments.sizes.get(this.#activeSegment)!;
      try {
        await this.#active!.append(record);
        if (isSynced) await this.#active!.sync();
      } catch (error) {
        await this.#active!.truncate(at);
        throw error;
      }
      this.#recordsInSegment++;
      this.#segments.resize(this.#activeSegment, at + record.length);
      return undefined;
    } catch (error) {
      return `the disk refuses to write to ${this.#folder}: ${(error as Error).message}`;
    }
  }

  async #beginSegment(): Promise<void> {
    const former = this.#activeSegment;
    const highest = Math.max([...this.#segments.sizes.keys()].at(-1) ?? 0, this.#released.segment);
    const segment = Math.max(highest + 1, Math.floor(this.#options.nowMs()));
    const file = await (this.#options.createFile ?? createSegmentFile)(this.#segments.pathOf(segment));
    await this.#active?.close();
    this.#active = file;
    this.#activeSegment = segment;
    this.#recordsInSegment = 0;
    this.#segments.resize(segment, 0);
    if (this.#released.segment === former && this.#released.offset === this.#segments.sizes.get(former)) {
      await this.release({ segment, offset: 0 }, 0);
    }
  }

  async #roomOrRetry(): Promise<void> {
    await Promise.race([
      delay(RETRY_MS),
      new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      }),
    ]);
    this.#wakeWriter = undefined;
  }

  #reportDamage(segment: number, { from, to }: { from: number; to: number }): void {
    const file = this.#segments.markDamaged(segment);
    this.#options.onTrouble({
      kind: "damaged",
      message: `bytes ${from} to ${to} of a spool segment are damaged; the rest of it is stored, the file is kept as ${file}`,
      file,
    });
  }
}
