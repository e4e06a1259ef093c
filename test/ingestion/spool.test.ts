import { appendFileSync, closeSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { createSegmentFile, type SegmentFile } from "../../src/ingestion/spool/segment-file.js";
import { Spool, type SpoolOptions, type SpoolPosition, type SpoolTrouble } from "../../src/ingestion/spool/spool.js";
import { RECORD_HEADER_BYTES } from "../../src/ingestion/spool/spool-record.js";
import { until } from "../support/scripted-feed.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const MB = 1 << 20;

function openSpool(folder: string, options: Partial<SpoolOptions> = {}): Promise<Spool> {
  return Spool.open(folder, {
    limitBytes: 64 * MB,
    segmentBytes: 16 * MB,
    isSynced: false,
    nowMs: () => 1_000,
    logger: pino({ level: "silent" }),
    onTrouble: () => {},
    ...options,
  });
}

const payload = (text: string) => [Buffer.from(text)];

async function readAll(
  spool: Spool,
  from?: SpoolPosition,
  maxBytes = MB,
): Promise<{ texts: string[]; end: SpoolPosition }> {
  let position = await spool.drainFrom(from);
  const texts: string[] = [];
  for (;;) {
    const { records, next } = await spool.read(position, maxBytes);
    position = next;
    if (records.length === 0) return { texts, end: position };
    for (const record of records) texts.push(Buffer.from(record.payload).toString());
  }
}

function segmentsOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".spool"))
    .sort()
    .map((name) => join(folder, name));
}

