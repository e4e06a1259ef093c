import { pino } from "pino";
import { vi } from "vitest";
import type { FeedEvent, FeedNotice, Tick } from "../../../src/engine/live-market/market-event.js";
import { instrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { DNSE_UNITS } from "../../../src/feeds/dnse/dnse-units.js";
import {
  createLightSpeedFeed,
  type LightSpeedDependencies,
} from "../../../src/feeds/dnse-light-speed/light-speed-feed.js";
import type { LightSpeedSettings } from "../../../src/feeds/feeds-settings.js";
import type { MarketFeed } from "../../../src/feeds/market-feed.js";
import { ACCOUNT } from "../../support/light-speed-login.js";

export const logger = pino({ level: "silent" });

export function settingsFor(
  { restUrl, mqttUrl }: { readonly restUrl: string; readonly mqttUrl: string },
  changes: Partial<LightSpeedSettings> = {},
): LightSpeedSettings {
  return {
    mqttUrl,
    restUrl,
    username: ACCOUNT.username,
    password: ACCOUNT.password,
    symbols: [instrumentSymbol("HPG")],
    indexes: ["VNINDEX"],
    indexTopic: "plaintext/quotes/krx/mdds/index/{name}",
    mqttVersion: 5,
    qos: 1,
    units: DNSE_UNITS,
    recordFile: undefined,
    ...changes,
  };
}

export interface RunningFeed {
  readonly feed: MarketFeed;
  readonly seen: FeedEvent[];
  ticks(): Tick[];
  notices(kind?: FeedNotice["notice"]): FeedNotice[];
  until(condition: () => boolean, what: string): Promise<void>;
  stop(): Promise<void>;
}

/** Reads a feed to the end, in the background. Its waits are a hundred times shorter than what it asks for. */
export function runFeed(settings: LightSpeedSettings, dependencies: Partial<LightSpeedDependencies> = {}): RunningFeed {
  const feed = createLightSpeedFeed(settings, { logger, random: () => 0.5, wait: hurriedWait, ...dependencies });
  const seen: FeedEvent[] = [];
  const abort = new AbortController();
  const reading = (async () => {
    for await (const batch of feed.events(abort.signal)) seen.push(...batch);
  })();
  const notices = (kind?: FeedNotice["notice"]) =>
    seen.filter((event) => event.kind === "notice").filter(({ notice }) => kind === undefined || notice === kind);
  return {
    feed,
    seen,
    ticks: () => seen.filter((event) => event.kind === "tick"),
    notices,
    until: async (condition, what) => {
      await vi.waitFor(
        () => {
          if (!condition()) {
            const last = notices().map(({ notice, message }) => `${notice}: ${message}`);
            throw new Error(`not seen: ${what}; notices: ${last.slice(-6).join(" | ")}`);
          }
        },
        { timeout: 15_000, interval: 5 },
      );
    },
    stop: async () => {
      abort.abort();
      await reading;
    },
  };
}

export async function hurriedWait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms / 100);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
