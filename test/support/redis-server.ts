import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";

const REDIS_URL = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:6379";
const SERVICES_REQUIRED = process.env.REQUIRE_SERVICES === "1";

/** Why tests with a Redis that is there cannot run here; `undefined` when they can. */
export async function redisUnavailable(): Promise<string | undefined> {
  const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    return undefined;
  } catch (error) {
    if (SERVICES_REQUIRED) throw error;
    return `no Redis answers at ${REDIS_URL}; start one or run TEST_REDIS_URL=redis://… npm test`;
  } finally {
    redis.disconnect();
  }
}

export interface RedisKeys {
  readonly url: string;
  /** In front of every key of one test. */
  readonly prefix: string;
  /** Another connection, to look at what is stored. */
  readonly redis: Redis;
  dispose(): Promise<void>;
}

/** Keys of its own on the Redis of the tests, removed afterwards. */
export async function openRedisKeys(url = REDIS_URL): Promise<RedisKeys> {
  const prefix = `test:${process.pid}:${performance.now()}:`;
  const redis = new Redis(url, { lazyConnect: true });
  await redis.connect();
  return {
    url,
    prefix,
    redis,
    dispose: async () => {
      const keys = await redis.keys(`${prefix}*`);
      if (keys.length > 0) await redis.del(...keys);
      redis.disconnect();
    },
  };
}

/** Why a Redis server of a test's own cannot be started here; `undefined` when it can. */
export async function redisServerUnavailable(): Promise<string | undefined> {
  const child = spawn("redis-server", ["--version"], { stdio: "ignore" });
  const [code] = await Promise.race([once(child, "exit"), once(child, "error")]);
  if (code === 0) return undefined;
  if (SERVICES_REQUIRED) throw new Error("redis-server is not installed", { cause: code });
  return "redis-server is not installed; install Redis and run npm test";
}

/** A Redis server of a test's own, in memory, which can be stopped and can hang. */
export class OwnRedisServer {
  readonly url: string;
  readonly #port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<OwnRedisServer> {
    const server = new OwnRedisServer(await freePort());
    await server.start();
    return server;
  }

  /** Starts it, empty, at its port. */
  async start(): Promise<void> {
    const at = ["--port", String(this.#port), "--bind", "127.0.0.1"];
    this.#child = spawn("redis-server", [...at, "--save", "", "--appendonly", "no"], { stdio: "ignore" });
    const redis = new Redis(this.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    redis.on("error", () => {});
    await redis.ping();
    redis.disconnect();
  }

  /** Ends it at once; what it held is lost. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** It keeps its connections and answers nothing. */
  async hang(): Promise<void> {
    this.#child!.kill("SIGSTOP");
    await setTimeout(50);
  }

  goOn(): void {
    this.#child!.kill("SIGCONT");
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  return (address as { port: number }).port;
}
