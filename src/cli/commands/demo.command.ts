import type { Command } from "commander";
import { DEMO_SEED } from "../../engine/simulated-market/simulate-market.js";
import { epochMs } from "../../engine/units/epoch-ms.js";
import type { TradingDate } from "../../engine/units/trading-date.js";
import { loadDemoMarket, removeDemoMarket, storeCalendarFacts } from "../../import/demo-market.js";
import { seedValueChain } from "../../import/value-chain/seed-value-chain.js";
import { parseDate, parseInteger } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { lastCompletedTradingDate } from "../demo-end-date.js";
import { writeJson } from "../output.js";

export function addDemoCommand(program: Command, context: CommandContext): void {
  const demo = program.command("demo").description("the simulated market that pages show until real data is imported");

  demo
    .command("load")
    .description("make the simulated market, or make it anew")
    .option("--until <date>", "last date (default: the last completed trading day)", parseDate)
    .option("--seed <n>", "another seed gives another market", parseInteger({ min: 0, max: 2 ** 32 - 1 }), DEMO_SEED)
    .option("--json", "print {dailyCandles, minuteCandles, endDate} as JSON", false)
    .addHelpText("after", "\nExamples:\n  quantflow demo load\n  quantflow demo load --until 2026-06-30 --seed 7")
    .action(async ({ until, seed, json }: { until?: TradingDate; seed: number; json: boolean }) => {
      const report = await withDatabase(context, "demo load", async (database) => {
        await storeCalendarFacts(database);
        const endDate = until ?? lastCompletedTradingDate(context.nowMs());
        const demo = await loadDemoMarket(database, { endDate, seed });
        await seedValueChain(database, { nowMs: epochMs(context.nowMs()), onlyIfNew: true });
        return demo;
      });
      const { dailyCandles, minuteCandles, endDate } = report;
      if (json) await writeJson(context.stdout, report);
      else
        context.stdout.write(
          `Simulated market until ${endDate}: ${dailyCandles} daily and ${minuteCandles} minute candles.\n`,
        );
    });

  demo
    .command("remove")
    .description("delete the simulated market")
    .option("--json", "print {removed} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow demo remove")
    .action(async ({ json }: { json: boolean }) => {
      const removed = await withDatabase(context, "demo remove", removeDemoMarket);
      if (json) await writeJson(context.stdout, { removed });
      else context.stdout.write(`${removed.toLocaleString("en-US")} simulated candles deleted.\n`);
    });
}
