import type { DuckDBClient, DuckDBConnection } from "npm:@observablehq/duckdb";
import { inAddress } from "../controls/address-state.js";
import { element } from "../element.js";
import { formatNumber } from "../format/number-format.js";
import { errorState, loadingState } from "../frame/state-block.js";
import type { LiveMarket } from "../live/live.js";
import { liveFace } from "../live/live-face.js";
import { whileShown } from "../live/shown-element.js";
import { EXAMPLE_QUERIES } from "./example-queries.js";
import { PastHour, pastInWords } from "./past-hour.js";
import { resultView } from "./result-view.js";
import { runQuery } from "./run-query.js";
import { sqlEditor } from "./sql-editor.js";
import { TICK_COLUMNS, TickTable } from "./tick-table.js";

export interface StoredTable {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

/**
 * SQL over what the page holds: the stored tables, and the last hour of the stream where there is one. Whatever a
 * query does, the page stays: what the database says of it is shown in the place of the result.
 */
export function exploreView(
  live: LiveMarket,
  {
    database,
    tables,
    until,
  }: { database: Promise<DuckDBClient>; tables: readonly StoredTable[]; until: Promise<unknown> },
): HTMLElement {
  const stored = EXAMPLE_QUERIES.find(({ isLive }) => !isLive);
  const editor = sqlEditor(stored ?? EXAMPLE_QUERIES[0] ?? { label: "", isLive: false, sql: "" });
  const place = element(
    "div",
    { class: "query-place", "aria-live": "polite" },
    loadingState("the database of this page", 120),
  );
  const ticksLine = element("li", {});
  let running: AbortController | undefined;
  const opened = open();
  editor.onRun((sql) => void run(sql));
  editor.onCancel(() => running?.abort());
  inAddress("sql", editor.control);
  opened.then(
    () => run(editor.control.value),
    (error: unknown) => place.replaceChildren(failure("The database of this page did not start", error)),
  );
  return element("div", { class: "explore" }, tableList(tables, ticksLine), editor.control, place);

  async function open(): Promise<DuckDBConnection> {
    const client = await database;
    const ticks = new TickTable(await client._db.connect());
    await ticks.open();
    ticks.follow(live);
    const past = new PastHour(live, ticks);
    past.follow();
    void until.then(() => {
      past.close();
      ticks.close();
    });
    const show = () => {
      const isLive = liveFace(live.state.value, Date.now()) !== undefined;
      const what = isLive
        ? `${formatNumber(ticks.rows, 0)} rows of the last hour${pastInWords(past.progress)}`
        : NO_STREAM;
      ticksLine.replaceChildren(
        element("code", {}, "ticks"),
        ` ${what}: `,
        element("span", { class: "muted" }, TICK_NAMES),
      );
    };
    ticks.onWrite(show);
    past.onProgress(show);
    whileShown<unknown>(ticksLine, (listener) => live.state.follow(listener), show);
    return client._db.connect();
  }

  async function run(sql: string): Promise<void> {
    running?.abort();
    const own = new AbortController();
    running = own;
    editor.showRunning(true);
    try {
      const connection = await opened;
      const result = await runQuery(connection, sql, own.signal);
      if (running === own) place.replaceChildren(resultView(result));
    } catch (error) {
      if (running === own) place.replaceChildren(failure("The query has no result", error));
    } finally {
      if (running === own) editor.showRunning(false);
    }
  }
}

const NO_STREAM = "empty: no stream comes to this page";
const TICK_NAMES = TICK_COLUMNS.split(", ")
  .map((column) => column.split(" ")[0])
  .join(", ");

function tableList(tables: readonly StoredTable[], ticksLine: HTMLElement): HTMLElement {
  return element(
    "details",
    { class: "explore-tables", open: true },
    element("summary", {}, "Tables"),
    element(
      "ul",
      {},
      ticksLine,
      tables.map(({ name, rows, columns }) =>
        element(
          "li",
          {},
          element("code", {}, name),
          ` ${formatNumber(rows, 0)} rows: `,
          element("span", { class: "muted" }, columns.join(", ")),
        ),
      ),
    ),
  );
}

function failure(title: string, error: unknown): HTMLElement {
  const message = error instanceof Error ? error.message : String(error);
  return errorState({
    title,
    kept: message,
    action: "The query stands above as it was. The tables are not changed.",
    code: message === "the query was cancelled" ? "CANCELLED" : "SQL",
  });
}
