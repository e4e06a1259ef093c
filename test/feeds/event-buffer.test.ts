import { describe, expect, it } from "vitest";
import type { FeedEvent } from "../../src/engine/live-market/market-event.js";
import { EventBuffer } from "../../src/feeds/event-buffer.js";

function notices(count: number, from = 0): FeedEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: "notice",
    notice: "heartbeat",
    atMs: from + index,
    message: "",
  }));
}

function bufferOf(capacity: number) {
  const said: string[] = [];
  const buffer = new EventBuffer({
    capacity,
    onFull: () => said.push("full"),
    onDrained: () => said.push("drained"),
  });
  return { buffer, said };
}

describe("EventBuffer", () => {
  it("gives what was pushed, in order, in batches of at most 8,192", async () => {
    const { buffer } = bufferOf(65_536);
    buffer.push(notices(10_000));
    buffer.push(notices(500, 10_000));
    buffer.end();
    const batches: (readonly FeedEvent[])[] = [];
    for (let batch = await buffer.take(); batch !== undefined; batch = await buffer.take()) batches.push(batch);
    expect(batches.map(({ length }) => length)).toEqual([8_192, 2_308]);
    expect(batches.flat()).toEqual(notices(10_500));
  });

  it("waits for the next event, or for the end", async () => {
    const { buffer } = bufferOf(10);
    const waiting = buffer.take();
    buffer.push([]);
    buffer.push(notices(1));
    expect(await waiting).toHaveLength(1);
    const last = buffer.take();
    buffer.end();
    expect(await last).toBeUndefined();
    buffer.push(notices(1));
    expect(await buffer.take()).toBeUndefined();
  });

  it("asks its source to stop when it is half full, once, and to go on when it is empty", async () => {
    const { buffer, said } = bufferOf(10);
    buffer.push(notices(4));
    expect([...said, buffer.isFull]).toEqual([false]);
    buffer.push(notices(1));
    buffer.push(notices(3));
    expect([...said, buffer.isFull]).toEqual(["full", true]);
    expect(await buffer.take()).toHaveLength(8);
    expect([...said, buffer.isFull]).toEqual(["full", "drained", false]);
  });

  it("tells when it is drained, or that nobody waits any more", async () => {
    const { buffer } = bufferOf(10);
    const never = new AbortController();
    await buffer.untilDrained(never.signal);
    buffer.push(notices(5));
    let isDrained = false;
    const drained = buffer.untilDrained(never.signal).then(() => {
      isDrained = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDrained).toBe(false);
    await buffer.take();
    await drained;
    buffer.push(notices(5));
    const abort = new AbortController();
    const given = buffer.untilDrained(abort.signal);
    abort.abort();
    await given;
  });
});
