import { createHash } from "node:crypto";
import { z } from "zod";
import { WorkbenchError } from "../../engine/errors.js";

const cursorSchema = z.strictObject({
  v: z.literal(1),
  /** Digest of what was asked. */
  q: z.string(),
  after: z.array(z.union([z.string().max(64), z.number()])).max(8),
});

export type CursorPosition = readonly (string | number)[];

/**
 * Where a page ended, as an opaque text: the position of its last row, so that rows stored meanwhile shift nothing. It
 * goes on with the question it came from and with no other.
 */
export function writeCursor(question: unknown, after: CursorPosition): string {
  return Buffer.from(JSON.stringify({ v: 1, q: digestOf(question), after })).toString("base64url");
}

/** @throws REQUEST_INVALID for a text that no page gave, or that answers another question */
export function readCursor<Position extends z.ZodType>(
  cursor: string,
  question: unknown,
  position: Position,
): z.infer<Position> {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) throw invalidCursor(cursor, "nextCursor of the page before");
  if (parsed.data.q !== digestOf(question)) throw invalidCursor(cursor, "a cursor of the same question");
  const after = position.safeParse(parsed.data.after);
  if (!after.success) throw invalidCursor(cursor, "nextCursor of the page before");
  return after.data;
}

function invalidCursor(cursor: string, accepted: string): WorkbenchError {
  return new WorkbenchError(
    "REQUEST_INVALID",
    `invalid cursor: ${JSON.stringify(cursor.slice(0, 40))} (accepted: ${accepted})`,
    { details: { field: "cursor" } },
  );
}

function digestOf(question: unknown): string {
  return createHash("sha256").update(JSON.stringify(question)).digest("base64url").slice(0, 16);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
