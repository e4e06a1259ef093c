import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encode } from "@msgpack/msgpack";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dataOf, openFrameRecorder, type RecordedLine, readRecordedFrames } from "../../src/feeds/frame-recorder.js";

const logger = pino({ level: "silent" });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "frames-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function read(path: string): Promise<RecordedLine[]> {
  const lines: RecordedLine[] = [];
  for await (const line of readRecordedFrames(path)) lines.push(line);
  return lines;
}

describe("openFrameRecorder(path, options)", () => {
  it.each(["frames.jsonl", "new/folder/frames.jsonl.gz"])(
    "writes to %s what readRecordedFrames reads",
    async (name) => {
      const path = join(folder, name);
      const bytes = encode({ T: "t" });
      for (const at of [1, 2]) {
        const recorder = await openFrameRecorder(path, { feed: "dnse", secrets: [], logger });
        recorder.record('{"T":"t","symbol":"Đ"}', at);
        recorder.record(bytes, at, "a/topic");
        await recorder.close();
      }
      const lines = await read(path);
      expect(lines.map((line) => (line.kind === "frame" ? { ...line.frame, data: dataOf(line.frame) } : line))).toEqual(
        [1, 2].flatMap((receivedAtMs) => [
          { feed: "dnse", receivedAtMs, text: '{"T":"t","symbol":"Đ"}', data: '{"T":"t","symbol":"Đ"}' },
          {
            feed: "dnse",
            receivedAtMs,
            topic: "a/topic",
            base64: Buffer.from(bytes).toString("base64"),
            data: Buffer.from(bytes),
          },
        ]),
      );
    },
  );

  it("writes no secret, in text or bytes, and keeps lengths", async () => {
    const path = join(folder, "frames.jsonl");
    const recorder = await openFrameRecorder(path, { feed: "dnse", secrets: ["my-key", "my-secret", ""], logger });
    recorder.record('{"user_id":"my-key","again":"my-key my-secret"}', 1);
    recorder.record(encode({ user_id: "my-key", secret: "my-secret" }), 2);
    await recorder.close();
    const written = await readFile(path, "utf8");
    expect(written).not.toContain("my-key");
    const [text, binary] = await read(path);
    expect(text).toMatchObject({ frame: { text: '{"user_id":"******","again":"****** *********"}' } });
    if (binary?.kind !== "frame") throw new Error("the second frame was not read");
    expect(dataOf(binary.frame)).toEqual(Buffer.from(encode({ user_id: "******", secret: "*********" })));
  });

  it("does not disturb the feed when the file cannot be written", async () => {
    const path = join(folder, "frames.jsonl");
    const recorder = await openFrameRecorder(join(path), { feed: "dnse", secrets: [], logger });
    await recorder.close();
    const broken = await openFrameRecorder(folder, { feed: "dnse", secrets: [], logger });
    await new Promise((resolve) => setTimeout(resolve, 20));
    broken.record("{}", 1);
    await broken.close();
  });
});

describe("readRecordedFrames(path)", () => {
  it("says which lines are no frames and reads the others", async () => {
    const path = join(folder, "frames.jsonl");
    const good = JSON.stringify({ feed: "dnse", receivedAtMs: 1, text: "{}" });
    await writeFile(path, `${good}\n{"feed":"dnse"}\n\nnot json\n${good}\n`);
    const lines = await read(path);
    expect(lines.map(({ kind }) => kind)).toEqual(["frame", "unreadable", "unreadable", "frame"]);
    expect(lines[1]).toMatchObject({ line: 2, problem: expect.stringContaining("receivedAtMs") });
    expect(lines[2]).toMatchObject({ line: 4, excerpt: "not json" });
  });

  it("leaves out a last line that was cut off, compressed or not", async () => {
    const path = join(folder, "frames.jsonl");
    const good = JSON.stringify({ feed: "dnse", receivedAtMs: 1, text: "{}" });
    await writeFile(path, `${good}\n`);
    await appendFile(path, good.slice(0, 20));
    expect(await read(path)).toHaveLength(1);

    const compressed = join(folder, "frames.jsonl.gz");
    const recorder = await openFrameRecorder(compressed, { feed: "dnse", secrets: [], logger });
    for (let at = 0; at < 1_000; at++) recorder.record(`{"symbol":"HPG","n":${Math.sin(at)}}`, at);
    await recorder.close();
    await truncate(compressed, (await readFile(compressed)).length - 100);
    const lines = await read(compressed);
    expect(lines.length).toBeGreaterThan(500);
    for (const [index, line] of lines.entries())
      expect(line).toMatchObject({ kind: "frame", frame: { receivedAtMs: index } });
  });

  it("fails for a file that is not there", async () => {
    await expect(read(join(folder, "none.jsonl"))).rejects.toThrow("ENOENT");
    await expect(read(join(folder, "none.jsonl.gz"))).rejects.toThrow("ENOENT");
  });
});
