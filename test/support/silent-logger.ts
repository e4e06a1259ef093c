import { type Logger, pino } from "pino";

export function silentLogger(): Logger {
  return pino({ level: "silent" });
}
