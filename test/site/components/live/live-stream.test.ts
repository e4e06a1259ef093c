import { describe, expect, it, vi } from "vitest";
import { ChannelCounts } from "../../../../notebooks/components/live/channel-counts.js";
import type { LiveState } from "../../../../notebooks/components/live/live-state.js";
import { LiveStream, type StreamSocket } from "../../../../notebooks/components/live/live-stream.js";
import { LIVE_LIMITS, type ServerMessage } from "../../../../src/contracts/live-protocol.js";
import { LIVE_METADATA_KEYS } from "../../../../src/contracts/live-tables.js";
import { arrowFrame } from "../../../support/live-page-frame.js";

/** Pages import packages by the names that Framework knows. */
vi.mock("npm:apache-arrow", () => import("apache-arrow"));

const STATUS = {
  feed: "simulated",
  dataset: "simulated",
  state: "live",
  reason: "trades come in",
  sinceMs: 0,
  lastReceivedAtMs: 1,
  lastEventTimeMs: 1,
  marketTimeMs: 1,
  atMs: 1,
} as const;

const WELCOME: ServerMessage = {
  type: "welcome",
  version: 1,
  connection: "c1",
  epoch: "e1",
  sequence: 10,
  heartbeatSeconds: 15,
  limits: LIVE_LIMITS,
  status: STATUS,
};

const RUNNING = { type: "replay", asOfMs: 5, fromMs: 1, toMs: 9, speed: 2 } as const;

/** A stream on sockets of paper, whose time passes when a test says so. */
class Bench {
  readonly channels = new ChannelCounts();
  readonly sockets: PaperSocket[] = [];
  readonly states: Partial<LiveState>[] = [];
  restarts = 0;
  frames = 0;
  nowMs = 1_000_000;
  #waiting: { atMs: number; act: () => void }[] = [];
  readonly stream = new LiveStream({
    channels: this.channels,
    listener: {
      state: (part) => this.states.push(part),
      frame: () => this.frames++,
      restart: () => this.restarts++,
    },
    openSocket: () => {
      this.sockets.push(new PaperSocket());
      return this.socket;
    },
    nowMs: () => this.nowMs,
    random: () => 1,
    later: (act, delayMs) => {
      const entry = { atMs: this.nowMs + delayMs, act };
      this.#waiting.push(entry);
      return () => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
      };
    },
  });

  get socket(): PaperSocket {
    return this.sockets.at(-1)!;
  }

  say(message: ServerMessage): void {
    this.socket.hear(JSON.stringify(message));
  }

  frame(sequence: number, epoch = "e1"): void {
    const metadata = new Map<string, string>([
      [LIVE_METADATA_KEYS.table, "quotes"],
      [LIVE_METADATA_KEYS.epoch, epoch],
      [LIVE_METADATA_KEYS.sequence, String(sequence)],
    ]);
    this.socket.hear(new Uint8Array(arrowFrame("quotes", {}, metadata)).buffer);
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const next = this.#waiting.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.nowMs = next.atMs;
      next.act();
    }
    this.nowMs = endMs;
  }

  connected(): this {
    this.channels.add("market:heatmap");
    this.stream.open();
    this.say(WELCOME);
    return this;
  }
}

