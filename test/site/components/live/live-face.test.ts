import { describe, expect, it } from "vitest";
import { complaintInWords } from "../../../../notebooks/components/live/complaint.js";
import { lastDataAge, stateFact } from "../../../../notebooks/components/live/feed-health.js";
import { liveFace } from "../../../../notebooks/components/live/live-face.js";
import { isClockDetached, type LiveState, marketTimeAt } from "../../../../notebooks/components/live/live-state.js";

/** 10:32:05 in Ho Chi Minh City. */
const EVENT_MS = Date.UTC(2026, 3, 10, 3, 32, 5);
const NOW_MS = 50_000;

function state({ feedState = "live", ...part }: Partial<LiveState> & { feedState?: string } = {}): LiveState {
  return {
    link: { kind: "open", sinceMs: 0 },
    status: {
      feed: "dnse",
      dataset: "market",
      state: feedState as "live",
      reason: "no trade for 12 s",
      sinceMs: EVENT_MS,
      lastReceivedAtMs: EVENT_MS,
      lastEventTimeMs: EVENT_MS,
      marketTimeMs: EVENT_MS + 1_000,
      atMs: EVENT_MS + 1_000,
    },
    statusAtMs: NOW_MS - 2_000,
    replay: undefined,
    complaint: undefined,
    ...part,
  };
}

describe("liveFace(state, nowMs)", () => {
  it("gives the time of the last data and its age, which grows between two words of the server", () => {
    expect(liveFace(state(), NOW_MS)).toMatchObject({
      badge: "live",
      detail: "as of 10:32:05 · 3.0 s",
      short: "3.0 s",
    });
    expect(liveFace(state(), NOW_MS + 9_000)?.short).toBe("12 s");
  });

  it.each([
    ["stale", "stale", "as of 10:32:05 · 3.0 s"],
    ["gap", "stale", "trades missing · as of 10:32:05 · 3.0 s"],
    ["closed-market", "closed", "as of 10:32:05"],
    ["down", "offline", "feed down · as of 10:32:05"],
    ["connecting", "stale", "feed connecting"],
    ["replaying", "replaying", "2026-04-10 10:32:05"],
  ])("shows a feed that is %s as %s", (feedState, badge, detail) => {
    expect(liveFace(state({ feedState }), NOW_MS)).toMatchObject({ badge, detail });
  });

  it("is offline when the server is out of reach, whatever it said last", () => {
    const link = { kind: "cut", sinceMs: NOW_MS - 5_000, nextTryAtMs: NOW_MS, reason: "" } as const;
    expect(liveFace(state({ link }), NOW_MS)).toMatchObject({
      badge: "offline",
      sentence: "The server does not answer, out of reach for 5.0 s; the numbers are as of 10:32:05.",
    });
  });

  it("speaks of the state alone, since what is spoken stays while ages grow", () => {
    const link = { kind: "cut", sinceMs: NOW_MS - 5_000, nextTryAtMs: NOW_MS, reason: "" } as const;
    for (const shown of [state(), state({ link }), state({ feedState: "stale" })]) {
      expect(liveFace(shown, NOW_MS)?.spoken).toBe(liveFace(shown, NOW_MS + 60_000)?.spoken);
    }
    expect(liveFace(state({ link }), NOW_MS)?.spoken).toBe(
      "The server does not answer; the numbers are as of 10:32:05.",
    );
  });

  it("shows the time of a replay and its pace", () => {
    const replay = { state: "running", asOfMs: EVENT_MS, fromMs: 0, toMs: 1, speed: 20 } as const;
    expect(liveFace(state({ replay }), NOW_MS)).toMatchObject({
      badge: "replaying",
      detail: "2026-04-10 10:32:05 · 20×",
    });
    expect(liveFace(state({ replay: { ...replay, state: "paused" } }), NOW_MS)?.detail).toMatch(/· paused$/);
  });

  it("says nothing where nothing moves: on a file host, and while no feed has come to the server", () => {
    expect(liveFace(state({ link: { kind: "none", reason: "file-host" } }), NOW_MS)).toBeUndefined();
    expect(liveFace(state({ status: { ...state().status!, feed: "none" } }), NOW_MS)).toBeUndefined();
    expect(liveFace({ ...state(), status: undefined }, NOW_MS)).toBeUndefined();
  });
});

describe("the health of the feed", () => {
  const link = { kind: "cut", sinceMs: NOW_MS, nextTryAtMs: 0, reason: "" } as const;

  it("is that of the feed while the server is heard", () => {
    expect(stateFact(state())).toEqual(["Live", "no trade for 12 s; since 10:32:05"]);
    expect(lastDataAge(state(), NOW_MS)).toBe(3_000);
  });

  it("is offline without the server, and the last data grows old", () => {
    expect(stateFact(state({ link }))).toEqual(["Offline", "the server does not answer; before that: live"]);
    expect(lastDataAge(state({ link }), NOW_MS + 60_000)).toBe(63_000);
  });
});

describe("complaintInWords(error)", () => {
  const refused = { type: "error", code: "RANGE_INVALID", message: "invalid fromMs and toMs: no trades …" } as const;

  it.each([
    [
      { problem: "no trades", storedFromMs: EVENT_MS, storedToMs: EVENT_MS + 60_000 },
      "There are no trades to replay on that day. Trades are stored from 2026-04-10 10:32:05 to 2026-04-10 10:33:05, on the days that were followed.",
    ],
    [
      { problem: "no trades" },
      "There are no trades to replay on that day. None are stored yet: they are as soon as a feed was followed.",
    ],
    [{}, "That time is outside of the stretch that is replayed."],
  ])("tells a reader what is missing: %j", (details, words) => {
    expect(complaintInWords({ ...refused, details })).toBe(words);
  });

  it("passes on what it has no other words for", () => {
    expect(complaintInWords({ type: "error", code: "INTERNAL", message: "the server failed" })).toBe(
      "the server failed",
    );
  });
});

describe("marketTimeAt(state, nowMs)", () => {
  it("goes on between two words of the server, and stands still when it is cut off", () => {
    expect(marketTimeAt(state(), NOW_MS)).toBe(EVENT_MS + 3_000);
    const link = { kind: "cut", sinceMs: 0, nextTryAtMs: 0, reason: "" } as const;
    expect(marketTimeAt(state({ link }), NOW_MS)).toBe(EVENT_MS + 1_000);
  });
});

describe("isClockDetached(state)", () => {
  it("is true for a market time that is not the machine's", () => {
    expect(isClockDetached(state())).toBe(false);
    expect(isClockDetached(state({ status: { ...state().status!, atMs: EVENT_MS + 86_400_000 } }))).toBe(true);
  });
});
