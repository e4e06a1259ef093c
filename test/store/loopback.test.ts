import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLoopbackDatabase } from "../../src/store/adapters/loopback-database.js";
import { type LoopbackEndpoint, serveOnLoopback } from "../../src/store/adapters/loopback-endpoint.js";
import type { Database, DatabaseSession } from "../../src/store/database.js";

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

  it("rolls back a transaction whose client falls silent, in the middle of a COPY too", async () => {
    let isRolledBack = false;
    const takesAll = {
      copyIn: async (_sql: string, chunks: AsyncIterable<Uint8Array>) => (await Array.fromAsync(chunks)).length,
    } as unknown as DatabaseSession;
    const transaction = async (work: (session: DatabaseSession) => Promise<unknown>) => {
      await work(takesAll).catch((error) => {
        isRolledBack = true;
        throw error;
      });
    };
    const impatient = await serveOnLoopback({ transaction } as unknown as Database, { transactionIdleMs: 100 });
    const database = await openLoopbackDatabase(impatient.address);
    async function* silent() {
      yield new Uint8Array(1);
      await pause(1_000);
    }
    const importing = database.transaction((session) => session.copyIn("", silent()));
    const refused = expect(importing).rejects.toMatchObject({ code: "DATABASE_UNREACHABLE" });
    await expect.poll(() => isRolledBack).toBe(true);
    await refused;
    await impatient.close();
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