class PaperSocket implements StreamSocket {
  binaryType = "blob";
  readyState = 1;
  onopen = null;
  onmessage: ((event: never) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  onerror = null;
  readonly sent: { type: string; [field: string]: unknown }[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
    this.readyState = 3;
  }

  hear(data: unknown): void {
    this.onmessage?.({ data } as never);
  }

  drop(): void {
    this.readyState = 3;
    this.onclose?.({ reason: "" } as never);
  }

  of(type: string) {
    return this.sent.filter((message) => message.type === type);
  }
}

describe("LiveStream", () => {
  it("subscribes once it is welcome, and to what is wanted later", () => {
    const bench = new Bench().connected();
    expect(bench.socket.binaryType).toBe("arraybuffer");
    bench.stream.subscribe(["market:HPG"]);
    expect(bench.socket.of("subscribe")).toEqual([
      { type: "subscribe", channels: ["market:heatmap"] },
      { type: "subscribe", channels: ["market:HPG"] },
    ]);
    expect(bench.states.at(-1)).toMatchObject({ link: { kind: "open" }, status: STATUS });
  });

  it("comes back after longer and longer waits, and goes on from the last frame", () => {
    const bench = new Bench().connected();
    bench.frame(17);
    bench.socket.drop();
    expect(bench.states.at(-1)).toMatchObject({ link: { kind: "cut", nextTryAtMs: bench.nowMs + 500 } });
    bench.pass(500);
    bench.socket.drop();
    bench.pass(999);
    expect(bench.sockets).toHaveLength(2);
    bench.pass(1);
    expect(bench.sockets).toHaveLength(3);
    bench.say(WELCOME);
    expect(bench.socket.of("subscribe")).toEqual([
      { type: "subscribe", channels: ["market:heatmap"], resume: { epoch: "e1", sequence: 17 } },
    ]);
    bench.socket.drop();
    expect(bench.states.at(-1)).toMatchObject({ link: { nextTryAtMs: bench.nowMs + 500 } });
    expect(bench.restarts).toBe(0);
  });

  it("goes on from what feed, conflated and a snapshot's answer tell, and never from what is still to come", () => {
    const resumeAfter = (...messages: ServerMessage[]) => {
      const bench = new Bench().connected();
      for (const message of messages) bench.say(message);
      bench.socket.drop();
      bench.pass(500);
      bench.say(WELCOME);
      return (bench.socket.of("subscribe")[0] as { resume?: unknown }).resume;
    };
    const told = { channels: ["market:heatmap"], epoch: "e1", sequence: 30 };
    const subscribed = { type: "subscribed", ...told } as const;
    const feed = { type: "feed", sequence: 21, status: STATUS } as const;
    expect(resumeAfter()).toBeUndefined();
    expect(resumeAfter({ ...subscribed, from: "resumed" })).toBeUndefined();
    expect(resumeAfter({ ...subscribed, from: "snapshot" })).toEqual({ epoch: "e1", sequence: 30 });
    expect(resumeAfter(feed, { ...subscribed, from: "resumed" })).toEqual({ epoch: "e1", sequence: 21 });
    expect(resumeAfter(feed, { type: "conflated", ticks: 3, quotes: 4, sequence: 25 })).toEqual({
      epoch: "e1",
      sequence: 25,
    });
    expect(resumeAfter({ ...subscribed, from: "snapshot", epoch: "e2", sequence: 2 })).toBeUndefined();
    expect(resumeAfter({ ...RUNNING, state: "running" }, { ...feed, sequence: 900 })).toBeUndefined();
  });

  it("begins anew, without a place to go on from, when the server is in another epoch", () => {
    const bench = new Bench().connected();
    bench.frame(17);
    bench.socket.drop();
    bench.pass(500);
    bench.say({ ...WELCOME, epoch: "e2" });
    expect(bench.restarts).toBe(1);
    expect(bench.socket.of("subscribe")).toEqual([{ type: "subscribe", channels: ["market:heatmap"] }]);
  });

  it("begins anew when the server says of its own accord that an epoch began", () => {
    const bench = new Bench().connected();
    bench.say({ type: "subscribed", channels: ["market:heatmap"], from: "snapshot", epoch: "e2", sequence: 1 });
    expect(bench.restarts).toBe(1);
  });

  it("answers heartbeats, and gives up a server that has none", () => {
    const bench = new Bench().connected();
    bench.pass(30_000);
    bench.say({ type: "ping", atMs: 1 });
    expect(bench.socket.of("pong")).toHaveLength(1);
    expect(bench.sockets).toHaveLength(1);
    bench.pass(2.5 * 15_000 + 10_000);
    expect(bench.sockets[0]!.isClosed).toBe(true);
    expect(bench.sockets.length).toBeGreaterThan(1);
  });

  it("starts the board over when a replay begins and when it ends, and takes no place from it", () => {
    const bench = new Bench().connected();
    bench.frame(17);
    bench.say({ ...RUNNING, state: "running" });
    bench.frame(900);
    expect(bench.restarts).toBe(1);
    bench.say({ ...RUNNING, state: "paused" });
    expect(bench.states.at(-1)).toMatchObject({ replay: { state: "paused", speed: 2 } });
    bench.say({ ...RUNNING, state: "stopped" });
    expect(bench.restarts).toBe(2);
    expect(bench.states.at(-1)).toMatchObject({ replay: undefined });
    bench.socket.drop();
    bench.pass(500);
    bench.say(WELCOME);
    expect(bench.socket.of("subscribe")[0]).not.toHaveProperty("resume");
  });

  it("starts the board over when a replay goes back, not when it goes on", () => {
    const bench = new Bench().connected();
    for (const asOfMs of [5, 7, 9]) bench.say({ ...RUNNING, state: "running", asOfMs });
    expect(bench.restarts).toBe(1);
    bench.say({ ...RUNNING, state: "running", asOfMs: 6 });
    expect(bench.restarts).toBe(2);
  });

  it("measures the server's clock by round trips", () => {
    const bench = new Bench().connected();
    const [ping] = bench.socket.of("ping");
    bench.nowMs += 40;
    bench.say({ type: "pong", id: ping!.id as number, atMs: bench.nowMs - 20 + 3_000 });
    expect(bench.stream.clockOffset.estimate).toEqual({ offsetMs: 3_000, errorMs: 20 });
  });

  it("does not fall over what it cannot read", () => {
    const bench = new Bench().connected();
    for (const noise of ["{", "[]", '{"type":"gossip"}', new ArrayBuffer(7)]) bench.socket.hear(noise);
    expect(bench.frames).toBe(0);
    bench.frame(3);
    expect(bench.frames).toBe(1);
  });

  it("stays closed when it is closed", () => {
    const bench = new Bench().connected();
    bench.stream.close();
    bench.socket.drop();
    bench.pass(120_000);
    expect(bench.sockets).toHaveLength(1);
  });

  it("says what the server complains about, until something goes well", () => {
    const bench = new Bench().connected();
    bench.say({ type: "error", code: "REPLAY_EMPTY", message: "nothing is stored of that day" });
    expect(bench.states.at(-1)).toEqual({ complaint: "nothing is stored of that day" });
    bench.say({ ...RUNNING, state: "running" });
    expect(bench.states.at(-1)).toMatchObject({ complaint: undefined });
  });
});
