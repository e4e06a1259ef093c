import type { Command } from "commander";
import { ALIGNMENTS, type Alignment } from "../../engine/lead-lag/common-calendar.js";
import { laggedCorrelation } from "../../engine/lead-lag/lagged-correlation.js";
import type { CandleColumns } from "../../engine/market-data/candle-columns.js";
import type { CandleInterval } from "../../engine/market-data/candle-interval.js";
import { closingOffsets } from "../../engine/market-data/closing-offset.js";
import type { Dataset } from "../../engine/market-data/dataset.js";
import { inferInstrumentConventions } from "../../engine/market-data/instrument-conventions.js";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import type { PriceSeries } from "../../engine/market-data/price-series.js";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import type { Database } from "../../store/database.js";
import { readCandles } from "../../store/queries/candle-queries.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import { parseChoice, parseDate, parseInteger, parseInterval, parseSymbol } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { dateRange } from "../date-range.js";
import { textTable, writeJson } from "../output.js";
import { requireSymbol } from "../require-symbol.js";

interface CorrelateFlags {
  readonly source: InstrumentSymbol;
  readonly target: InstrumentSymbol;
  readonly minLag: number;
  readonly maxLag: number;
  readonly from?: TradingDate;
  readonly to?: TradingDate;
  readonly interval: CandleInterval;
  readonly align: Alignment;
  readonly json: boolean;
}

export function addCorrelateCommand(program: Command, context: CommandContext): void {
  program
    .command("correlate")
    .description("correlate the returns of two symbols over lags")
    .requiredOption("--source <symbol>", "the symbol that may lead", parseSymbol)
    .requiredOption("--target <symbol>", "the symbol that may follow", parseSymbol)
    .option("--min-lag <n>", "first lag; below zero the target leads", parseInteger({ min: -250, max: 250 }), 0)
    .option("--max-lag <n>", "last lag, in candles of the common calendar", parseInteger({ min: 0, max: 250 }), 30)
    .option("--from <date>", "first trading date of prices", parseDate)
    .option("--to <date>", "last trading date of prices, included", parseDate)
    .option("--interval <interval>", "1m, 5m, 15m, 30m, 1h or 1d", parseInterval, "1d" as CandleInterval)
    .option(
      "--align <method>",
      "inner: common dates; as-of: the source's last known close on each date of the target",
      parseChoice(ALIGNMENTS),
      "inner",
    )
    .option("--json", "print {source, target, from, to, interval, align, dataset, excluded, n, lags} as JSON", false)
    .addHelpText(
      "after",
      `
A lag of k pairs the source's log return with the target's log return k candles later.
band95 holds 95% of the correlations of independent series at one lag: with 31 lags, one or two fall outside by chance.

Example:
  quantflow correlate --source DCE.I --target HPG --from 2021-04-01 --to 2026-04-01 --json`,
    )
    .action(async (flags: CorrelateFlags) => {
      const result = await withDatabase(context, "correlate", (database) => correlate(database, flags));
      if (result.excluded !== "") context.stderr.write(`${result.excluded}.\n`);
      if (result.dataset === "simulated") context.stderr.write("simulated data\n");
      if (flags.json) {
        await writeJson(context.stdout, result);
        return;
      }
      const digits = (value: number) => value.toFixed(4);
      const rows = result.lags.map(({ lag, n, pearson, spearman, band95 }) => [
        lag,
        n,
        digits(pearson),
        digits(spearman),
        digits(band95),
        Math.abs(pearson) > band95 ? "outside" : "",
      ]);
      context.stdout.write(
        `${result.source} → ${result.target}, ${result.from} to ${result.to}, ${result.n} returns\n`,
      );
      context.stdout.write(textTable(["lag", "n", "Pearson", "Spearman", "±95%", ""], rows));
    });
}

async function correlate(database: Database, flags: CorrelateFlags) {
  const { source, target, interval, align, minLag, maxLag } = flags;
  const range = dateRange(flags);
  const dataset = await requireSymbol(database, source);
  await requireSymbol(database, target);
  const { from, to } = flags;
  const { candles, excluded } = await readCandles(database, {
    interval,
    dataset,
    symbols: [...new Set([source, target])],
    ...range,
  });
  const correlations = laggedCorrelation(closesOf(candles, source), closesOf(candles, target), {
    minLag,
    maxLag,
    align,
    ...(align === "as-of" ? await closingTimes(database, flags, dataset) : {}),
  });
  return {
    source,
    target,
    from: from ?? tradingDateOf(correlations.firstReturnMs),
    to: to ?? tradingDateOf(correlations.lastReturnMs),
    interval,
    align,
    dataset,
    excluded,
    n: correlations.n,
    lags: correlations.lags,
  };
}

function closesOf({ symbols, symbolCodes, openedAtMs, close }: CandleColumns, symbol: InstrumentSymbol): PriceSeries {
  const code = symbols.indexOf(symbol);
  const isOfSymbol = (_: number, row: number) => symbolCodes[row] === code;
  return { openedAtMs: openedAtMs.filter(isOfSymbol), prices: close.filter(isOfSymbol) };
}

/** When each candle of source and target is known; an intraday candle, at its end in both. */
async function closingTimes(database: Database, { source, target, interval }: CorrelateFlags, dataset: Dataset) {
  if (interval !== "1d") return {};
  const instruments = new Map((await listInstruments(database, dataset)).map((each) => [each.symbol, each]));
  const offsets = (symbol: InstrumentSymbol) => {
    const { closeTime, closeTimeZone } = instruments.get(symbol) ?? inferInstrumentConventions(symbol);
    return closeTime === undefined || closeTimeZone === undefined
      ? undefined
      : closingOffsets({ closeTime, closeTimeZone });
  };
  return {
    sourceClosesAfterMs: offsets(source)?.latestMs ?? MS_PER_DAY,
    targetClosesAfterMs: offsets(target)?.earliestMs ?? MS_PER_DAY,
  };
}
