import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLoopbackDatabase } from "../../src/store/adapters/loopback-database.js";
import { type LoopbackEndpoint, serveOnLoopback } from "../../src/store/adapters/loopback-endpoint.js";
import type { Database } from "../../src/store/database.js";

describe("serveOnLoopback(database)", () => {
  const slow = { query: () => pause(150, [{ answer: 42 }]) } as unknown as Database;
  let endpoint: LoopbackEndpoint;
  beforeAll(async () => {
    endpoint = await serveOnLoopback(slow);
  });
  afterAll(() => endpoint.close());

  it("refuses another token", async () => {
    await expect(openLoopbackDatabase({ ...endpoint.address, token: "guessed" })).rejects.toMatchObject({
      code: "DATABASE_UNREACHABLE",
      message: expect.stringContaining("401"),
    });
  });

  it("outlives strangers that are gone before they are refused", async () => {
    for (let i = 0; i < 10; i++) {
      const socket = connect(Number(new URL(endpoint.address.url).port), "127.0.0.1");
      await new Promise<void>((resolve) => socket.once("connect", resolve));
      socket.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.resetAndDestroy();
    }
    const database = await openLoopbackDatabase(endpoint.address);
    expect(await database.query("")).toEqual([{ answer: 42 }]);
    await database.close();
  });

  it("ends the connection of a query that was under way when the database was closed", async () => {
    const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind === "TCPSocketWrap").length;
    await expect.poll(openSockets).toBe(0);
    const database = await openLoopbackDatabase(endpoint.address);
    const answer = database.query("");
    await database.close();
    expect(await answer).toEqual([{ answer: 42 }]);
    await expect.poll(openSockets).toBe(0);
  });
});
