import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { tableFromIPC } from "apache-arrow";
import pino from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { FeedStatus } from "../src/engine/live-market/feed-status.js";
import type { Tick } from "../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../src/engine/market-data/instrument-symbol.js";
import { ArrowFrameWriter } from "../src/server/live/arrow-frames.js";
import type { HubLimits } from "../src/server/live/hub-limits.js";
import { createLiveHub } from "../src/server/live/live-hub.js";
import { LiveMarket } from "../src/server/live/live-market.js";
import { MemoryMarketBus } from "../src/shared-state/memory-market-bus.js";
import type { Bench, BenchContext } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import type { Samples } from "./harness/samples.js";
import { takeTurns } from "./harness/take-turns.js";
import { type Arrivals, type ClientsCommand, monotonicMs } from "./live-stream-clients.js";

const TICKS_PER_SECOND = 500;
const LATENCY_CLIENTS = 100;
const LATENCY_SECONDS = 4;
const FAN_OUT_CLIENTS = 200;
const FAN_OUT_MESSAGES = 300;
const TICKS_PER_MESSAGE = 5;
/** Bytes that may wait for one client before the sender waits, on both sides. */
const WINDOW_BYTES = 262_144;

const SYMBOLS = Array.from({ length: 400 }, (_, i) => instrumentSymbol(`SYM${i}`));
const STATUS: FeedStatus = {
  state: "live",
  sinceMs: 0,
  reason: "trades come in",
  lastReceivedAtMs: 0,
  lastEventTimeMs: 0,
};
const logger = pino({ level: "silent" });

/**
 * From a tick on the bus to a WebSocket client, and how many messages a second reach many clients, against the bare
 * `ws` library sending the same bytes. Clients are another process, which reads every frame.
 */
export const liveStream: Bench = {
  name: "live-stream",
  run: async (context) => [...(await latency(context)), await fanOut(context)],
};

async function latency({ repeats, note }: BenchContext): Promise<BenchResult[]> {
  const p50: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < repeats; round++) {
    const latencies = (await latenciesOnce()).sort((a, b) => a - b);
    const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))]!;
    p50.push(at(0.5));
    p99.push(at(0.99));
    note(
      `  p50 ${p50.at(-1)!.toFixed(2)} ms, p99 ${p99.at(-1)!.toFixed(2)} ms of ${latencies.length} ticks at clients`,
    );
  }
  const what = `tick in → WebSocket client, ${TICKS_PER_SECOND} ticks/s, ${LATENCY_CLIENTS} clients`;
  const limit = (name: string, measured: Samples, atMost: number): BenchResult => ({
    kind: "limit",
    what: `${what}: ${name}`,
    unit: "ms",
    measured,
    atMost,
  });
  return [limit("p50", p50, 20), limit("p99", p99, 150)];
}

/** Milliseconds from each tick's publication to its arrival at each client. */
async function latenciesOnce(): Promise<number[]> {
  const workbench = await startHub({});
  const clients = await startClients();
  try {
    await clients.tell({ do: "connect", port: workbench.port, clients: LATENCY_CLIENTS, channels: ["market:ticks"] });
    const total = TICKS_PER_SECOND * LATENCY_SECONDS;
    const startedAtMs = monotonicMs();
    for (let sent = 0; sent < total; ) {
      const due = Math.min(total, Math.floor(((monotonicMs() - startedAtMs) / 1_000) * TICKS_PER_SECOND));
      for (; sent < due; sent++) workbench.publish([tickNow(sent)]);
      await pause(1);
    }
    await pause(500);
    const { frames, arrivedAtMs } = (await clients.tell({ do: "arrivals" })) as Arrivals;
    const sentAtMs = frames.map((frame) => {
      const table = tableFromIPC(Buffer.from(frame, "base64"));
      return Array.from(table.getChild("received_at")!.toArray() as Float64Array);
    });
    if (sentAtMs.flat().length !== total) throw new Error(`${sentAtMs.flat().length} of ${total} ticks arrived`);
    const incomplete = arrivedAtMs.filter((arrivals) => arrivals.length !== frames.length).length;
    if (incomplete > 0) throw new Error(`${incomplete} clients got other frames than the first`);
    return arrivedAtMs.flatMap((arrivals) =>
      arrivals.flatMap((at, frame) => sentAtMs[frame]!.map((sent) => at - sent)),
    );
  } finally {
    clients.end();
    await workbench.close();
  }
}

async function fanOut({ repeats }: BenchContext): Promise<BenchResult> {
  const { hub, bare } = await takeTurns({ hub: fanOutByHub, bare: fanOutByBareServer }, repeats);
  return {
    kind: "ratio",
    what: `fan-out of ${FAN_OUT_MESSAGES} messages to ${FAN_OUT_CLIENTS} clients`,
    rival: "bare ws",
    oursMs: hub,
    rivalMs: bare,
    atLeast: 0.5,
    goal: 0.9,
  };
}

