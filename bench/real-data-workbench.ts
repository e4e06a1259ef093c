import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Bench, BenchContext } from "./harness/bench.js";
import { secondsUntil, withChromium } from "./harness/page-timing.js";
import { processMemory } from "./harness/process-memory.js";
import { copyProject, type ProjectCopy } from "./harness/project-copy.js";
import type { BenchResult, LimitResult } from "./harness/result.js";
import { timed } from "./harness/take-turns.js";
import { quantflow, startWorkbench, type WorkbenchProcess } from "./harness/workbench-process.js";

const FILES = [
  "equities/vn_tickers_sector_marketcap_2021.csv",
  "equities/vn100_daily_2015_2026.csv.gz",
  "equities/vn_indexes_daily_2004_2026.csv.gz",
  "commodities/cn_futures_daily.csv.gz",
  "commodities/energy_spot_eia_daily.csv.gz",
  "fx/usdvnd_yahoo_2020_2026.csv",
];
const IDLE_MS = 20_000;
const BUILDS = 3;
const WHAT = "site, server and pages on the real data";
/** The figure whose rows come out of DuckDB in the page; it begins when its heading is in sight. */
const DUCKDB_HAS_ANSWERED = `document.querySelector("#other-series-before-the-target")?.scrollIntoView() ??
  [...document.querySelectorAll(".figure-title")].some((title) => title.textContent.includes("other series"))`;

/** One workbench on the real market: build, start, first query in a page, idle memory. */
export const realDataWorkbench: Bench = {
  name: "real-data-workbench",
  async run(context) {
    const files = FILES.map((file) => join(context.marketData, file));
    const missing = files.find((file) => !existsSync(file));
    if (missing !== undefined) return [{ kind: "skipped", what: WHAT, because: `${missing} is not there` }];
    const project = copyProject(context.projectRoot);
    try {
      context.note("  importing the real data …");
      await quantflow(project, "import", "--skip-invalid", ...files);
      return [...(await measureBuilds(project)), ...(await measureServer(context, project))];
    } finally {
      project.remove();
    }
  },
};

async function measureBuilds(project: ProjectCopy): Promise<BenchResult[]> {
  const build = async () => (await timed(() => quantflow(project, "build"))) / 1_000;
  const cold = await build();
  const warm: number[] = [];
  while (warm.length < BUILDS) {
    rmSync(join(project.root, "dist"), { recursive: true });
    warm.push(await build());
  }
  return [
    seconds("full site build, nothing cached", [cold], 40),
    seconds("full site build again, caches kept", warm, 40),
  ];
}

async function measureServer({ repeats, note }: BenchContext, project: ProjectCopy): Promise<BenchResult[]> {
  const starts: number[] = [];
  while (starts.length < repeats) {
    starts.push((await timed(async () => (await startedWithFirstPage(project)).stop())) / 1_000);
  }
  const workbench = await startedWithFirstPage(project);
  try {
    note("  letting the server idle …");
    await wait(IDLE_MS);
    const idle = processMemory(workbench.processId);
    const answers: number[] = [];
    await withChromium(async (browser) => {
      const address = `${workbench.url}lead-lag.html`;
      await secondsUntil(browser, address, DUCKDB_HAS_ANSWERED);
      while (answers.length < repeats) answers.push(await secondsUntil(browser, address, DUCKDB_HAS_ANSWERED));
    });
    return [
      seconds("start after the first build to the first page", starts, 5),
      seconds("lead-lag page, load to DuckDB's first answer", answers, 3),
      idle === undefined
        ? { kind: "skipped", what: "idle server", because: "memory is read from Linux's /proc" }
        : {
            kind: "limit",
            what: "idle server, real data loaded",
            unit: "MB",
            measured: [idle.residentMb],
            atMost: 400,
          },
    ];
  } finally {
    await workbench.stop();
  }
}

async function startedWithFirstPage(project: ProjectCopy): Promise<WorkbenchProcess> {
  const workbench = await startWorkbench(project);
  const page = await fetch(workbench.url);
  if (!page.ok || !(await page.text()).includes("</html>")) throw new Error(`the first page answers ${page.status}`);
  return workbench;
}

function seconds(what: string, measured: readonly number[], atMost: number): LimitResult {
  return { kind: "limit", what, unit: "s", measured, atMost };
}
