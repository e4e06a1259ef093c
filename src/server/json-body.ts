import express, { type ErrorRequestHandler, type RequestHandler } from "express";
import type { z } from "zod";
import { WorkbenchError } from "../engine/errors.js";

/** Reads a JSON body of at most `limitBytes`; larger ones are refused before they are read. */
export function jsonBody(limitBytes: number): (RequestHandler | ErrorRequestHandler)[] {
  const explain: ErrorRequestHandler = (
    error: { type?: string; message: string; length?: number },
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
    } else if (error.type !== undefined) {
      next(new WorkbenchError("REQUEST_INVALID", `invalid body: ${error.message} (accepted: JSON in UTF-8)`));
    } else next(error);
  };
  return [express.json({ limit: limitBytes, strict: true }), explain];
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
