import { pino } from "pino";
import { describe } from "vitest";
import type { InstrumentSymbol } from "../../../src/engine/market-data/instrument-symbol.js";
import { createDnseFeed } from "../../../src/feeds/dnse-open-api/dnse-feed.js";
import { startDnseOpenApiServer } from "../../support/dnse-open-api-server.js";
import { standInSettings } from "../../support/dnse-open-api-settings.js";
import { describeMarketFeed, type FeedUnderTest } from "../market-feed-suite.js";

const logger = pino({ level: "silent" });
const HPG = "HPG" as InstrumentSymbol;

async function feedOnStandIn(encoding: "json" | "msgpack"): Promise<FeedUnderTest> {
  const server = await startDnseOpenApiServer();
  const feed = createDnseFeed(standInSettings(server, { encoding }), { logger });
  const beganAtMs = Date.now() - 60_000;
  let sent = 0;
  for (let index = 0; index < 5; index++)
    server.makeTick({ symbol: HPG, quantity: 100, timeMs: beganAtMs + index * 1_000 });
  return {
    feed,
    send: async (count) => {
      await server.untilSubscribed("tick.T6");
      for (let index = 0; index < count; index++) {
        sent += 1;
        server.publishTick({ symbol: HPG, quantity: 100, price: 24_350, timeMs: beganAtMs + 10_000 + sent });
      }
    },
    query: {
      symbol: HPG,
      board: "G1",
      fromMs: beganAtMs,
      toMs: beganAtMs + 4_000,
      cumulativeVolumeBefore: 0,
    },
    close: () => server.close(),
  };
}

describe("createDnseFeed(settings, dependencies)", () => {
  for (const encoding of ["json", "msgpack"] as const) {
    describeMarketFeed(`the feed of DNSE's stream in ${encoding}`, () => feedOnStandIn(encoding), {
      prices: [24_350, 24_350],
    });
  }
});
