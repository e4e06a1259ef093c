import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { WorkbenchError } from "../../engine/errors.js";
import type { CandleInterval } from "../../engine/market-data/candle-interval.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { readCandles } from "../../store/queries/candle-queries.js";
import { listSourcesOf } from "../../store/queries/import-batch-queries.js";
import { parseChoice, parseDate, parseInterval, parseSymbol } from "../arguments.js";
import { CANDLE_FORMATS, type CandleFormat, formatCandles } from "../candle-formats.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { dateRange } from "../date-range.js";
import { write } from "../output.js";
import { requireSymbol } from "../require-symbol.js";

interface CandleFlags {
  readonly from?: TradingDate;
  readonly to?: TradingDate;
  readonly interval: CandleInterval;
  readonly format: CandleFormat;
  readonly json: boolean;
  readonly output?: string;
}

export function addCandlesCommand(program: Command, context: CommandContext): void {
  program
    .command("candles")
    .description("print the candles of a symbol")
    .argument("<symbol>", "the symbol", parseSymbol)
    .option("--from <date>", "first trading date", parseDate)
    .option("--to <date>", "last trading date, included", parseDate)
    .option("--interval <interval>", "1m, 5m, 15m, 30m, 1h or 1d", parseInterval, "1d" as CandleInterval)
    .option("--format <format>", CANDLE_FORMATS.join(", "), parseChoice(CANDLE_FORMATS), "csv")
    .option("--json", "the same as --format json", false)
    .option("--output <file>", "write to a file instead of standard output")
    .addHelpText(
      "after",
      `
Examples:
  quantflow candles HPG --from 2026-01-01
  quantflow candles VN30F1M --interval 15m --format parquet --output vn30f1m.parquet`,
    )
    .action(async (symbol: InstrumentSymbol, flags: CandleFlags) => {
      const { interval, output } = flags;
      const range = dateRange(flags);
      const content = await withDatabase(context, "candles", async (database) => {
        const dataset = await requireSymbol(database, symbol);
        const { candles, excluded } = await readCandles(database, {
          interval,
          dataset,
          symbols: [symbol],
          ...range,
        });
        const source = (await listSourcesOf(database, symbol, dataset)).join(", ");
        if (excluded !== "") context.stderr.write(`${excluded}.\n`);
        if (dataset === "simulated") context.stderr.write("simulated data\n");
        return formatCandles(
          candles,
          { symbol, interval, dataset, source, excluded },
          flags.json ? "json" : flags.format,
        );
      });
      if (output === undefined) await write(context.stdout, content);
      else await writeOutput(output, content);
    });
}

async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (cause) {
    throw new WorkbenchError(
      "ARGUMENT_INVALID",
      `invalid --output: ${path} (accepted: a file that can be written; ${(cause as Error).message})`,
      { cause },
    );
  }
}
