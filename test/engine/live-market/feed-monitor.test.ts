import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FeedMonitor, type FeedMonitorOptions } from "../../../src/engine/live-market/feed-monitor.js";
import { FEED_STATES, type FeedState } from "../../../src/engine/live-market/feed-status.js";
import { FEED_NOTICES, type FeedEvent } from "../../../src/engine/live-market/market-event.js";
import { factsCalendar } from "../../../src/engine/live-market/session-schedule.js";
import { book, indexLevel, notice, onMonday, referencePrice, sessionChange, tick } from "./support/market-events.js";

const CALENDAR = factsCalendar();
const SUNDAY_TEN_MS = onMonday("10:00:00") - 86_400_000;

/** A monitor on a clock that the test sets, looked at after every step. */
class Watch {
  readonly monitor: FeedMonitor;
  nowMs: number;
  /** Every state in turn, with the seconds since the watch began. */
  readonly states: (readonly [seconds: number, state: FeedState])[] = [];
  readonly adviceAt: number[] = [];
  readonly #beganMs: number;

  constructor(startMs: number, options: Partial<FeedMonitorOptions> = {}) {
    this.monitor = new FeedMonitor({ exchange: "HOSE", calendar: CALENDAR, ...options });
    this.nowMs = startMs;
    this.#beganMs = startMs;
    this.look();
  }

  get state(): FeedState {
    return this.look().status.state;
  }

