import { describe, expect, it } from "vitest";
import { WorkbenchError } from "../../../src/engine/errors.js";
import type { ReplayBatch, ReplayRequest, ReplaySource } from "../../../src/server/live/hub-replay.js";
import { hubOfTest, SESSION_MS, tick } from "./hub-support.js";

const TICKS = 100;

/** A tape of trades 1 to 100 of FPT, one a millisecond, which yields a trade whenever `advance` says so. */
function tapeByHand() {
  const requests: ReplayRequest[] = [];
  const calls: string[] = [];
  let wake = () => {};
  let allowedUntilMs = 0;
  const source: ReplaySource = {
    open: async (request) => {
      requests.push(request);
      let asOfMs = request.fromMs;
      request.signal.addEventListener("abort", () => wake());
      async function* batches(): AsyncGenerator<ReplayBatch> {
        for (let n = request.fromMs - SESSION_MS; n <= TICKS; n++) {
          while (SESSION_MS + n > allowedUntilMs && !request.signal.aborted) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          if (request.signal.aborted) return;
          asOfMs = SESSION_MS + n;
          yield { asOfMs, events: [tick("FPT", n)] };
        }
      }
      return {
        toMs: SESSION_MS + TICKS,
        seed: { quotes: [], references: [] },
        batches: batches(),
        asOfMs: () => asOfMs,
        pause: () => calls.push("pause"),
        resume: () => calls.push("resume"),
        setSpeed: (speed) => calls.push(`speed ${speed}`),
      };
    },
  };
  const advance = (toTick: number) => {
    allowedUntilMs = SESSION_MS + toTick;
    wake();
  };
  return { source, requests, calls, advance };
}

async function replaying() {
  const tape = tapeByHand();
  const running = await hubOfTest({ replay: tape.source });
  const client = await running.connect();
  await client.subscribe(["market:FPT", "feed"]);
  return { ...tape, ...running, client };
}

