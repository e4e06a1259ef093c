import type { Command } from "commander";
import { MS_PER_DAY } from "../../engine/units/epoch-ms.js";
import { listCandleExtents } from "../../store/queries/candle-extents.js";
import { activeDataset } from "../../store/queries/data-version.js";
import { listInstruments } from "../../store/queries/instrument-queries.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { textTable, writeJson } from "../output.js";

export function addSymbolsCommand(program: Command, context: CommandContext): void {
  program
    .command("symbols")
    .description("list the symbols with candles")
    .option("--json", "print {dataset, symbols} as JSON", false)
    .addHelpText("after", "\nExamples:\n  quantflow symbols\n  quantflow symbols --json")
    .action(async ({ json }: { json: boolean }) => {
      const { dataset, symbols } = await withDatabase(context, "symbols", async (database) => {
        const dataset = await activeDataset(database);
        const instruments = new Map((await listInstruments(database, dataset)).map((each) => [each.symbol, each]));
        const extents = await listCandleExtents(database, dataset);
        const symbols = extents.map(({ symbol, firstDay, lastDate, candleCount }) => ({
          symbol,
          name: instruments.get(symbol)?.name ?? symbol,
          assetClass: instruments.get(symbol)?.assetClass ?? "other",
          exchange: instruments.get(symbol)?.exchange ?? null,
          sector: instruments.get(symbol)?.sector ?? null,
          currency: instruments.get(symbol)?.currency ?? "XXX",
          first: new Date(firstDay * MS_PER_DAY).toISOString().slice(0, 10),
          last: lastDate,
          candles: candleCount,
        }));
        return { dataset, symbols };
      });
      if (json) {
        await writeJson(context.stdout, { dataset, symbols });
        return;
      }
      if (symbols.length === 0) {
        context.stdout.write("No candles are stored: quantflow import <files> or quantflow demo load brings some.\n");
        return;
      }
      if (dataset === "simulated") context.stdout.write("simulated data\n");
      const rows = symbols.map((each) => [
        each.symbol,
        each.name,
        each.assetClass,
        each.exchange ?? "",
        each.first,
        each.last,
        each.candles,
      ]);
      context.stdout.write(textTable(["symbol", "name", "class", "exchange", "first", "last", "candles"], rows));
    });
}
