import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { WorkbenchError } from "../../engine/errors.js";
import { MS_PER_SECOND } from "../../engine/units/epoch-ms.js";

const KEEPALIVE_SECONDS = 60;
const LONGEST_FAREWELL_MS = 1_000;
const TOPICS_PER_SUBSCRIBE = 50;
const LARGEST_FRAME_BYTES = 4 * 1_024 * 1_024;

/** Reason codes that speak of the credentials: of version 5, and of version 3.1.1 (4 and 5). */
const REFUSALS: ReadonlySet<number> = new Set([0x86, 0x87, 0x8c, 4, 5]);
const FIRST_FAILURE_CODE = 0x80;

export interface LinkOptions {
  readonly url: string;
  readonly protocolVersion: 4 | 5;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly qos: 0 | 1 | 2;
  readonly topics: readonly string[];
  readonly answerTimeoutMs: number;
  readonly keepaliveSeconds?: number;
  /**
   * A message, in the order of receipt. While the promise is pending, nothing more is read from the socket; it is
   * acknowledged afterwards.
   */
  readonly onMessage: (topic: string, payload: Uint8Array) => Promise<void> | undefined;
  /** The broker answered a ping. */
  readonly onHeartbeat: () => void;
  readonly onConnected: () => void;
  /** Aborts when nothing more is to be taken: what was not yet acknowledged is not. */
  readonly signal: AbortSignal;
}

export interface MqttLink {
  /** Topics the broker did not grant, while it granted others. */
  readonly refusedTopics: readonly string[];
  /** Why the connection ended, once it has. */
  readonly ended: Promise<LinkEnd>;
  close(): void;
  /** Closes it when everything that the broker has sent so far was taken. */
  closeWhenTaken(): void;
}

export interface LinkEnd {
  readonly reason: string;
  /** The broker spoke of the credentials. */
  readonly isRefusal: boolean;
}

/**
 * One connection to the broker, subscribed. It does not reconnect by itself.
 * @throws FEED_REFUSED when the broker refuses the credentials or every topic, FEED_REQUEST_FAILED
 */
export async function openMqttLink(options: LinkOptions): Promise<MqttLink> {
  const client = connect(withoutCredentials(options.url), clientOptions(options));
  const ended = watchEnd(client);
  takeMessages(client, options);
  const leave = () => client.end(true);
  options.signal.addEventListener("abort", leave, { once: true });
  try {
    await connected(client, ended);
    options.onConnected();
    const refusedTopics = await subscribed(client, options, ended);
    const close = () => farewell(client);
    options.signal.addEventListener("abort", close, { once: true });
    void ended.finally(() => options.signal.removeEventListener("abort", close));
    return { refusedTopics, ended, close, closeWhenTaken: () => unsubscribe(client, options).finally(close) };
  } catch (error) {
    leave();
    throw error;
  } finally {
    options.signal.removeEventListener("abort", leave);
  }
}

function clientOptions(options: LinkOptions): IClientOptions {
  const { protocolVersion, clientId, username, password, answerTimeoutMs } = options;
  return {
    protocolVersion,
    clientId,
    username,
    password,
    clean: true,
    keepalive: options.keepaliveSeconds ?? KEEPALIVE_SECONDS,
    connectTimeout: answerTimeoutMs,
    reconnectPeriod: 0,
    resubscribe: false,
    rejectUnauthorized: true,
    log: () => undefined, // its own costs time with every packet, even when it goes nowhere
    wsOptions: { maxPayload: LARGEST_FRAME_BYTES },
  };
}

/** Credentials in the address would go before those of the session. */
function withoutCredentials(address: string): string {
  const url = new URL(address);
  url.username = "";
  url.password = "";
  return url.href;
}

/** The first reason given is the one that counts: what follows are its consequences. */
function watchEnd(client: MqttClient): Promise<LinkEnd> {
  let end: LinkEnd | undefined;
  return new Promise((resolve) => {
    client.on("disconnect", ({ reasonCode, properties }) => {
      const reason = properties?.reasonString ?? (reasonCode ? `reason code ${reasonCode}` : "no reason given");
      end ??= { reason: `the broker ended the connection: ${reason}`, isRefusal: REFUSALS.has(reasonCode ?? 0) };
    });
    client.on("error", (error) => {
      end ??= { reason: error.message || String(error), isRefusal: REFUSALS.has(reasonCodeOf(error)) };
      client.end(true);
      resolve(end);
    });
    client.on("close", () => {
      end ??= { reason: "the connection was closed", isRefusal: false };
      client.end(true);
      resolve(end);
    });
  });
}