describe("Spool", () => {
  it("gives back records in their order, whatever their sizes and those of segments and reads", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 400 }), { maxLength: 40 }),
        fc.integer({ min: 64, max: 2_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        async (texts, segmentBytes, maxBytes) => {
          const spool = await openSpool(temporaryFolder(), { segmentBytes });
          for (const text of texts) await spool.append(1, payload(text));
          expect((await readAll(spool, undefined, maxBytes)).texts).toEqual(texts);
          await spool.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it("keeps what was appended over a restart, and goes on behind the position it is given", async () => {
    const folder = temporaryFolder();
    const first = await openSpool(folder);
    await first.append(2, payload("one"));
    const { end } = await readAll(first);
    await first.append(3, payload("two"));
    await first.close();

    const second = await openSpool(folder);
    await second.append(1, payload("three"));
    expect(second.id).toBe(first.id);
    expect((await readAll(second, end)).texts).toEqual(["two", "three"]);
    expect(second.status.pendingTicks).toBe(4);
    await second.close();
  });

  it("never uses a segment number again, even when the clock went back and all segments are gone", async () => {
    const folder = temporaryFolder();
    const first = await openSpool(folder, { nowMs: () => 5_000 });
    await first.append(1, payload("one"));
    const { end } = await readAll(first);
    await first.close();

    const second = await openSpool(folder, { nowMs: () => 10 });
    await second.append(1, payload("two"));
    expect((await readAll(second, end)).texts).toEqual(["two"]);
    expect(second.end.segment).toBeGreaterThan(end.segment);
    await second.close();
  });

  it("cuts a torn tail at the last whole record, at whatever byte the writer was killed", async () => {
    const folder = temporaryFolder();
    const writer = await openSpool(folder);
    await writer.append(1, payload("whole"));
    await writer.append(1, payload("torn"));
    await writer.close();
    const [segment] = segmentsOf(folder);
    const wholeBytes = RECORD_HEADER_BYTES + 5;
    const { size } = statSync(segment!);
    for (let cut = wholeBytes; cut < size; cut++) {
      const copy = temporaryFolder();
      appendFileSync(join(copy, "0000000000001000.spool"), await bytesOf(segment!, cut));
      const spool = await openSpool(copy);
      expect(spool.status.bytes).toBe(wholeBytes);
      expect((await readAll(spool)).texts).toEqual(["whole"]);
      await spool.close();
    }
  });

  it("passes over a damaged record, gives all others, and keeps the segment aside under SPOOL_UNREADABLE", async () => {
    const folder = temporaryFolder();
    const writer = await openSpool(folder);
    for (const text of ["first", "second", "third"]) await writer.append(1, payload(text));
    await writer.close();
    const [segment] = segmentsOf(folder);
    const file = openSync(segment!, "r+");
    writeSync(file, "X", 2 * RECORD_HEADER_BYTES + 5 + 2);
    closeSync(file);

    const troubles: SpoolTrouble[] = [];
    const spool = await openSpool(folder, { onTrouble: (trouble) => troubles.push(trouble) });
    await spool.append(1, payload("fourth"));
    const { texts, end } = await readAll(spool);
    expect(texts).toEqual(["first", "third", "fourth"]);
    expect(troubles.at(-1)?.kind).toBe("damaged");
    await spool.release(end, 3);
    expect(readdirSync(folder).filter((name) => name.endsWith(".damaged"))).toHaveLength(1);
    await spool.close();
  });

  it("deletes segments that are drained", async () => {
    const folder = temporaryFolder();
    const spool = await openSpool(folder, { segmentBytes: 100 });
    for (let i = 0; i < 10; i++) await spool.append(1, payload("x".repeat(90)));
    expect(segmentsOf(folder)).toHaveLength(10);
    const { end } = await readAll(spool);
    await spool.release(end, 10);
    expect(segmentsOf(folder)).toHaveLength(1);
    expect(spool.status.pendingTicks).toBe(0);
    await spool.close();
  });

  it("waits at its size limit, overwrites nothing, and goes on when there is room", async () => {
    const folder = temporaryFolder();
    const troubles: string[] = [];
    const spool = await openSpool(folder, {
      limitBytes: 1_000,
      segmentBytes: 250,
      onTrouble: ({ kind }) => troubles.push(kind),
    });
    const texts = Array.from({ length: 12 }, (_, i) => `${i}`.padEnd(100, "."));
    let kept = 0;
    const appending = (async () => {
      for (const text of texts) {
        await spool.append(1, payload(text));
        kept++;
      }
    })();
    await until(() => spool.status.isFull);
    expect(kept).toBe(8);
    expect(spool.status.bytes).toBeLessThanOrEqual(1_000);

    let position = await spool.drainFrom(undefined);
    const read: string[] = [];
    while (read.length < texts.length) {
      const { records, next } = await spool.read(position, 300);
      read.push(...records.map((record) => Buffer.from(record.payload).toString()));
      await spool.release(next, records.length);
      position = next;
      if (records.length === 0) await spool.appended(50);
    }
    await appending;
    expect(read).toEqual(texts);
    expect(troubles[0]).toBe("full");
    expect(troubles.at(-1)).toBe("room-again");
    await spool.close();
  });

  it("takes a write that a full disk cuts off back, and makes it again when there is room", async () => {
    const folder = temporaryFolder();
    let isDiskFull = false;
    const createFile = async (path: string): Promise<SegmentFile> => {
      const file = await createSegmentFile(path);
      const append = async (bytes: Uint8Array) => {
        if (!isDiskFull) return file.append(bytes);
        await file.append(bytes.subarray(0, 7));
        throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
      };
      return { ...file, append };
    };
    const troubles: SpoolTrouble[] = [];
    const spool = await openSpool(folder, { createFile, onTrouble: (trouble) => troubles.push(trouble) });
    await spool.append(1, payload("before"));
    isDiskFull = true;
    const appending = spool.append(1, payload("during"));
    await until(() => spool.status.isFull);
    isDiskFull = false;
    await appending;
    expect((await readAll(spool)).texts).toEqual(["before", "during"]);
    expect(troubles.map(({ kind }) => kind)).toEqual(["full", "room-again"]);
    expect(troubles[0]!.message).toContain("ENOSPC");
    await spool.close();
  });

  it("lets nobody else have its folder", async () => {
    const folder = temporaryFolder();
    const spool = await openSpool(folder);
    await expect(openSpool(folder)).rejects.toMatchObject({ code: "DATA_FOLDER_LOCKED" });
    await spool.close();
    await (await openSpool(folder)).close();
  });
});

async function bytesOf(path: string, length: number): Promise<Buffer> {
  const { readFile } = await import("node:fs/promises");
  return (await readFile(path)).subarray(0, length);
}