describe("replay", () => {
  it("plays stored trades to one client, in the place of the live ones, and to no other", async () => {
    const { client, connect, publish, advance } = await replaying();
    const other = await connect();
    await other.subscribe(["market:FPT"]);
    const answer = await client.ask({ type: "replay", fromMs: SESSION_MS + 1, speed: 10 });
    expect(answer).toMatchObject({
      type: "replay",
      state: "running",
      asOfMs: SESSION_MS + 1,
      fromMs: SESSION_MS + 1,
      toMs: SESSION_MS + 100,
      speed: 10,
    });
    publish(tick("FPT", 900));
    advance(3);
    await client.until(() => client.trades("FPT").length >= 3);
    await other.until(() => other.trades("FPT").length >= 1);
    expect(client.trades("FPT")).toEqual([1, 2, 3]);
    expect(other.trades("FPT")).toEqual([900]);
    await client.until(() => client.rows("quotes", { isSnapshot: false }).length > 0);
    const { epoch } = client.frames.at(-1)!;
    expect(epoch).toMatch(/^replay-/);
    await client.said("feed", ({ status }) => status.state === "replaying" && status.feed === "replay");
  });

  it("ends with the tape, stays at its end, and goes back to the market on replay-stop", async () => {
    const { client, publish, advance } = await replaying();
    await client.ask({ type: "replay", fromMs: SESSION_MS + 1 });
    advance(TICKS);
    const ended = await client.said("replay", ({ state }) => state === "ended");
    expect(ended).toMatchObject({ asOfMs: SESSION_MS + 100 });
    expect(client.trades("FPT")).toHaveLength(100);
    expect(client.rows("quotes").at(-1)).toMatchObject({ cumulative_volume: 10_000 });
    publish(tick("FPT", 501));
    expect(await client.ask({ type: "replay-stop" })).toMatchObject({ type: "replay", state: "stopped" });
    const back = await client.said("subscribed", ({ id }) => id === undefined);
    expect(back).toMatchObject({ from: "snapshot", epoch: "epoch-1", sequence: 2 });
    publish(tick("FPT", 502));
    await client.until(() => client.trades("FPT").length >= 101);
    expect(client.trades("FPT").slice(100)).toEqual([502]);
    expect(client.rows("quotes", { isSnapshot: true }).at(-1)).toMatchObject({ cumulative_volume: 50_100 });
  });

  it("pauses, resumes, changes its speed and seeks", async () => {
    const { client, requests, calls, advance } = await replaying();
    await client.ask({ type: "replay", fromMs: SESSION_MS + 1 });
    advance(5);
    await client.until(() => client.trades("FPT").length === 5);
    const control = (action: object) => client.ask({ type: "replay-control", action });
    expect(await control({ do: "pause" })).toMatchObject({ state: "paused" });
    expect(await control({ do: "speed", speed: 50 })).toMatchObject({ state: "paused", speed: 50 });
    expect(await control({ do: "resume" })).toMatchObject({ state: "running" });
    expect(calls).toEqual(["speed 1", "pause", "speed 50", "resume"]);
    expect(await control({ do: "seek", toMs: SESSION_MS + 90 })).toMatchObject({ asOfMs: SESSION_MS + 90 });
    advance(92);
    await client.until(() => client.trades("FPT").length === 8);
    expect(client.trades("FPT")).toEqual([1, 2, 3, 4, 5, 90, 91, 92]);
    expect(requests).toMatchObject([
      { fromMs: SESSION_MS + 1, speed: 1 },
      { fromMs: SESSION_MS + 90, speed: 50 },
    ]);
    expect(requests[0]!.signal.aborted).toBe(true);
    expect(await control({ do: "seek", toMs: SESSION_MS + 101 })).toMatchObject({
      type: "error",
      code: "RANGE_INVALID",
      message: `invalid action.toMs: ${SESSION_MS + 101} (accepted: ${SESSION_MS + 1} to ${SESSION_MS + 100}, the stretch of this replay)`,
    });
  });

  it("sends what is subscribed meanwhile from the past, not from the present", async () => {
    const { client, publish, advance } = await replaying();
    publish(tick("FPT", 700));
    await client.ask({ type: "replay", fromMs: SESSION_MS + 1 });
    advance(2);
    await client.until(() => client.trades("FPT").includes(2));
    const { epoch } = await client.subscribe(["market:heatmap"]);
    expect(epoch).toMatch(/^replay-/);
    const state = () => client.frames.findLast(({ isSnapshot }) => isSnapshot);
    await client.until(() => state()?.epoch === epoch && state()!.rows.length === 1);
    expect(state()!.rows).toMatchObject([{ symbol: "FPT", cumulative_volume: 200 }]);
  });

  it("answers a range without trades with the error, and the client goes on to follow the market", async () => {
    const source: ReplaySource = {
      open: async () => {
        throw new WorkbenchError("RANGE_INVALID", "no trades between 1 and 2");
      },
    };
    const running = await hubOfTest({ replay: source });
    const client = await running.connect();
    await client.subscribe(["market:FPT"]);
    const snapshots = () => client.frames.filter(({ isSnapshot }) => isSnapshot).length;
    const before = snapshots();
    expect(await client.ask({ type: "replay", fromMs: 1 })).toMatchObject({ type: "error", code: "RANGE_INVALID" });
    running.publish(tick("FPT", 1));
    await client.until(() => client.rows("quotes", { isSnapshot: false }).length > 0);
    expect(client.trades("FPT")).toEqual([1]);
    expect(snapshots()).toBe(before);
  });

  it("follows the market until the tape is open, and begins anew from it when a second replay is refused", async () => {
    const tape = tapeByHand();
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const source: ReplaySource = {
      open: async (request) => {
        if (request.fromMs < SESSION_MS) throw new WorkbenchError("RANGE_INVALID", "no trades");
        await opened;
        return tape.source.open(request);
      },
    };
    const running = await hubOfTest({ replay: source });
    const client = await running.connect();
    await client.subscribe(["market:FPT"]);
    const began = client.ask({ type: "replay", fromMs: SESSION_MS + 1 });
    running.publish(tick("FPT", 700));
    await client.until(() => client.trades("FPT").includes(700));
    open();
    expect(await began).toMatchObject({ type: "replay", state: "running" });
    expect(await client.ask({ type: "replay", fromMs: 1 })).toMatchObject({ type: "error", code: "RANGE_INVALID" });
    expect(await client.said("subscribed", ({ id }) => id === undefined)).toMatchObject({ from: "snapshot" });
    running.publish(tick("FPT", 701));
    await client.until(() => client.trades("FPT").includes(701));
  });

  it("is refused beyond the limit, and to control what is not there", async () => {
    const { source } = tapeByHand();
    const running = await hubOfTest({ replay: source, limits: { replays: 1 } });
    const first = await running.connect();
    const second = await running.connect();
    await first.ask({ type: "replay", fromMs: SESSION_MS + 1 });
    expect(await second.ask({ type: "replay", fromMs: SESSION_MS + 1 })).toMatchObject({
      type: "error",
      code: "RATE_LIMITED",
      message: "too many replays (accepted: 1 at the same time)",
    });
    expect(await second.ask({ type: "replay-stop" })).toMatchObject({ type: "error", code: "REQUEST_INVALID" });
    first.end();
    await expect.poll(() => running.hub.clients()).toBe(1);
    expect(await second.ask({ type: "replay", fromMs: SESSION_MS + 1 })).toMatchObject({ state: "running" });
  });
});
