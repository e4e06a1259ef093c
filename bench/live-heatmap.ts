import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";
import { startLivePageServer, symbolsOfSite } from "../test/support/live-page-server.js";
import { LivePageStream } from "../test/support/live-page-stream.js";
import type { Bench } from "./harness/bench.js";
import { withChromium } from "./harness/page-timing.js";
import { copyProject } from "./harness/project-copy.js";
import { quantflow } from "./harness/workbench-process.js";
import { writeWideMarket } from "./wide-market.js";

const SYMBOLS = 1_500;
const TICKS_PER_SECOND = 500;
/** The page is left to itself first: what it allocates while it starts is no growth. */
const WARM_UP_MS = 10_000;
const BYTES_PER_MB = 1e6;
/** `LIVE_HEATMAP_MINUTES` says how long one looks on; half a minute unless given. */
const DURATION_MS = Number(process.env.LIVE_HEATMAP_MINUTES ?? 0.5) * 60_000;

/** Notes the time between animation frames from the moment it is asked to. */
const WATCH_FRAMES = `
  window.frameTimes = [];
  let last = performance.now();
  const note = (now) => {
    window.frameTimes.push(now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame((now) => {
    last = now;
    requestAnimationFrame(note);
  });`;

/** The heatmap of a wide market while it trades: how long frames take, and whether memory stays. */
export const liveHeatmap: Bench = {
  name: "live-heatmap",
  async run({ projectRoot, note }) {
    const project = copyProject(projectRoot);
    try {
      await writeWideMarket(project.home, SYMBOLS);
      note(`  building ${SYMBOLS} symbol pages …`);
      await quantflow(project, "build");
      const { frameSeconds, growthMb } = await watchHeatmap(join(project.root, "dist"), note);
      const what = `live heatmap, ${SYMBOLS} symbols, ${TICKS_PER_SECOND} ticks/s, ${DURATION_MS / 1_000} s`;
      return [
        { kind: "limit", what: `${what}: frame p99`, unit: "s", measured: [frameSeconds], atMost: 0.1 },
        { kind: "limit", what: `${what}: heap growth`, unit: "MB", measured: [growthMb], atMost: 50 },
      ];
    } finally {
      project.remove();
    }
  },
};

async function watchHeatmap(siteFolder: string, note: (line: string) => void) {
  const stream = new LivePageStream({
    symbols: symbolsOfSite(siteFolder),
    dataset: "simulated",
    marketStartMs: Date.UTC(2026, 10, 23, 3, 12),
  });
  await stream.start();
  stream.run(TICKS_PER_SECOND);
  const server = await startLivePageServer(siteFolder, { stream });
  try {
    return await withChromium((browser) => watch(browser, `${server.url}heatmap.html`, note));
  } finally {
    await server.close();
    await stream.close();
  }
}

async function watch(browser: Browser, address: string, note: (line: string) => void) {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await page.goto(address);
  await page.locator(".live-badge", { hasText: "Live" }).waitFor({ timeout: 60_000 });
  await page.waitForTimeout(WARM_UP_MS);
  const before = await usedHeap(session);
  note(`  watching the heatmap for ${DURATION_MS / 1_000} s …`);
  await page.evaluate(WATCH_FRAMES);
  await page.waitForTimeout(DURATION_MS);
  const frames = await frameTimes(page);
  const growthMb = ((await usedHeap(session)) - before) / BYTES_PER_MB;
  const p99 = frames.toSorted((a, b) => a - b)[Math.floor(frames.length * 0.99)] ?? Number.NaN;
  note(`  ${frames.length} frames, longest ${Math.max(...frames).toFixed(0)} ms`);
  return { frameSeconds: p99 / 1_000, growthMb };
}

async function frameTimes(page: Page): Promise<number[]> {
  return (await page.evaluate("window.frameTimes")) as number[];
}

/** Bytes that stay after the garbage is collected. */
async function usedHeap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}