  look() {
    const judgement = this.monitor.at(this.nowMs);
    const seconds = (this.nowMs - this.#beganMs) / 1_000;
    if (judgement.changed) this.states.push([seconds, judgement.status.state]);
    if (judgement.shouldReconnect) this.adviceAt.push(seconds);
    return judgement;
  }

  observe(...events: FeedEvent[]): this {
    this.monitor.observe(events, this.nowMs);
    this.look();
    return this;
  }

  /** A trade of this very moment. */
  trade(): this {
    return this.observe(tick({ eventTimeMs: this.nowMs }));
  }

  connect(): this {
    return this.observe(notice("connecting"), notice("connected"), notice("authenticated"), notice("subscribed"));
  }

  /** Looks every half second, as an ingester does; `each` happens once a second. */
  pass(seconds: number, each: () => unknown = () => {}): this {
    for (let half = 0; half < 2 * seconds; half++) {
      this.nowMs += 500;
      if (half % 2 === 1) each();
      this.look();
    }
    return this;
  }

  /** Sets the clock without anything happening. */
  jump(seconds: number): this {
    this.nowMs += 1_000 * seconds;
    this.look();
    return this;
  }
}

const inSession = (options?: Partial<FeedMonitorOptions>) => new Watch(onMonday("10:00:00"), options);
const liveInSession = (options?: Partial<FeedMonitorOptions>) => inSession(options).connect().trade();

describe("FeedMonitor: while data is due", () => {
  it("is connecting until the first data, then live", () => {
    const watch = inSession().pass(2).connect().pass(2).trade();
    watch.pass(3, () => watch.trade());
    expect(watch.states).toEqual([
      [0, "connecting"],
      [4, "live"],
    ]);
    expect(watch.look().status).toMatchObject({
      sinceMs: onMonday("10:00:04"),
      lastReceivedAtMs: onMonday("10:00:07"),
      lastEventTimeMs: onMonday("10:00:07"),
    });
  });

  it("is stale after more than five seconds without data and live again with the next", () => {
    const watch = liveInSession().pass(5);
    expect(watch.state).toBe("live");
    watch.pass(1);
    expect(watch.state).toBe("stale");
    expect(watch.look().status.reason).toBe("no data since 10:00:00");
    watch.trade();
    expect(watch.states).toEqual([
      [0, "connecting"],
      [0, "live"],
      [5.5, "stale"],
      [6, "live"],
    ]);
  });

  it("is stale when it is connected and nothing ever comes", () => {
    const watch = inSession().pass(1).connect().pass(10);
    expect(watch.states).toEqual([
      [0, "connecting"],
      [6.5, "stale"],
    ]);
    expect(watch.look().status.reason).toBe("no data yet");
  });

  it.each([
    ["trades", () => tick()],
    ["trades of odd lots", () => tick({ board: "G4" })],
    ["books", () => book()],
    ["index levels", () => indexLevel()],
  ] as const)("is kept live by %s", (_, make) => {
    const watch = liveInSession();
    watch.pass(20, () => watch.observe({ ...make(), eventTimeMs: watch.nowMs }));
    expect(watch.states.at(-1)).toEqual([0, "live"]);
  });

  it.each([
    ["heartbeats", () => notice("heartbeat")],
    ["acknowledgements", () => notice("throttled")],
    ["backfilled trades", () => tick({ isBackfill: true })],
    ["reference prices", () => referencePrice()],
    ["changes of the session", () => sessionChange()],
    [
      "frames that cannot be read",
      () => ({ kind: "rejected", atMs: 0, problem: "", excerpt: "", symbol: undefined }) as const,
    ],
  ] as const)("is not kept live by %s", (_, make) => {
    const watch = liveInSession();
    watch.pass(7, () => watch.observe(make()));
    expect(watch.states.at(-1)).toEqual([5.5, "stale"]);
  });

  it("goes by the age of its data when the connection is lost: stale after five seconds, down after thirty", () => {
    const watch = liveInSession().observe(notice("disconnected")).pass(31);
    expect(watch.states.slice(2)).toEqual([
      [5.5, "stale"],
      [30.5, "down"],
    ]);
    expect(watch.look().status.reason).toBe("not connected, no data since 10:00:00");
  });

  it("is down when it never connects, or is refused", () => {
    for (const event of [notice("connecting"), notice("refused")]) {
      const watch = inSession();
      watch.pass(40, () => watch.observe(event));
      expect(watch.states).toEqual([
        [0, "connecting"],
        [30.5, "down"],
      ]);
    }
  });

  it("is live with the first data after it was down", () => {
    const watch = liveInSession().observe(notice("disconnected")).pass(60).connect().pass(1).trade();
    expect(watch.states.slice(3)).toEqual([
      [30.5, "down"],
      [61, "live"],
    ]);
  });

  it("is stale when it was down and a connection brings nothing for five seconds", () => {
    const watch = liveInSession().observe(notice("disconnected")).pass(60).connect().pass(6);
    expect(watch.states.slice(3)).toEqual([
      [30.5, "down"],
      [65.5, "stale"],
    ]);
  });

  it("stays live through an interruption of less than five seconds, and is stale through a longer one", () => {
    const short = liveInSession().observe(notice("disconnected")).pass(3).connect().pass(1).trade();
    expect(short.states.slice(2)).toEqual([]);
    const long = liveInSession().observe(notice("disconnected")).pass(8).connect().pass(2).trade();
    expect(long.states.slice(2)).toEqual([
      [5.5, "stale"],
      [10, "live"],
    ]);
  });

  it("says why there is no connection, in the feed's words", () => {
    const refused = { ...notice("refused"), message: "the key is not known; next try in 60 s" };
    const watch = inSession().observe(refused);
    expect(watch.look().status.reason).toBe("the connection is being made: the key is not known; next try in 60 s");
    watch.pass(31);
    expect(watch.look().status.reason).toBe("not connected, no data yet: the key is not known; next try in 60 s");
  });

  it("stays stale while the connection is made anew, until it is down", () => {
    const watch = liveInSession().pass(6).observe(notice("disconnected")).pass(2).connect().pass(4);
    watch.observe(notice("disconnected")).pass(30);
    expect(watch.states.slice(2)).toEqual([
      [5.5, "stale"],
      [30.5, "down"],
    ]);
  });

  it("is stale, not down, while a connection that it advised to leave is made anew, and down when that fails", () => {
    const watch = liveInSession();
    const leave = () => {
      if (watch.adviceAt.length === 0) return;
      watch.observe(
        { ...notice("disconnected"), message: "no data since 10:00:00; the next try is at once" },
        notice("connecting"),
      );
    };
    watch.pass(60, leave);
    expect(watch.states.at(-1)).toEqual([36, "down"]);
    const anew = liveInSession({ firstReconnectDelayMs: 40_000 }).pass(46);
    expect(anew.adviceAt).toEqual([5.5, 45.5]);
    anew.observe(notice("disconnected"), notice("connecting")).pass(2).connect().pass(20);
    expect(anew.states).toEqual([
      [0, "connecting"],
      [0, "live"],
      [5.5, "stale"],
    ]);
  });

  it("does not go on saying when the next try will be once it is made", () => {
    const watch = liveInSession();
    watch.observe({ ...notice("disconnected"), message: "the socket closed; the next try is in 3.9 s" }).pass(6);
    expect(watch.look().status.reason).toBe(
      "not connected, no data since 10:00:00: the socket closed; the next try is in 3.9 s",
    );
    watch.observe(notice("connecting")).pass(1);
    expect(watch.look().status.reason).toBe(
      "not connected, no data since 10:00:00: the socket closed; it is being tried",
    );
  });

  it("does not stay connecting on connections that are lost again and again", () => {
    const watch = inSession();
    watch.pass(60, () => watch.connect().observe(notice("disconnected")));
    expect(watch.states.map(([, state]) => state).slice(0, 2)).toEqual(["connecting", "down"]);
    expect(watch.states[1]![0]).toBe(30.5);
  });

  it("is stale when what comes is older than a minute, without advice: its clock may be the wrong one", () => {
    const watch = inSession().connect();
    watch.pass(60, () => watch.observe(tick({ eventTimeMs: watch.nowMs - 75_000 })));
    expect(watch.states).toEqual([
      [0, "connecting"],
      [5.5, "stale"],
    ]);
    expect(watch.look().status).toMatchObject({
      reason: "what arrives is of 09:59",
      lastReceivedAtMs: watch.nowMs,
      lastEventTimeMs: watch.nowMs - 75_000,
    });
    expect(watch.adviceAt).toEqual([]);
    watch.trade();
    expect(watch.state).toBe("live");
  });

  it("is not alarmed by what a source repeats of the past when it is subscribed to", () => {
    const watch = inSession().connect();
    watch.observe(tick({ eventTimeMs: onMonday("09:20:00") }), indexLevel({ eventTimeMs: onMonday("09:58:59") }));
    watch.pass(1).trade();
    expect(watch.states).toEqual([
      [0, "connecting"],
      [1, "live"],
    ]);
  });

  it("does not take an old trade among present ones for a lag, nor a future one for the present", () => {
    const watch = liveInSession();
    watch.pass(10, () => watch.trade().observe(tick({ eventTimeMs: onMonday("09:20:00") })));
    expect(watch.states.at(-1)).toEqual([0, "live"]);
    watch.observe(tick({ eventTimeMs: onMonday("14:00:00") }));
    expect(watch.look().status.lastEventTimeMs).toBe(watch.nowMs);
  });
});

describe("FeedMonitor: gaps", () => {
  it("is in the state of a gap until all of them are closed", () => {
    const watch = liveInSession();
    watch.monitor.gapOpened("HPG 1");
    watch.monitor.gapOpened(2);
    watch.monitor.gapOpened(2);
    watch.look();
    expect(watch.look().status.reason).toBe("trades of 2 gaps are missing");
    watch.pass(2, () => watch.trade());
    watch.monitor.gapClosed(2);
    expect(watch.state).toBe("gap");
    watch.monitor.gapClosed("HPG 1");
    watch.look();
    expect(watch.states.slice(1)).toEqual([
      [0, "live"],
      [0, "gap"],
      [2, "live"],
    ]);
  });

  it("is stale rather than in a gap when nothing comes, and closed rather than both, with a word of the gap", () => {
    const watch = new Watch(onMonday("11:29:40")).connect().trade();
    watch.monitor.gapOpened("a");
    watch.pass(30);
    expect(watch.states.slice(1)).toEqual([
      [0, "live"],
      [0.5, "gap"],
      [5.5, "stale"],
      [20, "closed-market"],
    ]);
    expect(watch.look().status.reason).toBe("the exchange is at lunch; trades of 1 gap are still missing");
  });
});

describe("FeedMonitor: while no data is due", () => {
  it.each([
    ["08:30:00", "the session has not begun"],
    ["12:00:00", "the exchange is at lunch"],
    ["14:50:00", "only put-through deals are left of the day"],
    ["16:00:00", "the exchange is closed"],
  ])("is closed-market at %s, whatever the connection does", (time, reason) => {
    const watch = new Watch(onMonday(time)).pass(60).connect().pass(60).observe(notice("disconnected")).pass(60);
    expect(watch.states).toEqual([[0, "closed-market"]]);
    expect(watch.look().status.reason).toBe(reason);
    expect(watch.adviceAt).toEqual([]);
  });

  it("is closed-market on a day without trading", () => {
    const watch = new Watch(SUNDAY_TEN_MS);
    expect(watch.look().status).toMatchObject({ state: "closed-market", reason: "no trading today" });
  });

  it("waits five seconds for the first data of a session, then is stale", () => {
    const watch = new Watch(onMonday("12:59:50")).connect().pass(20);
    expect(watch.states).toEqual([
      [0, "closed-market"],
      [10, "connecting"],
      [15.5, "stale"],
    ]);
  });

  it("counts half a minute from the session's beginning when it is not connected by then", () => {
    const watch = new Watch(onMonday("08:59:50")).observe(notice("disconnected")).pass(50);
    expect(watch.states).toEqual([
      [0, "closed-market"],
      [10, "connecting"],
      [40.5, "down"],
    ]);
  });

  it("goes through a whole day of a healthy feed without a false alarm", () => {
    const watch = new Watch(onMonday("08:55:00")).connect();
    const isTrading = () => !["closed-market"].includes(watch.state);
    for (let minute = 0; minute < 370; minute++) {
      watch.pass(60, () => (isTrading() ? watch.trade() : watch.observe(notice("heartbeat"))));
    }
    const states = watch.states.filter(([, state]) => state !== "connecting");
    expect(states.map(([, state]) => state)).toEqual([
      "closed-market",
      "live",
      "closed-market",
      "live",
      "closed-market",
    ]);
    expect(watch.adviceAt).toEqual([]);
  });

  it("is closed-market during a halt that the exchange reports, until it reports another phase", () => {
    const watch = liveInSession()
      .observe(sessionChange({ phase: "halt" }))
      .pass(60);
    expect(watch.look().status.reason).toBe("the exchange has halted trading");
    watch
      .observe(sessionChange({ phase: "continuous" }))
      .pass(1)
      .trade();
    expect(watch.states.slice(1).map(([, state]) => state)).toEqual(["live", "closed-market", "connecting", "live"]);
  });

  it("takes a halt of another market or board as none of its own", () => {
    const watch = liveInSession();
    watch.observe(sessionChange({ phase: "halt", market: "HNX" }), sessionChange({ phase: "halt", board: "G4" }));
    expect(watch.state).toBe("live");
  });

  it("forgets a halt on the next day", () => {
    const watch = liveInSession()
      .observe(sessionChange({ phase: "halt" }))
      .jump(86_400)
      .trade();
    expect(watch.state).toBe("live");
  });
});

describe("FeedMonitor: trades that the calendar does not know of", () => {
  it("believes trades of the present time, and expects more of them for a minute", () => {
    const watch = new Watch(SUNDAY_TEN_MS).connect();
    watch.pass(10, () => watch.trade());
    watch.pass(70);
    expect(watch.states).toEqual([
      [0, "closed-market"],
      [1, "live"],
      [15.5, "stale"],
      [70.5, "closed-market"],
    ]);
    expect(watch.adviceAt.length).toBeGreaterThan(0);
  });

  it.each([
    ["of another time", (nowMs: number) => tick({ eventTimeMs: nowMs - 120_000 })],
    ["of odd lots", (nowMs: number) => tick({ eventTimeMs: nowMs, board: "G4" })],
    ["that were put through", (nowMs: number) => tick({ eventTimeMs: nowMs, board: "T3" })],
  ])("does not believe trades %s", (_, make) => {
    const watch = new Watch(SUNDAY_TEN_MS).connect();
    watch.pass(10, () => watch.observe(make(watch.nowMs)));
    expect(watch.states).toEqual([[0, "closed-market"]]);
  });

  it.each(["11:30:01", "14:45:05", "14:55:00", "15:00:01", "15:01:59", "07:58:30"])(
    "does not take a trade at %s, on the edge of the sessions, as a session of its own",
    (time) => {
      const watch = new Watch(onMonday(time)).connect().trade().pass(8);
      expect(watch.states).toEqual([[0, "closed-market"]]);
    },
  );
});

describe("FeedMonitor: tapes", () => {
  it("is replaying whatever comes, until the tape has ended", () => {
    const watch = new Watch(SUNDAY_TEN_MS, { isReplay: true }).connect().pass(60).trade().pass(60);
    watch.observe(notice("ended")).pass(5);
    expect(watch.states).toEqual([
      [0, "replaying"],
      [120, "closed-market"],
    ]);
    expect(watch.look().status.reason).toBe("the tape has ended");
    watch.observe(notice("day-restarted"));
    expect(watch.state).toBe("replaying");
    expect(watch.adviceAt).toEqual([]);
  });
});

describe("FeedMonitor: advice to reconnect", () => {
  it("comes with staleness, then at intervals that double up to five minutes", () => {
    const watch = new Watch(onMonday("09:15:00")).connect().trade().pass(1_800);
    const [first, ...later] = watch.adviceAt;
    expect(first).toBe(5.5);
    const intervals = later.map((seconds, index) => seconds - watch.adviceAt[index]!);
    expect(intervals.slice(0, 7)).toEqual([10, 20, 40, 80, 160, 300, 300]);
  });

  it("leaves a new connection five seconds for its first data", () => {
    const watch = liveInSession().pass(6);
    for (let attempt = 0; attempt < 20; attempt++) watch.observe(notice("disconnected")).connect().pass(4);
    expect(watch.adviceAt).toEqual([5.5]);
  });

  it("is not given while the feed is looking for a connection itself", () => {
    const watch = liveInSession().pass(6).observe(notice("disconnected")).pass(600);
    expect(watch.adviceAt).toEqual([5.5]);
  });

  it("begins with short intervals again once data has come for a minute", () => {
    const watch = liveInSession().pass(60).pass(0).connect();
    const before = watch.adviceAt.length;
    expect(before).toBeGreaterThan(2);
    watch.pass(90, () => watch.trade());
    watch.pass(20);
    const again = watch.adviceAt.slice(before);
    expect(again[1]! - again[0]!).toBe(10);
  });
});

describe("FeedMonitor: clocks that jump", () => {
  it("is not live for an hour after the clock was set back by one", () => {
    const watch = liveInSession().pass(3);
    watch.jump(-3_600).pass(3);
    expect(watch.state).toBe("stale");
    expect(watch.look().status.lastReceivedAtMs).toBeLessThanOrEqual(watch.nowMs);
    expect(watch.look().status.sinceMs).toBeLessThanOrEqual(watch.nowMs);
  });

  it("stays live when the clock was set back and data goes on", () => {
    const watch = liveInSession().jump(-600);
    watch.pass(10, () => watch.trade());
    expect(watch.states.at(-1)).toEqual([0, "live"]);
  });

  it("is stale at once when the machine slept, and advises to reconnect after a silence that it watched", () => {
    const watch = liveInSession().jump(1_800);
    expect(watch.state).toBe("stale");
    expect(watch.adviceAt).toEqual([]);
    watch.pass(6);
    expect(watch.adviceAt).toEqual([1_805.5]);
  });

  it("advises nothing when the clock was set forward and data goes on", () => {
    const watch = liveInSession().jump(600);
    watch.pass(30, () => watch.trade());
    expect(watch.states.map(([, state]) => state)).toEqual(["connecting", "live", "stale", "live"]);
    expect(watch.adviceAt).toEqual([]);
  });

  it("begins the silence anew when a demo day starts over", () => {
    const watch = new Watch(onMonday("15:00:30")).connect();
    watch.nowMs = onMonday("10:00:00");
    watch
      .observe(notice("day-restarted"))
      .pass(2)
      .trade()
      .pass(3, () => watch.trade());
    expect(watch.states.map(([, state]) => state)).toEqual(["closed-market", "connecting", "live"]);
    expect(watch.look().status.lastEventTimeMs).toBe(watch.nowMs);
  });

  it("takes an instant that is no number for the one before", () => {
    const watch = liveInSession();
    watch.monitor.observe([tick()], NaN);
    for (const instant of [NaN, Infinity, -Infinity]) {
      expect(watch.monitor.at(instant).status).toMatchObject({ state: "live", sinceMs: onMonday("10:00:00") });
    }
  });
});

describe("laws of the feed monitor", () => {
  const events: fc.Arbitrary<FeedEvent[]> = fc.array(
    fc.oneof(
      fc.constantFrom(...FEED_NOTICES).map((kind) => notice(kind)),
      fc.constantFrom<FeedEvent>(tick({ isBackfill: true }), sessionChange({ phase: "halt" }), sessionChange()),
      fc.integer({ min: -100_000, max: 100_000 }).map((ms) => tick({ eventTimeMs: onMonday("10:00:00") + ms })),
    ),
    { maxLength: 4 },
  );
  const steps = fc.array(
    fc.record({
      elapsedMs: fc.oneof(
        { arbitrary: fc.integer({ min: 0, max: 3_000 }), weight: 8 },
        { arbitrary: fc.integer({ min: -5_000_000, max: 30_000_000 }), weight: 1 },
        { arbitrary: fc.constant(NaN), weight: 1 },
      ),
      events,
      gap: fc.option(fc.tuple(fc.boolean(), fc.nat(2))),
    }),
    { maxLength: 80 },
  );

  it("gives sane states on any clock, never live without data of the last five seconds", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const monitor = new FeedMonitor({ exchange: "HOSE", calendar: CALENDAR });
        let nowMs = onMonday("10:00:00");
        let silentMs = Infinity;
        for (const { elapsedMs, events: received, gap } of all) {
          if (!Number.isNaN(elapsedMs)) nowMs += elapsedMs;
          silentMs += Math.max(0, elapsedMs || 0);
          monitor.observe(received, Number.isNaN(elapsedMs) ? NaN : nowMs);
          if (received.some((event) => event.kind === "tick" && !event.isBackfill)) silentMs = 0;
          if (gap !== null) gap[0] ? monitor.gapOpened(gap[1]) : monitor.gapClosed(gap[1]);
          const { status, shouldReconnect } = monitor.at(nowMs);
          expect(FEED_STATES).toContain(status.state);
          expect(status.sinceMs).toBeLessThanOrEqual(nowMs);
          expect(status.reason).not.toBe("");
          for (const instant of [status.lastReceivedAtMs, status.lastEventTimeMs]) {
            if (instant !== undefined) expect(Number.isFinite(instant)).toBe(true);
          }
          if (status.lastReceivedAtMs !== undefined) expect(status.lastReceivedAtMs).toBeLessThanOrEqual(nowMs);
          if (status.state === "live" || status.state === "gap") expect(silentMs).toBeLessThanOrEqual(5_000);
          if (shouldReconnect) expect(status.state).toBe("stale");
          expect(monitor.at(nowMs)).toMatchObject({ changed: false, shouldReconnect: false, status });
        }
      }),
      { numRuns: 300 },
    );
  });
});
