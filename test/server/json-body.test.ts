import { createServer, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import express, { type RequestHandler } from "express";
import { pinoHttp } from "pino-http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerError } from "../../src/server/error-response.js";
import { jsonBody } from "../../src/server/json-body.js";
import { closeServer, listenOnLoopback } from "../../src/server/listen.js";
import { silentLogger } from "../support/silent-logger.js";

const JSON_TYPE = { "Content-Type": "application/json" };
const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("jsonBody(limitBytes)", () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    const app = express();
    app.use(pinoHttp({ logger: silentLogger() }));
    const echo: RequestHandler = (request, response) => {
      response.json({ body: request.body ?? "none" });
    };
    app.post("/", jsonBody(10_000), echo);
    app.use(answerError);
    server = createServer(app);
    url = await listenOnLoopback(server, 0);
  });
  afterAll(() => closeServer(server));

  const post = async (body: string | Uint8Array<ArrayBuffer> | undefined, headers: HeadersInit) => {
    const response = await fetch(url, { method: "POST", headers, ...(body === undefined ? {} : { body }) });
    return { status: response.status, json: await response.json() };
  };

  it.each([
    ["JSON", '{"a":1}', JSON_TYPE, { a: 1 }],
    ["JSON with a charset", "[1]", { "Content-Type": "application/json; charset=utf-8" }, [1]],
    ["compressed JSON", gzipSync("[1]"), { ...JSON_TYPE, "Content-Encoding": "gzip" }, [1]],
    ["no body and no type", undefined, {}, "none"],
    ["no body of another type", "", { "Content-Type": "text/plain" }, "none"],
    ["100 levels", nested(100), JSON_TYPE, JSON.parse(nested(100))],
  ])("takes %s", async (_, body, headers, expected) => {
    expect(await post(body, headers)).toEqual({ status: 200, json: { body: expected } });
  });

  it.each([
    ["text", "{}", { "Content-Type": "text/plain" }, "invalid Content-Type: text/plain "],
    ["a form", "a=1", { "Content-Type": "application/x-www-form-urlencoded" }, "invalid Content-Type: application/x-"],
    ["bytes without a type", Buffer.from("{}"), {}, "invalid Content-Type: none (accepted: application/json"],
    ["half of JSON", '{"a":', JSON_TYPE, "invalid body: "],
    ["what is not compressed as it says", "{}", { ...JSON_TYPE, "Content-Encoding": "gzip" }, "incorrect header check"],
    ["101 levels", nested(101), JSON_TYPE, "nested too deeply (accepted: at most 100 levels)"],
    ["5,000 levels", nested(5_000), JSON_TYPE, "nested too deeply (accepted: at most 100 levels)"],
  ])("refuses %s", async (_, body, headers, message) => {
    expect(await post(body, headers)).toMatchObject({
      status: 400,
      json: { error: { code: "REQUEST_INVALID", message: expect.stringContaining(message) } },
    });
  });

  it("refuses what is larger than it takes, compressed or not", async () => {
    const large = JSON.stringify("x".repeat(10_000));
    const refused = { status: 413, json: { error: { code: "REQUEST_TOO_LARGE" } } };
    expect(await post(large, JSON_TYPE)).toMatchObject(refused);
    expect(await post(gzipSync(large), { ...JSON_TYPE, "Content-Encoding": "gzip" })).toMatchObject(refused);
  });
});
