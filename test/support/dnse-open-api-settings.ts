import type { InstrumentSymbol } from "../../src/engine/market-data/instrument-symbol.js";
import { DNSE_UNITS } from "../../src/feeds/dnse/dnse-units.js";
import type { DnseOpenApiSettings } from "../../src/feeds/feeds-settings.js";
import type { DnseOpenApiServer } from "./dnse-open-api-server.js";

/** Settings that point the feed at a stand-in: a few symbols, all boards. */
export function standInSettings(
  server: Pick<DnseOpenApiServer, "wsUrl" | "restUrl" | "key" | "secret">,
  changes: Partial<DnseOpenApiSettings> = {},
): DnseOpenApiSettings {
  const encoding = changes.encoding ?? "json";
  return {
    wsUrl: server.wsUrl,
    restUrl: server.restUrl,
    apiKey: server.key,
    apiSecret: server.secret,
    symbols: ["HPG", "FPT", "41I1G6000"] as InstrumentSymbol[],
    boards: ["G1", "G3", "G4", "T1", "T3", "T4", "T6"],
    indexes: ["VNINDEX"],
    productGroups: ["STO"],
    tickChannel: "tick",
    encoding,
    channelSuffix: encoding,
    dateHeader: "Date",
    dateZone: "+0000",
    apiVersion: "2026-05-07",
    tradesTimeZone: "auto",
    units: DNSE_UNITS,
    recordFile: undefined,
    ...changes,
  };
}
