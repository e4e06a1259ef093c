import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { constants, createGunzip, createGzip } from "node:zlib";
import type { Logger } from "pino";
import { z } from "zod";
import type { FrameData } from "./dnse/decode-frame.js";

/** One frame as a broker sent it. Text frames have `text`, binary ones `base64`. */
export interface RecordedFrame {
  /** The feed that received it: `dnse` or `dnse-mqtt`. */
  readonly feed: string;
  /** UTC epoch milliseconds, machine's clock. */
  readonly receivedAtMs: number;
  /** MQTT topic. */
  readonly topic?: string | undefined;
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
}

/** A line of a recording: a frame, or why it is none. */
export type RecordedLine =
  | { readonly kind: "frame"; readonly frame: RecordedFrame }
  | { readonly kind: "unreadable"; readonly line: number; readonly problem: string; readonly excerpt: string };

const recordedFrame = z
  .object({
    feed: z.string(),
    receivedAtMs: z.number().min(0).max(8.64e15),
    topic: z.string().optional(),
    text: z.string().optional(),
    base64: z.base64().optional(),
  })
  .refine((frame) => (frame.text === undefined) !== (frame.base64 === undefined), "accepted: text or base64");

/** Writes down what comes in. Nothing that is sent is recorded, and no credential. */
export interface FrameRecorder {
  record(data: FrameData, receivedAtMs: number, topic?: string): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Bytes that may wait for the disk. */
const MOST_WAITING_BYTES = 32 * 1024 * 1024;
const FLUSH_EVERY_MS = 1_000;

export interface FrameRecorderOptions {
  readonly feed: string;
  /** What must not be written even where a frame repeats it. */
  readonly secrets: readonly string[];
  readonly logger: Logger;
}

/** A recorder where a path is given. One that cannot be opened is missing, since the feed matters more; the log says why. */
export async function recorderIfWanted(
  path: string | undefined,
  options: FrameRecorderOptions,
): Promise<FrameRecorder | undefined> {
  if (path === undefined) return undefined;
  try {
    return await openFrameRecorder(path, options);
  } catch (error) {
    options.logger.error({ err: error, path }, "frames are not recorded");
    return undefined;
  }
}

/**
 * Appends frames to a file as JSON lines, compressed when its name ends in `.gz`. A disk that is too slow or full costs
 * frames of the recording, never of the feed; the log says how many.
 */
export async function openFrameRecorder(
  path: string,
  { feed, secrets, logger }: FrameRecorderOptions,
): Promise<FrameRecorder> {
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(path, { flags: "a" });
  const isCompressed = path.endsWith(".gz");
  const gzip = isCompressed ? createGzip() : undefined;
  gzip?.pipe(file);
  const sink = gzip ?? file;
  const hidden = secrets.filter((secret) => secret.length > 0);
  let isBroken = false;
  let lost = 0;

  for (const stream of [sink, file] as readonly Writable[]) {
    stream.on("error", (error) => {
      if (!isBroken) logger.error({ err: error, path }, "frames are no longer recorded");
      isBroken = true;
    });
  }
  const flushing = gzip === undefined ? undefined : setInterval(() => gzip.flush(), FLUSH_EVERY_MS).unref();

  return {
    record: (data, receivedAtMs, topic) => {
      if (isBroken) return;
      if (sink.writableLength + file.writableLength > MOST_WAITING_BYTES) {
        lost += 1;
        if (lost === 1 || lost % 10_000 === 0) logger.warn({ path, lost }, "the disk is too slow to record all frames");
        return;
      }
      const content =
        typeof data === "string"
          ? { text: withoutSecrets(data, hidden) }
          : { base64: withoutSecretBytes(data, hidden).toString("base64") };
      const frame: RecordedFrame = { feed, receivedAtMs, ...(topic === undefined ? {} : { topic }), ...content };
      sink.write(`${JSON.stringify(frame)}\n`);
    },
    close: async () => {
      clearInterval(flushing);
      if (isBroken) return;
      sink.end();
      await finished(file).catch(() => {});
    },
  };
}

/** The lines of a recording in order. A last line that was cut off by a crash is left out. */
export async function* readRecordedFrames(path: string): AsyncGenerator<RecordedLine, void> {
  const file = createReadStream(path);
  const input = path.endsWith(".gz") ? file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : file;
  if (input !== file) file.on("error", (error) => input.destroy(error));
  const lines = createInterface({ input, crlfDelay: Infinity });
  let number = 0;
  let held: RecordedLine | undefined;
  try {
    for await (const line of lines) {
      number += 1;
      if (held !== undefined) yield held;
      held = line.trim() === "" ? undefined : readLine(line, number);
    }
  } finally {
    lines.close();
    file.destroy();
  }
  if (held !== undefined && held.kind === "frame") yield held;
}

/** What the transport delivered. */
export function dataOf({ text, base64 }: RecordedFrame): FrameData {
  return text ?? Buffer.from(base64 ?? "", "base64");
}

function readLine(line: string, number: number): RecordedLine {
  const unreadable = (problem: string): RecordedLine => ({
    kind: "unreadable",
    line: number,
    problem: `invalid line ${number}: ${problem}`,
    excerpt: line.slice(0, 200),
  });
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch (error) {
    return unreadable(`${(error as Error).message} (accepted: one JSON object)`);
  }
  const parsed = recordedFrame.safeParse(content);
  if (parsed.success) return { kind: "frame", frame: parsed.data };
  const [issue] = parsed.error.issues;
  return unreadable(`${issue!.path.join(".") || "frame"}: ${issue!.message}`);
}

/** Secrets are replaced by as many asterisks, so that lengths within a binary frame still hold. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, "*".repeat(secret.length)), text);
}

function withoutSecretBytes(bytes: Uint8Array, secrets: readonly string[]): Buffer {
  const clean = Buffer.from(bytes);
  for (const secret of secrets) {
    const length = Buffer.byteLength(secret);
    for (let at = clean.indexOf(secret); at >= 0; at = clean.indexOf(secret, at + length)) {
      clean.fill("*", at, at + length);
    }
  }
  return clean;
}
