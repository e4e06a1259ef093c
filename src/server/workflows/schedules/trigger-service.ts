import type { Logger } from "pino";
import { MS_PER_SECOND } from "../../../engine/units/epoch-ms.js";
import type { NodeCatalogue } from "../../../engine/workflow/node-type.js";
import type { MarketBus } from "../../../shared-state/market-bus.js";
import type { TriggerDispatcher, TriggerFiring } from "../trigger-dispatcher.js";
import { type ActiveTrigger, type ActiveWorkflows, readActiveTriggers, triggerKey } from "./active-triggers.js";
import { fireSchedules, type WatchedTime } from "./cron-watch.js";
import { fireIncidents, type IncidentSource } from "./incident-watch.js";
import { MarketTriggers } from "./market-triggers.js";
import { fireTrigger } from "./trigger-firer.js";
import type { TriggerPositions } from "./trigger-positions.js";
import { unbrokenWatch } from "./unbroken-watch.js";

/** Firings of the market that wait for the database; older ones give way. */
const MOST_WAITING = 10_000;

export interface TriggerServiceOptions {
  readonly source: ActiveWorkflows;
  readonly catalogue: NodeCatalogue;
  readonly positions: TriggerPositions;
  readonly incidents: IncidentSource;
  readonly dispatcher: TriggerDispatcher;
  /** Where this process hears of the market. */
  readonly bus: Pick<MarketBus, "subscribe">;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

export interface TriggerService {
  /** What keeps triggers from being watched, for `/ready`. */
  problems(): readonly string[];
  close(): Promise<void>;
}

/** Watches what active workflows wait for. Several processes may: an occurrence starts one run, whoever brings it. */
export function startTriggerService(options: TriggerServiceOptions): TriggerService {
  const { bus, dispatcher, logger, nowMs } = options;
  const market = new MarketTriggers();
  const waiting: TriggerFiring[] = [];
  let problem: string | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  const send = async () => {
    while (waiting.length > 0 && (await fireTrigger(dispatcher, waiting[0]!, logger))) waiting.shift();
    sending = undefined;
  };
  const unsubscribe = bus.subscribe((message) => {
    waiting.push(...market.take(message));
    if (waiting.length > MOST_WAITING) {
      const lost = waiting.splice(0, waiting.length - MOST_WAITING);
      logger.error({ lost: lost.length }, "firings of the market were given up: the database is out of reach");
    }
    if (waiting.length > 0) sending ??= send();
  });

  const look = async () => {
    try {
      market.watch(await lookOnce(options, watch()));
      problem = undefined;
    } catch (error) {
      problem = (error as Error).message;
      logger.warn({ err: error }, "triggers were not looked at");
    }
  };
  const watch = unbrokenWatch({ nowMs, uptimeMs: () => performance.now() });
  let looking = Promise.resolve();
  const lookAtTheSecond = () => {
    if (isClosed) return;
    const untilNextSecondMs = MS_PER_SECOND - (nowMs() % MS_PER_SECOND);
    timer = setTimeout(() => {
      looking = look().then(lookAtTheSecond);
    }, untilNextSecondMs);
  };
  looking = look().then(lookAtTheSecond);

  return {
    problems: () => (problem === undefined ? [] : [`workflow triggers: ${problem}`]),
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      unsubscribe();
      await looking;
      await sending;
    },
  };
}

/** Fires what is due, and returns all triggers that are active now. */
async function lookOnce(options: TriggerServiceOptions, time: WatchedTime): Promise<readonly ActiveTrigger[]> {
  const { source, catalogue, positions, incidents, dispatcher, logger } = options;
  const triggers = await readActiveTriggers(source, catalogue, logger);
  const stored = await positions.read();
  const active = new Set(triggers.map(triggerKey));
  const ended = stored.filter((position) => !active.has(triggerKey(position)));
  if (ended.length > 0) await positions.remove(ended);
  const watch = { positions, dispatcher, logger };
  const ofKind = (kind: ActiveTrigger["condition"]["kind"]) =>
    triggers.filter(({ condition }) => condition.kind === kind);
  await fireSchedules(ofKind("cron"), stored, watch, time);
  await fireIncidents(ofKind("incident"), stored, { ...watch, incidents });
  return triggers;
}
