import type { z } from "zod";
import { type ClientMessage, clientMessageSchema } from "../../contracts/live-protocol.js";
import { WorkbenchError } from "../../engine/errors.js";

/** By which a client knows the answer to its request. */
export type RequestId = string | number | undefined;

const EXCERPT_CHARACTERS = 80;

/**
 * Reads a message of a client.
 * @throws REQUEST_INVALID whose details have `field`, `problem`, `accepted` and the `id` of the request, if it had one
 */
export function readClientMessage(text: string): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("message", excerpt(text), "one JSON object in each text frame", undefined);
  }
  const parsed = clientMessageSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const { id } = Object(value) as { id?: unknown };
  throw invalid(
    fieldOf(issue),
    problemOf(issue),
    acceptedBy(issue),
    typeof id === "string" || typeof id === "number" ? id : undefined,
  );
}

/** The `id` of an answer, where the request had one. */
export function named(id: RequestId): { id?: string | number } {
  return id === undefined ? {} : { id };
}

/** What a client is told of a frame that holds no text. */
export function binaryNotAccepted(): WorkbenchError {
  return invalid("frame", "binary", "text frames that hold one JSON object each", undefined);
}

function invalid(field: string, problem: string, accepted: string, id: string | number | undefined): WorkbenchError {
  return new WorkbenchError("REQUEST_INVALID", `invalid ${field}: ${problem} (accepted: ${accepted})`, {
    details: { field, problem, accepted, ...(id !== undefined && { id }) },
  });
}

function excerpt(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, EXCERPT_CHARACTERS)) : JSON.stringify(value);
  if (text === undefined) return "missing";
  return text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text;
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => excerpt(key)).join(", ");
  if (issue.code === "invalid_union" && "discriminator" in issue && issue.discriminator !== undefined) {
    return excerpt((Object(issue.input) as Record<string, unknown>)[issue.discriminator]);
  }
  return excerpt(issue.input);
}

/** Such as `channels[2]` or `action.do`. */
function fieldOf({ path, code }: z.core.$ZodIssue): string {
  if (code === "unrecognized_keys") return path.length > 0 ? `key of ${path.join(".")}` : "key";
  const steps = path.map((step, i) =>
    typeof step === "number" ? `[${step}]` : i === 0 ? String(step) : `.${String(step)}`,
  );
  return steps.join("") || "message";
}

function acceptedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "object" ? "an object" : `a value of type ${issue.expected}`;
    case "too_big":
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case "too_small":
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case "unrecognized_keys":
      return "the keys that docs/live-protocol.md gives for this message";
    case "invalid_value":
      return issue.values.map(String).join(", ");
    case "invalid_union":
      return "options" in issue && issue.options ? issue.options.map(String).join(", ") : UNION_OF_ID;
    default:
      return issue.message.replace(/^accepted: /, "");
  }
}

const UNION_OF_ID = "a number, or a text of at most 64 characters";

function unitOf(origin: string): string {
  return origin === "array" ? " elements" : origin === "string" ? " characters" : "";
}
