import type { SessionChange } from "../../engine/live-market/market-event.js";
import type { DnseContext } from "./dnse-context.js";
import { readBoard, readMarket, readProductGroup } from "./dnse-enums.js";
import { readSessionPhase } from "./dnse-session.js";
import { type DnsePayload, InvalidField, present, spellingOf } from "./payload-fields.js";
import { readEventTime } from "./read-tick.js";

const GROUP_FIELDS = ["tscProdGrpId", "productGrpId"] as const;

/** A board that changed its session, under the exchange's name here: `HOSE`, `HNX`, `UPCOM`, `HNX_DER`. @throws InvalidField */
export function readSessionChange(payload: DnsePayload, context: DnseContext): SessionChange {
  const eventTimeMs = readEventTime(payload, context);
  const phase = readSessionPhase("tradingSessionId", payload.tradingSessionId, eventTimeMs);
  if (phase === undefined) throw new InvalidField("tradingSessionId", undefined, "a session such as 40");
  const board = present(payload, ["boardId"]);
  return {
    kind: "session",
    market: readExchange(payload),
    board: board === undefined || board === "" ? context.board : readBoard("boardId", board),
    phase,
    eventTimeMs,
    receivedAtMs: context.receivedAtMs,
  };
}

function readExchange(payload: DnsePayload): string {
  const market = present(payload, ["marketId"]);
  if (market !== undefined && market !== "") return readMarket("marketId", market).exchange;
  return readProductGroup(spellingOf(payload, GROUP_FIELDS), present(payload, GROUP_FIELDS)).exchange;
}
