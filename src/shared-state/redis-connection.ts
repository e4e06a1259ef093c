import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "pino";

const CONNECT_TIMEOUT_MS = 5_000;
const COMMAND_TIMEOUT_MS = 1_000;
const LONGEST_RETRY_MS = 2_000;

export interface RedisConnectionOptions {
  readonly url: string;
  readonly logger: Logger;
  /** What uses it, for the log and Redis' own list of clients. */
  readonly name: string;
  /** Until a command that gets no answer counts as an outage. */
  readonly commandTimeoutMs?: number;
}

/**
 * One connection that comes back by itself, for ever. While Redis is out of reach nothing is queued and nothing waits:
 * `run` answers `undefined` at once. A command without an answer in time ends the connection, so that a Redis that
 * hangs delays one command, not each. An outage is logged once, and so is its end.
 */
export class RedisConnection {
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #name: string;
  readonly #onUp = new Set<() => void>();
  #state: "connecting" | "up" | "down" | "closed" = "connecting";
  #reason = "connecting";
  /** What Redis answered to the last command, when it was a refusal. */
  #refusal: string | undefined;

  constructor({ url, logger, name, commandTimeoutMs = COMMAND_TIMEOUT_MS }: RedisConnectionOptions) {
    this.#logger = logger;
    this.#name = name;
    const options = {
      lazyConnect: true,
      connectionName: `quantflow-${name}`,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: commandTimeoutMs,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      /** Ends what waits for an answer as soon as the connection is lost. */
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt: number) =>
        Math.min(50 * 2 ** Math.min(attempt, 10), LONGEST_RETRY_MS) * (0.5 + Math.random() / 2),
      /** What a server says that was the primary before. */
      reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
    } satisfies RedisOptions;
    this.#redis = new Redis(url, options);
    this.#redis.on("ready", () => this.#up());
    this.#redis.on("error", (error: Error) => this.#down(describe(error)));
    this.#redis.on("close", () => this.#down("the connection was closed"));
  }

  get isUp(): boolean {
    return this.#state === "up";
  }

  /** Why commands do not get through; `undefined` when they do. */
  get problem(): string | undefined {
    return this.#state === "up" ? this.#refusal : this.#reason;
  }

  /** Begins to connect; resolves when it is up or the first try has failed. */
  async open(): Promise<void> {
    if (this.#redis.status === "wait") await this.#redis.connect().catch((error: Error) => this.#down(describe(error)));
  }

  /** Runs at every return of the connection, the first included. */
  onUp(listener: () => void): void {
    this.#onUp.add(listener);
  }

  /** The answer of a command, or `undefined` when Redis is out of reach, hangs or refuses it. */
  async run<T>(command: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (this.#state !== "up") return undefined;
    try {
      const answer = await command(this.#redis);
      this.#refusal = undefined;
      return answer;
    } catch (error) {
      this.#failed(error as Error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    this.#state = "closed";
    this.#reason = "closed";
    this.#redis.disconnect();
  }

  #up(): void {
    if (this.#state === "closed") return;
    if (this.#state === "down") this.#logger.info({ connection: this.#name }, "Redis is back");
    this.#state = "up";
    this.#refusal = undefined;
    for (const listener of this.#onUp) listener();
  }

  #down(reason: string): void {
    if (this.#state === "closed") return;
    if (this.#state !== "down") {
      this.#logger.warn({ connection: this.#name, reason }, "Redis is out of reach; going on without it");
      this.#state = "down";
      this.#reason = `Redis is out of reach: ${reason}`;
    }
  }

  #failed(error: Error): void {
    if (this.#state !== "up") return;
    if (error.name === "ReplyError") {
      const refusal = `Redis refused a command: ${error.message}`;
      if (this.#refusal === undefined) this.#logger.warn({ connection: this.#name }, refusal);
      this.#refusal = refusal;
    } else if (error.message === "Command timed out") {
      this.#down("no answer in time");
      this.#redis.disconnect(true);
    }
  }
}

/** A refused connection to a name with several addresses has its reasons in `errors`. */
function describe(error: Error & { errors?: readonly Error[] }): string {
  return error.message || error.errors?.map(({ message }) => message).join("; ") || error.name;
}
