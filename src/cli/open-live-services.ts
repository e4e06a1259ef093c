import { join } from "node:path";
import type { Logger } from "pino";
import { WorkbenchError } from "../engine/errors.js";
import type { Dataset } from "../engine/market-data/dataset.js";
import { type FeedsSettings, readFeedsSettings } from "../feeds/feeds-settings.js";
import { openFeed } from "../feeds/open-feed.js";
import { liveDemoDay } from "../feeds/simulated/simulated-feed.js";
import { readIngestionSettings } from "../ingestion/ingestion-settings.js";
import { openMarketCalendar } from "../ingestion/market-calendar.js";
import { type LiveServices, type ProcessRole, startLiveServices } from "../server/live/live-services.js";
import { storedTape } from "../server/live/replay-session.js";
import { databaseRunHistory } from "../server/workflows/database-run-store.js";
import { RunStream } from "../server/workflows/run-stream.js";
import type { WorkflowServices } from "../server/workflows/workflow-services.js";
import { openSharedState } from "../shared-state/open-shared-state.js";
import { readSharedStateSettings } from "../shared-state/shared-state-settings.js";
import type { Database } from "../store/database.js";
import { readDatabaseSettings } from "../store/database-settings.js";
import { READ_LIMITS, withDeadline } from "../store/deadline.js";
import { type DatabaseSettings, openReserved } from "../store/open-database.js";
import { activeDataset } from "../store/queries/data-version.js";
import type { CommandContext } from "./command-context.js";
import { lastCompletedTradingDate } from "./demo-end-date.js";
import { openWorkflowServices } from "./open-workflow-services.js";

/** Storing, candles, gaps, incidents and recovery at once, and one to spare. */
const INGESTION_CONNECTIONS = 6;

interface LivePart {
  readonly role: ProcessRole;
  readonly database: Database;
  readonly dataFolder: string;
  readonly logger: Logger;
}

export interface OpenServices extends LiveServices {
  /** Undefined in a process that only follows the feed. */
  readonly workflows: WorkflowServices | undefined;
}

/** The live market and workflows as the environment configures them. Closing them closes what is shared, too. */
export async function openLiveServices(context: CommandContext, part: LivePart): Promise<OpenServices> {
  const { environment, nowMs } = context;
  const { role, database, dataFolder, logger } = part;
  const settings = feedOf(context, await activeDataset(database));
  const { databaseUrl } = readDatabaseSettings(environment, { projectRoot: context.projectRoot });
  const sharedState = await openSharedState(readSharedStateSettings(environment).redisUrl, { logger });
  let reserved: Awaited<ReturnType<typeof openReserved>> | undefined;
  let live: LiveServices | undefined;
  let runStream: RunStream | undefined;
  try {
    reserved = await openReserved(database, { databaseUrl, connections: INGESTION_CONNECTIONS });
    const forIngestion = reserved;
    const feed =
      role === "api" || role === "worker"
        ? undefined
        : await openFeed(settings, {
            logger,
            storedTape: storedTape(withDeadline(database, READ_LIMITS), "market"),
            demoDay: liveDemoDay(lastCompletedTradingDate(nowMs()), nowMs()),
          });
    runStream = new RunStream(databaseRunHistory(database), logger);
    const calendar = await openMarketCalendar({ database, feed, logger });
    live = await startLiveServices({
      role,
      feed,
      database,
      ingestionDatabase: forIngestion.database,
      sharedState,
      calendar,
      spoolFolder: join(dataFolder, "spool"),
      channels: runStream,
      ingestion: readIngestionSettings(environment),
      logger,
    });
    const workflows = await openWorkflowServices(context, {
      ...part,
      bus: sharedState.bus,
      board: live.market,
      calendar,
    });
    const opened = live;
    return {
      ...opened,
      workflows,
      problems: () => [...opened.problems(), ...(workflows?.problems() ?? [])],
      close: async () => {
        await workflows?.close();
        await opened.close();
        await runStream?.close();
        await forIngestion.close();
        await sharedState.close();
      },
    };
  } catch (error) {
    await live?.close();
    await runStream?.close();
    await reserved?.close();
    await sharedState.close();
    throw error;
  }
}

/** `FEED`; when it is not set, the demo market moves and a market of imported files stands still. */
function feedOf({ environment }: CommandContext, shown: Dataset): FeedsSettings {
  const FEED = environment.FEED?.trim() || (shown === "simulated" ? "simulated" : "off");
  return readFeedsSettings({ ...environment, FEED });
}

/** Processes with parts of their own meet in a database server and in Redis. @throws CONFIGURATION_INVALID */
export function requireSharedParts(
  role: ProcessRole,
  environment: CommandContext["environment"],
  { databaseUrl }: Pick<DatabaseSettings, "databaseUrl">,
): void {
  if (role === "all") return;
  const needs = [
    ...(databaseUrl === undefined ? ["DATABASE_URL"] : []),
    ...(readSharedStateSettings(environment).redisUrl === undefined ? ["REDIS_URL"] : []),
  ];
  if (needs.length === 0) return;
  throw new WorkbenchError(
    "CONFIGURATION_INVALID",
    `missing ${needs.join(" and ")}: --role ${role} shares its data with other processes (accepted: the addresses of a PostgreSQL server and of Redis, or --role all)`,
    { details: { names: needs } },
  );
}
