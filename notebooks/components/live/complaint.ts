import type { ServerMessage } from "../../contracts/live-protocol.js";
import { formatInstant } from "../format/time-format.js";

/** What the server could not do, in words for whoever reads the page. */
export function complaintInWords({ code, message, details = {} }: ServerMessage & { type: "error" }): string {
  switch (code) {
    case "RANGE_INVALID": {
      if (details.problem !== "no trades") return "That time is outside of the stretch that is replayed.";
      const { storedFromMs, storedToMs } = details;
      const stored =
        typeof storedFromMs === "number" && typeof storedToMs === "number"
          ? `Trades are stored from ${formatInstant(storedFromMs)} to ${formatInstant(storedToMs)}, on the days that were followed.`
          : "None are stored yet: they are as soon as a feed was followed.";
      return `There are no trades to replay on that day. ${stored}`;
    }
    case "RATE_LIMITED":
      return "Too much was asked for at once: try again in a moment.";
    case "DATABASE_UNREACHABLE":
      return "The database does not answer: try again in a moment.";
    default:
      return message;
  }
}
