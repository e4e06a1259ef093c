import { join } from "node:path";
import type { Calendar } from "../../../engine/live-market/session-schedule.js";
import type { NodeServices } from "../../../engine/workflow/node-services.js";
import type { Database } from "../../../store/database.js";
import { RecordingBroker } from "../../broker/recording-broker.js";
import { storedPaperMarket } from "../../broker/stored-paper-market.js";
import { AllowedHttp } from "./http/allowed-http.js";
import { StoredModels } from "./models/stored-models.js";
import { ModelsAndNews } from "./models-and-news.js";
import { NewsFiles } from "./news/news-files.js";
import { SimulatedNews } from "./news/simulated-news.js";
import type { NodeServiceSettings } from "./node-service-settings.js";
import { StoredDocuments } from "./stored-documents.js";
import { type LiveBoard, StoredMarketData } from "./stored-market-data.js";
import { StoredRecords } from "./stored-records.js";
import { StoredStudies } from "./stored-studies.js";

export interface NodeServicesOptions {
  readonly database: Database;
  /** Holds `inputs`, `models` and `news`; each may be missing. */
  readonly dataFolder: string;
  readonly settings: NodeServiceSettings;
  /** The live market of this process, where it has one. */
  readonly live?: LiveBoard | undefined;
  /** Trading days where the store does not know them; the shipped holidays unless given. */
  readonly calendar?: Calendar | undefined;
  /** The machine's clock unless given. */
  readonly nowMs?: () => number;
}

export interface OpenNodeServices extends NodeServices {
  readonly broker: RecordingBroker;
  /** Ends the thread of SQL; the database stays open. */
  close(): Promise<void>;
}

/** What workflows reach outside their graph, over the store and this machine. */
export function openNodeServices(options: NodeServicesOptions): OpenNodeServices {
  const { database, dataFolder, settings, live, calendar, nowMs = Date.now } = options;
  const marketData = new StoredMarketData({ database, live, calendar });
  const documents = new StoredDocuments({ database, dataFolder, marketData });
  const broker = new RecordingBroker({
    database,
    market: (session, dataset) => storedPaperMarket(session, dataset, marketData.liveQuotes(dataset)),
    startingCash: settings.paperCash,
    nowMs,
  });
  return {
    marketData,
    portfolio: broker,
    studies: new StoredStudies(database),
    documents,
    http: new AllowedHttp(settings.http),
    models: new ModelsAndNews({
      database,
      models: new StoredModels(join(dataFolder, "models")),
      news: { market: new NewsFiles(database, join(dataFolder, "news")), simulated: new SimulatedNews() },
    }),
    broker,
    records: new StoredRecords(database),
    close: () => documents.close(),
  };
}
