import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type DnseOpenApiServer, startDnseOpenApiServer } from "../support/dnse-open-api-server.js";
import { createTemporarySchema, postgresUnavailable, type TemporarySchema } from "../support/postgres-schema.js";
import { type QuantflowProcess, startQuantflow } from "../support/quantflow-process.js";
import { OwnRedisServer, redisServerUnavailable } from "../support/redis-server.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const unavailable = (await postgresUnavailable()) ?? (await redisServerUnavailable());
const PATIENCE = { timeout: 60_000, interval: 50 };

/** A client of one process: the trades it was told of, by cumulative volume. */
class TapeReader {
  readonly volumes: number[] = [];
  readonly epochs = new Set<string>();
  readonly socket: WebSocket;

  constructor(url: string, symbol: string) {
    this.socket = new WebSocket(url.replace("http", "ws").replace(/\/$/, "/ws"));
    this.socket.on("open", () =>
      this.socket.send(JSON.stringify({ type: "subscribe", channels: [`market:${symbol}`] })),
    );
    this.socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) return;
      const table = tableFromIPC(data);
      if (table.schema.metadata.get("quantflow.table") !== "ticks") return;
      this.epochs.add(table.schema.metadata.get("quantflow.epoch")!);
      for (const volume of table.getChild("cumulative_volume")!) this.volumes.push(Number(volume));
    });
  }
}

describe.skipIf(unavailable)(
  `an ingester and two API processes over one Redis${unavailable ? ` (${unavailable})` : ""}`,
  () => {
    let broker: DnseOpenApiServer;
    let redis: OwnRedisServer;
    let schema: TemporarySchema;
    const home = new TemporaryFolder();
    const processes = new Map<string, QuantflowProcess>();

    beforeAll(async () => {
      broker = await startDnseOpenApiServer();
      redis = await OwnRedisServer.start();
      schema = await createTemporarySchema();
    });
    afterAll(async () => {
      for (const each of processes.values()) each.kill("SIGKILL");
      await Promise.all([...processes.values()].map(({ finished }) => finished));
      await broker.close();
      await redis.kill();
      await schema.drop();
      home.remove();
    });

    function environment() {
      return {
        QUANTFLOW_HOME: home.path,
        DATABASE_URL: schema.url,
        REDIS_URL: redis.url,
        FEED: "dnse",
        DNSE_WS_URL: broker.wsUrl,
        DNSE_REST_URL: broker.restUrl,
        DNSE_API_KEY: broker.key,
        DNSE_API_SECRET: broker.secret,
        DNSE_SYMBOLS: "HPG",
      };
    }

    async function start(name: string, role: "api" | "ingester"): Promise<string> {
      const commandLine = ["start", "--role", role, "--port", "0", "--no-publish"];
      const running = startQuantflow(commandLine, environment());
      processes.set(name, running);
      const [address] = await running.until(/http:\/\/127\.0\.0\.1:\d+\//);
      return address;
    }

    it("tells every client of every process each trade once, and goes on when a process is killed", async () => {
      await start("ingester", "ingester");
      await broker.untilSubscribed();
      const addresses = [await start("first", "api"), await start("second", "api")];
      const readers = addresses.map((address) => new TapeReader(address, "HPG"));
      await vi.waitFor(
        () => expect(readers.every(({ socket }) => socket.readyState === WebSocket.OPEN)).toBe(true),
        PATIENCE,
      );

      const sent: number[] = [];
      const trade = () => {
        broker.publishTick({ symbol: "HPG", price: 27_100, quantity: 100 });
        sent.push(100 * (sent.length + 1));
      };
      trade();
      await vi.waitFor(() => expect(readers.map(({ volumes }) => volumes.at(-1))).toEqual([100, 100]), PATIENCE);
      for (let count = 1; count < 50; count++) trade();
      await vi.waitFor(() => expect(readers.map(({ volumes }) => volumes)).toEqual([sent, sent]), PATIENCE);

      processes.get("first")!.kill("SIGKILL");
      trade();
      await vi.waitFor(() => expect(readers[1]!.volumes).toEqual(sent), PATIENCE);

      const feed = (await (await fetch(new URL("/api/market/feed", addresses[1]))).json()) as object;
      expect(JSON.stringify(feed)).toContain('"dnse"');

      processes.get("ingester")!.kill("SIGKILL");
      await processes.get("ingester")!.finished;
      await start("ingester", "ingester");
      // Trades go on while nobody listens to the broker: they are fetched from its history afterwards.
      await vi.waitFor(
        () => {
          trade();
          expect(readers[1]!.volumes.at(-1)! + 2_000).toBeGreaterThan(sent.at(-1)!);
          expect(readers[1]!.epochs.size).toBe(2);
        },
        { ...PATIENCE, interval: 200 },
      );
      readers[1]!.socket.terminate();

      await vi.waitFor(async () => {
        const stored = await schema.admin.query<{ volume: number }>(
          `SELECT cumulative_volume AS volume FROM ${schema.name}.market_ticks ORDER BY cumulative_volume`,
        );
        expect(stored.map(({ volume }) => volume)).toEqual(sent);
      }, PATIENCE);
    }, 240_000);

    it("says what is missing when a role is asked for without what it shares", async () => {
      const { exitCode, stderr } = await startQuantflow(["start", "--role", "api"], { QUANTFLOW_HOME: home.path })
        .finished;
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/^CONFIGURATION_INVALID: missing DATABASE_URL and REDIS_URL: --role api/);
    });
  },
);
