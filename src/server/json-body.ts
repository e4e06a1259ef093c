import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import type { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

/** Lists and objects within each other. What walks a body by recursion has room for them. */
const MOST_LEVELS = 100;

/**
 * Reads a JSON body of at most `limitBytes`; larger ones are refused before they are read. Without a body there is
 * none. @throws REQUEST_INVALID for a body of another content type, that is not encoded as it says, is no JSON, or is
 * nested more than 100 levels deep; REQUEST_TOO_LARGE
 */
export function jsonBody(limitBytes: number): (RequestHandler | ErrorRequestHandler)[] {
  const explain: ErrorRequestHandler = (
    error: { type?: string; status?: number; message: string; length?: number },
    _req,
    _res,
    next,
  ) => {
    if (error.type === "entity.too.large") {
      next(
        new WorkbenchError(
          "REQUEST_TOO_LARGE",
          `invalid body: ${error.length ?? `more than ${limitBytes}`} bytes (accepted: up to ${limitBytes})`,
        ),
      );
    } else if (error.type !== undefined || error.status === 400) {
      next(new WorkbenchError("REQUEST_INVALID", `invalid body: ${error.message} (accepted: JSON in UTF-8)`));
    } else next(error);
  };
  return [refuseOtherTypes, express.json({ limit: limitBytes, strict: true }), explain, refuseDeepBody];
}

/** What is no JSON would not be read, and its sender would not know. */
const refuseOtherTypes: RequestHandler = (request, _response, next) => {
  const { "content-length": length, "transfer-encoding": transfer, "content-type": type } = request.headers;
  const hasBody = transfer !== undefined || (length !== undefined && Number(length) !== 0);
  if (hasBody && !request.is("application/json")) {
    throw new WorkbenchError(
      "REQUEST_INVALID",
      `invalid Content-Type: ${type ?? "none"} (accepted: application/json, or no body)`,
    );
  }
  next();
};

const refuseDeepBody: RequestHandler = ({ body }, _response, next) => {
  let level = [body as unknown].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) {
      throw new WorkbenchError(
        "REQUEST_INVALID",
        `invalid body: nested too deeply (accepted: at most ${MOST_LEVELS} levels)`,
      );
    }
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  next();
};

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** What came over the wire, as the schema says. @throws REQUEST_INVALID with every problem and its place */
export function requireShape<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  throw new WorkbenchError("REQUEST_INVALID", `invalid request: ${problems.join("; ")}`, { details: { problems } });
}
