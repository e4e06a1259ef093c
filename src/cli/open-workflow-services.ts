import type { Logger } from "pino";
import type { Calendar } from "../engine/live-market/session-schedule.js";
import { keepFillingOrders } from "../server/broker/keep-filling-orders.js";
import type { ProcessRole } from "../server/live/live-services.js";
import { readNodeServiceSettings } from "../server/workflows/services/node-service-settings.js";
import { openNodeServices } from "../server/workflows/services/open-node-services.js";
import type { LiveBoard } from "../server/workflows/services/stored-market-data.js";
import { startWorkflowServices, type WorkflowServices } from "../server/workflows/workflow-services.js";
import { permissionsOf, readWorkflowPermissions } from "../server/workflows/workflow-settings.js";
import type { MarketBus } from "../shared-state/market-bus.js";
import type { Database } from "../store/database.js";
import type { CommandContext } from "./command-context.js";

interface WorkflowPart {
  readonly role: ProcessRole;
  readonly database: Database;
  readonly dataFolder: string;
  readonly bus: MarketBus;
  /** The live market of this process, for quotes that are not stored yet. */
  readonly board: LiveBoard | undefined;
  readonly calendar: Calendar;
  readonly logger: Logger;
}

/** Workflows as the environment configures them; a process that follows the feed alone has none. */
export async function openWorkflowServices(
  { environment, nowMs }: CommandContext,
  { role, database, dataFolder, bus, board, calendar, logger }: WorkflowPart,
): Promise<WorkflowServices | undefined> {
  if (role === "ingester") return undefined;
  const settings = readNodeServiceSettings(environment);
  readWorkflowPermissions(environment);
  const nodeServices = openNodeServices({ database, dataFolder, settings, live: board, calendar, nowMs });
  try {
    const services = await startWorkflowServices({
      isServing: role !== "worker",
      isWorking: role !== "api",
      database,
      nodeServices,
      bus,
      permissions: permissionsOf(environment),
      logger,
    });
    const filling = role === "api" ? undefined : keepFillingOrders(nodeServices.broker, logger);
    return {
      ...services,
      close: async () => {
        await filling?.stop();
        await services.close();
        await nodeServices.close();
      },
    };
  } catch (error) {
    await nodeServices.close();
    throw error;
  }
}
