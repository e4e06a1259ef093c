import type { Command } from "commander";
import type { InstrumentSymbol } from "../../engine/market-data/instrument-symbol.js";
import { type TradingDate, tradingDateOf } from "../../engine/units/trading-date.js";
import { FEED_NAMES } from "../../feeds/market-feed.js";
import { auditFeedDay, datasetsOfDay, lastFeedDate } from "../../store/queries/feed-audit.js";
import { listFeedGaps } from "../../store/queries/feed-gaps.js";
import { listIncidents } from "../../store/queries/feed-incidents.js";
import { listFeedStates } from "../../store/queries/feed-records.js";
import { listSpoolPositions } from "../../store/queries/feed-spool-positions.js";
import { parseDate, parseSymbol } from "../arguments.js";
import { type CommandContext, withDatabase } from "../command-context.js";
import { EXIT } from "../exit-codes.js";
import { textTable, writeJson } from "../output.js";

/** Rows of each list that `feed status` shows. */
const SHOWN = 20;

interface AuditFlags {
  readonly date?: TradingDate;
  readonly symbol?: InstrumentSymbol;
  readonly json: boolean;
}

export function addFeedCommand(program: Command, context: CommandContext): void {
  const feed = program.command("feed").description("what a live feed brought, and how it is doing");

  feed
    .command("audit")
    .description("prove what became of every tick of a day; exit code 4 when something is missing")
    .option("--date <date>", "trading date (default: the last on which a tick came)", parseDate)
    .option("--symbol <symbol>", "only this symbol", parseSymbol)
    .option("--json", "print {date, dataset, verdict, symbols} as JSON", false)
    .addHelpText(
      "after",
      "\nExamples:\n  quantflow feed audit\n  quantflow feed audit --date 2026-11-20 --symbol HPG --json",
    )
    .action((flags: AuditFlags) => audit(context, flags));

  feed
    .command("status", { isDefault: true })
    .description("last states of the feeds, open incidents and gaps, how far the spool is stored")
    .option("--json", "print {feeds, incidents, gaps, spools} as JSON", false)
    .addHelpText("after", "\nExample:\n  quantflow feed status --json")
    .action((flags: { json: boolean }) => status(context, flags));
}

async function audit(context: CommandContext, { date, symbol, json }: AuditFlags): Promise<void> {
  const { tradingDate, dataset, rows } = await withDatabase(context, "feed audit", async (database) => {
    const tradingDate = date ?? (await lastFeedDate(database)) ?? tradingDateOf(context.nowMs());
    const [dataset = "market"] = await datasetsOfDay(database, tradingDate);
    return { tradingDate, dataset, rows: await auditFeedDay(database, { dataset, tradingDate, symbol }) };
  });
  const verdict = rows.find((row) => row.verdict !== "complete")?.verdict ?? "complete";
  if (verdict !== "complete") process.exitCode = EXIT.found;
  if (json) {
    await writeJson(context.stdout, { date: tradingDate, dataset, verdict, symbols: rows });
    return;
  }
  if (rows.length === 0) {
    context.stdout.write(`No tick of ${tradingDate} was received.\n`);
    return;
  }
  if (dataset === "simulated") context.stdout.write("simulated data\n");
  context.stdout.write(
    textTable(
      [
        "symbol",
        "board",
        "received",
        "stored",
        "duplicates",
        "rejected",
        "backfilled",
        "gaps",
        "filled",
        "missing",
        "",
      ],
      rows.map((row) => [
        row.symbol === "" ? "(unreadable)" : row.symbol,
        row.board,
        row.received,
        row.stored,
        row.duplicates,
        row.rejected,
        row.backfilled,
        row.gapsFound,
        row.gapsFilled,
        row.missingVolume,
        row.verdict,
      ]),
    ),
  );
  context.stdout.write(
    verdict === "complete"
      ? `Complete: the stored ticks of ${tradingDate} account for all volume up to the last of them.\n`
      : `Not complete: ${rows.filter((row) => row.verdict !== "complete").length} of ${rows.length} rows are not.\n`,
  );
}

async function status(context: CommandContext, { json }: { json: boolean }): Promise<void> {
  const { states, incidents, gaps, spools } = await withDatabase(context, "feed status", async (database) => ({
    states: (await Promise.all(FEED_NAMES.map((feed) => listFeedStates(database, { feed, limit: 1 })))).flat(),
    incidents: await listIncidents(database, { isOpen: true, limit: SHOWN }),
    gaps: await listFeedGaps(database, { isOpen: true, limit: SHOWN }),
    spools: await listSpoolPositions(database, SHOWN),
  }));
  if (json) {
    await writeJson(context.stdout, {
      feeds: states.map(({ feed, state, reason, sinceMs, lastEventTimeMs, recordedAtMs }) => ({
        feed,
        state,
        reason,
        since: instant(sinceMs),
        lastEventTime: lastEventTimeMs === undefined ? null : instant(lastEventTimeMs),
        recordedAt: instant(recordedAtMs),
      })),
      incidents: incidents.map(({ id, kind, severity, subject, message, openedAtMs }) => ({
        id,
        kind,
        severity,
        subject,
        message,
        openedAt: instant(openedAtMs),
      })),
      gaps: gaps.map(({ id, feed, symbol, board, tradingDate, cause, missingVolume, filledVolume, note }) => ({
        id,
        feed,
        symbol,
        board,
        date: tradingDate,
        cause,
        missingVolume,
        filledVolume,
        note,
      })),
      spools: spools.map(({ spoolId, segment, offset, drainedAtMs }) => ({
        spool: spoolId,
        segment,
        offset,
        drainedAt: instant(drainedAtMs),
      })),
    });
    return;
  }
  const { stdout } = context;
  if (states.length === 0) stdout.write("No feed has been taken yet.\n");
  for (const { feed, state, reason, sinceMs } of states) {
    stdout.write(`${feed}: ${state} since ${instant(sinceMs)} (${reason})\n`);
  }
  stdout.write(incidents.length === 0 ? "No incident is open.\n" : "Open incidents:\n");
  for (const { id, kind, severity, message, openedAtMs } of incidents) {
    stdout.write(`  ${id} ${severity} ${kind} since ${instant(openedAtMs)}: ${message}\n`);
  }
  stdout.write(gaps.length === 0 ? "No gap is open.\n" : "Open gaps:\n");
  for (const { symbol, board, tradingDate, missingVolume, filledVolume, note } of gaps) {
    stdout.write(
      `  ${symbol} ${board} ${tradingDate}: ${missingVolume - filledVolume} missing (${note || "not tried yet"})\n`,
    );
  }
  for (const { segment, offset, drainedAtMs } of spools.slice(0, 1)) {
    stdout.write(`Spool stored up to byte ${offset} of segment ${segment}, at ${instant(drainedAtMs)}.\n`);
  }
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