/** One frame for each message of the bus: nothing is put together, as nothing is on the other side. */
async function fanOutByHub(): Promise<number> {
  const workbench = await startHub({ flushMs: 0, busyShare: 1, backlogBytes: 1 << 28 });
  const clients = await startClients();
  try {
    await clients.tell({ do: "connect", port: workbench.port, clients: FAN_OUT_CLIENTS, channels: ["market:ticks"] });
    const batches = fanOutBatches();
    const startedAtMs = performance.now();
    const all = clients.tell({ do: "count", frames: FAN_OUT_MESSAGES });
    for (const batch of batches) {
      workbench.publish(batch);
      await workbench.flushed();
      await workbench.window();
    }
    await all;
    return performance.now() - startedAtMs;
  } finally {
    clients.end();
    await workbench.close();
  }
}

async function fanOutByBareServer(): Promise<number> {
  const sockets = new Set<WebSocket>();
  const server = createServer();
  const webSockets = new WebSocketServer({ server, perMessageDeflate: false });
  webSockets.on("connection", (socket) => sockets.add(socket));
  const port = await listen(server);
  const clients = await startClients();
  try {
    await clients.tell({ do: "connect", port, clients: FAN_OUT_CLIENTS, channels: [] });
    while (sockets.size < FAN_OUT_CLIENTS) await pause(1);
    const writer = new ArrowFrameWriter();
    const label = { epoch: "epoch-1", isSnapshot: false, dataset: "market" } as const;
    const payloads = fanOutBatches().map((batch, sequence) =>
      writer.write("ticks", batch, { ...label, sequence }).slice(),
    );
    const startedAtMs = performance.now();
    const all = clients.tell({ do: "count", frames: FAN_OUT_MESSAGES });
    for (const payload of payloads) {
      for (const socket of sockets) socket.send(payload, { binary: true });
      await new Promise(setImmediate);
      while (Array.from(sockets).some(({ bufferedAmount }) => bufferedAmount > WINDOW_BYTES)) await pause(1);
    }
    await all;
    return performance.now() - startedAtMs;
  } finally {
    clients.end();
    for (const socket of sockets) socket.terminate();
    webSockets.close();
    server.close();
  }
}

function fanOutBatches(): Tick[][] {
  return Array.from({ length: FAN_OUT_MESSAGES }, (_, message) =>
    Array.from({ length: TICKS_PER_MESSAGE }, (__, i) => tickNow(message * TICKS_PER_MESSAGE + i)),
  );
}

function tickNow(n: number): Tick {
  const nowMs = monotonicMs();
  return {
    kind: "tick",
    symbol: SYMBOLS[n % SYMBOLS.length]!,
    board: "G1",
    eventTimeMs: Date.UTC(2026, 0, 15, 3) + n,
    receivedAtMs: nowMs,
    price: 20_000 + (n % 40) * 50,
    quantity: 100,
    cumulativeVolume: 100 * (1 + Math.floor(n / SYMBOLS.length)),
    side: "B",
    session: "continuous",
    source: "simulated",
    isBackfill: false,
  };
}

async function startHub(limits: Partial<HubLimits>) {
  const bus = new MemoryMarketBus({ logger });
  const market = new LiveMarket({ bus, logger, seed: async () => ({ quotes: [] }) });
  await market.start();
  const hub = createLiveHub({
    market,
    logger,
    limits,
    replay: { open: () => Promise.reject(new Error("no replays")) },
  });
  const server = createServer();
  const sockets = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    sockets.add(socket);
    hub.upgrade(request, socket, head);
  });
  const port = await listen(server);
  let sequence = 0;
  const publish = (events: readonly Tick[]) => {
    const nowMs = Date.now();
    const about = { epoch: "epoch-1", sentAtMs: nowMs, marketTimeMs: nowMs, feed: "simulated" } as const;
    void bus.publish({ ...about, dataset: "market", status: STATUS, sequence: ++sequence, events });
  };
  publish([]);
  while (market.sequence === 0) await pause(1);
  return {
    port,
    publish,
    /** Resolves when the hub has had its turn. */
    flushed: () => new Promise(setImmediate),
    window: async () => {
      while (Array.from(sockets).some(({ writableLength }) => writableLength > WINDOW_BYTES)) await pause(1);
    },
    close: async () => {
      market.close();
      await hub.close();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1", 1_024);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function startClients() {
  const child: ChildProcess = fork(join(import.meta.dirname, "live-stream-clients.ts"), [], {
    execArgv: ["--import", "tsx"],
  });
  await once(child, "spawn");
  return {
    tell: async (command: ClientsCommand): Promise<unknown> => {
      child.send(command);
      const [answer] = await once(child, "message");
      return answer;
    },
    end: () => child.kill(),
  };
}
