import { createServer, type Server } from "node:http";
import type { RequestHandler } from "express";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { WorkbenchError } from "../../src/engine/errors.js";
import { createHttpApp, type HttpAppDependencies } from "../../src/server/http-app.js";
import { closeServer, listenOnLoopback } from "../../src/server/listen.js";
import type { Database } from "../../src/store/database.js";
import { httpGet } from "../support/http-exchange.js";

const answering = { kind: "embedded", query: async () => [] } as unknown as Database;

describe("createHttpApp(dependencies)", () => {
  let server: Server;
  const start = async (changes: Partial<HttpAppDependencies> = {}) => {
    const app = createHttpApp({
      version: "1.2.3",
      database: answering,
      startedAtMs: performance.now(),
      publishing: () => undefined,
      siteIsThere: () => true,
      logger: pino({ level: "silent" }),
      pages: [(_request, _response, next) => next()],
      ...changes,
    });
    server = createServer(app);
    return listenOnLoopback(server, 0);
  };
  afterEach(() => closeServer(server));
  const json = ({ body }: { body: Buffer }) => JSON.parse(body.toString());

  describe("GET /health and /ready", () => {
    it("say that the process answers, and that it can serve", async () => {
      const url = await start();
      expect(json(await httpGet(`${url}health`))).toEqual({ status: "ok", version: "1.2.3", uptimeSeconds: 0 });
      const ready = await httpGet(`${url}ready`);
      expect(ready.status).toBe(200);
      expect(json(ready)).toEqual({ status: "ready", problems: [], database: "embedded" });
    });

    it("is not ready, but healthy, without a site and a database that answers", async () => {
      const query = () => Promise.reject(new Error("it went away"));
      const transaction = (work: (session: { query: typeof query }) => unknown) => work({ query });
      const database = { kind: "postgresql", query, transaction } as never;
      const url = await start({ database, siteIsThere: () => false });
      const ready = await httpGet(`${url}ready`);
      expect(ready.status).toBe(503);
      expect(json(ready)).toMatchObject({
        status: "not-ready",
        problems: ["database: it went away", "site: the first build has not finished"],
      });
      expect((await httpGet(`${url}health`)).status).toBe(200);
    });

    it("does not wait for a database that is busy", async () => {
      const url = await start({ database: { kind: "embedded", query: () => new Promise(() => {}) } as never });
      const ready = await httpGet(`${url}ready`);
      expect(ready.status).toBe(503);
      expect(json(ready).problems).toEqual(["database: no answer within 2 s"]);
    });
  });

  it("gives every answer an id and the security headers, and does not name its software", async () => {
    const url = await start();
    const [first, second] = [await httpGet(`${url}health`), await httpGet(`${url}nowhere`)];
    for (const { headers } of [first, second]) {
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers["content-security-policy"]).toContain("default-src 'self'");
      expect(headers["content-security-policy"]).toContain("connect-src 'self'");
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers).not.toHaveProperty("x-powered-by");
      expect(headers).not.toHaveProperty("strict-transport-security");
    }
    expect(first.headers["x-request-id"]).not.toBe(second.headers["x-request-id"]);
  });

  it("answers to its own names only", async () => {
    const url = await start();
    for (const host of ["localhost", "localhost:3000", "127.0.0.1:80", "[::1]:3000"]) {
      expect((await httpGet(`${url}health`, { host })).status, host).toBe(200);
    }
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1:3000"]) {
      const refused = await httpGet(`${url}health`, { host });
      expect(refused.status, host).toBe(403);
      expect(json(refused).error).toMatchObject({
        code: "REQUEST_FORBIDDEN",
        message: `invalid Host: ${host} (accepted: localhost, 127.0.0.1 or [::1])`,
      });
    }
  });

  describe("a request that fails", () => {
    const failWith =
      (error: unknown): RequestHandler =>
      () => {
        throw error;
      };

    it("gets NOT_FOUND where nothing is, even when the address cannot be decoded", async () => {
      const url = await start();
      const answer = await httpGet(`${url}pages/x%20y`);
      expect(answer.status).toBe(404);
      expect(json(answer).error).toEqual({
        code: "NOT_FOUND",
        message: "nothing is at /pages/x%20y",
        requestId: answer.headers["x-request-id"],
      });
      expect((await httpGet(`${url}%E0%A4%A`)).status).toBe(404);
    });

    it("gets the status and message of a foreseen failure", async () => {
      const url = await start({ pages: [failWith(new WorkbenchError("SYMBOL_UNKNOWN", "unknown symbol: XYZ"))] });
      const answer = await httpGet(`${url}anything`);
      expect(answer.status).toBe(404);
      expect(json(answer).error).toMatchObject({ code: "SYMBOL_UNKNOWN", message: "unknown symbol: XYZ" });
    });

    it("gets no detail of an unforeseen one, which the log has under the same id", async () => {
      const lines: string[] = [];
      const logger = pino({ level: "error" }, { write: (line: string) => lines.push(line) });
      const url = await start({ logger, pages: [failWith(new Error("password is hunter2"))] });
      const answer = await httpGet(`${url}anything`);
      expect(answer.status).toBe(500);
      expect(json(answer).error.code).toBe("INTERNAL");
      expect(answer.body.toString()).not.toContain("hunter2");
      const logged = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === "request failed");
      expect(logged).toMatchObject({
        err: { message: "password is hunter2" },
        req: { id: answer.headers["x-request-id"] },
      });
    });
  });
});

describe("listenOnLoopback(server, port)", () => {
  it("fails with PORT_IN_USE when something listens there", async () => {
    const first = createServer();
    const url = await listenOnLoopback(first, 0);
    const port = Number(new URL(url).port);
    await expect(listenOnLoopback(createServer(), port)).rejects.toMatchObject({
      code: "PORT_IN_USE",
      message: `port ${port} is taken: stop what uses it, or choose another with --port`,
    });
    await closeServer(first);
  });
});