async function connected(client: MqttClient, ended: Promise<LinkEnd>): Promise<void> {
  const connection = new Promise<undefined>((resolve) => client.once("connect", () => resolve(undefined)));
  const end = await Promise.race([connection, ended]);
  if (end !== undefined) throw endError(end);
}

/** Topics that were not granted, when others were. */
async function subscribed(
  client: MqttClient,
  { topics, qos, answerTimeoutMs }: LinkOptions,
  ended: Promise<LinkEnd>,
): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<LinkEnd>((resolve) => {
    timer = setTimeout(
      () => resolve({ reason: `no answer to a subscription in ${answerTimeoutMs} ms`, isRefusal: false }),
      answerTimeoutMs,
    );
  });
  try {
    const answers = Promise.all(chunksOf(topics, TOPICS_PER_SUBSCRIBE).map((chunk) => subscribe(client, chunk, qos)));
    const answer = await Promise.race([answers, ended, timeout]);
    if (!Array.isArray(answer)) throw endError(answer);
    const codes = answer.flat();
    const refused = topics.filter((_, index) => (codes[index] ?? 0) >= FIRST_FAILURE_CODE);
    if (refused.length < topics.length) return refused;
    throw endError({ reason: `the broker grants none of ${topics.length} topics`, isRefusal: true });
  } finally {
    clearTimeout(timer);
  }
}

/** The reason code of each topic, in order. Never settles when the connection ends before the answer. */
function subscribe(client: MqttClient, topics: readonly string[], qos: 0 | 1 | 2): Promise<readonly number[]> {
  return new Promise((resolve) => {
    client.subscribe([...topics], { qos }, (_error, _grants, packet) => {
      if (packet !== undefined) resolve(packet.granted.map(Number));
    });
  });
}

/**
 * The client waits for its handler before it reads on. Its own judgement on whether the broker is alive rests on what
 * it reads, so while it waits pings are sent for it and their answers taken for granted.
 */
function takeMessages(
  client: MqttClient,
  { onMessage, onHeartbeat, signal, keepaliveSeconds = KEEPALIVE_SECONDS }: LinkOptions,
): void {
  client.handleMessage = ({ topic, payload }: IPublishPacket, done) => {
    if (signal.aborted) return;
    const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
    const pending = onMessage(topic, bytes);
    if (pending === undefined) {
      done();
      return;
    }
    const pings = setInterval(
      () => {
        if (!client.connected) return;
        client.sendPing();
        client.reschedulePing(true);
      },
      (keepaliveSeconds / 2) * MS_PER_SECOND,
    );
    void pending.finally(() => {
      clearInterval(pings);
      if (!signal.aborted) done();
    });
  };
  client.on("packetreceive", ({ cmd }) => {
    if (cmd === "pingresp") onHeartbeat();
  });
}

/**
 * Resolves when the broker has confirmed that it sends no more, or does not say so in time. The confirmation comes
 * behind what it sent before, so that all of that was taken by then.
 */
function unsubscribe(client: MqttClient, { topics, answerTimeoutMs }: LinkOptions): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, answerTimeoutMs);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    client.once("close", done);
    client.unsubscribe([...topics], done);
  });
}

/** Says goodbye; a broker that does not take it is left. */
function farewell(client: MqttClient): void {
  client.end(false);
  setTimeout(() => client.stream.destroy(), LONGEST_FAREWELL_MS).unref();
}

function endError({ reason, isRefusal }: LinkEnd): WorkbenchError {
  return new WorkbenchError(isRefusal ? "FEED_REFUSED" : "FEED_REQUEST_FAILED", reason);
}

function reasonCodeOf(error: Error): number {
  return "code" in error && typeof error.code === "number" ? error.code : 0;
}

function chunksOf(topics: readonly string[], size: number): string[][] {
  const chunks: string[][] = [];
  for (let at = 0; at < topics.length; at += size) chunks.push(topics.slice(at, at + size));
  return chunks;
}
