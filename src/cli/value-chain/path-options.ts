import type { Command } from "commander";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { DEFAULT_ATTENUATION } from "../../engine/value-chain/path-effect.js";
import { DEFAULT_MAX_LENGTH, DEFAULT_MAX_PATHS, LARGEST_MAX_LENGTH } from "../../engine/value-chain/simple-paths.js";
import type { ValueChainNodeId } from "../../engine/value-chain/value-chain.js";
import { parseDate, parseInteger, parseNumber } from "../arguments.js";

export interface PathFlags {
  readonly asOf?: TradingDate;
  readonly maxLength: number;
  readonly maxPaths: number;
  readonly json: boolean;
}

export interface EffectFlags extends PathFlags {
  readonly attenuation: number;
  readonly assumedOnly: boolean;
}

/** Ids are lower case; whether a node is there, the graph says. */
export function parseNodeId(text: string): ValueChainNodeId {
  return text.toLowerCase() as ValueChainNodeId;
}

export function withPathOptions(command: Command): Command {
  const length = parseInteger({ min: 1, max: LARGEST_MAX_LENGTH });
  const count = parseInteger({ min: 1, max: 1_000_000 });
  return command
    .option("--as-of <date>", "the graph of this day (default: today)", parseDate)
    .option("--max-length <n>", "most edges of a path", length, DEFAULT_MAX_LENGTH)
    .option("--max-paths <n>", "most paths in all, shorter ones first", count, DEFAULT_MAX_PATHS);
}

export function withEffectOptions(command: Command): Command {
  return withPathOptions(command)
    .option(
      "--attenuation <share>",
      "share of an effect that each further step passes on",
      parseNumber({ min: 0, max: 1 }),
      DEFAULT_ATTENUATION,
    )
    .option("--assumed-only", "take no beta from prices", false);
}
