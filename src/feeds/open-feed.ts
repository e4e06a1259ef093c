import type { Logger } from "pino";
import type { TradingDate } from "../engine/units/trading-date.js";
import { createLightSpeedFeed } from "./dnse-light-speed/light-speed-feed.js";
import { createDnseFeed } from "./dnse-open-api/dnse-feed.js";
import type { FeedsSettings } from "./feeds-settings.js";
import type { MarketFeed } from "./market-feed.js";
import { openFileTape } from "./replay/open-file-tape.js";
import { createReplayFeed } from "./replay/replay-feed.js";
import type { TickTape } from "./replay/tick-tape.js";
import { createSimulatedFeed } from "./simulated/simulated-feed.js";

export interface OpenFeedDependencies {
  readonly logger: Logger;
  /** What a replay without a file plays. */
  readonly storedTape: TickTape;
  /** The day of the demo market that the simulation plays. */
  readonly demoDay: TradingDate;
}

/**
 * The feed of the settings; `undefined` when there is none.
 * @throws FILE_NOT_FOUND and the like for a replayed file, RANGE_INVALID when nothing is stored to replay
 */
export async function openFeed(
  settings: FeedsSettings,
  { logger, storedTape, demoDay }: OpenFeedDependencies,
): Promise<MarketFeed | undefined> {
  switch (settings.kind) {
    case "dnse":
      return createDnseFeed(settings.dnse, { logger });
    case "dnse-mqtt":
      return createLightSpeedFeed(settings.lightSpeed, { logger });
    case "replay": {
      const { file, speed, units } = settings.replay;
      const source = file === undefined ? storedTape : await openFileTape(file, { units });
      const { fromMs } = await source.range();
      return createReplayFeed({ source, speed, startMs: fromMs }, { logger });
    }
    case "simulated":
      return createSimulatedFeed({ liveDay: demoDay }, { logger });
    case "off":
      return undefined;
  }
}
