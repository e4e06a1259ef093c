import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobsAnswer, RunJobMessage } from "../../src/contracts/jobs-api.js";
import { type LivePageServer, startLivePageServer } from "../support/live-page-server.js";
import { CHROMIUM, launchChromium } from "./page-visit.js";
import { quantflow, REPOSITORY } from "./workbench-process.js";

const SITE = "dist-jobs-test";
const FOLDER = join(REPOSITORY, SITE);
const NOW_MS = Date.UTC(2026, 10, 23, 3, 12);
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 800 },
];
const hasChromium = existsSync(CHROMIUM);

function job(at: number, state: RunJobMessage["state"], more: Partial<RunJobMessage> = {}): RunJobMessage {
  return {
    id: `1111111${at}-1111-4111-8111-111111111111`,
    workflowId: "22222222-2222-4222-8222-222222222222",
    workflowName: `Workflow ${at}`,
    revision: 1,
    trigger: "cron",
    state,
    queuedAtMs: NOW_MS - 60_000,
    startedAtMs: state === "working" ? NOW_MS - 12_000 : null,
    dueAtMs: state === "retrying" ? NOW_MS + 30_000 : null,
    endedAtMs: state === "dead" ? NOW_MS : null,
    failedAttempts: 0,
    failure: null,
    progress: { done: 3, nodes: 7 },
    ...more,
  };
}

const ALL = [
  job(1, "working"),
  job(2, "waiting"),
  job(3, "retrying", { failedAttempts: 2, failure: "the store refused it" }),
  job(4, "dead", { failedAttempts: 5, failure: "a worker died" }),
];

describe.skipIf(!hasChromium)(`the page of jobs in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;
  let workbench: LivePageServer;
  let fileHost: LivePageServer;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-jobs-"));
    rmSync(FOLDER, { recursive: true, force: true });
    expect(quantflow(["demo", "load", "--until", "2026-11-20"], home)).toMatchObject({ status: 0 });
    const built = quantflow(["build", "--output", SITE], home);
    expect(built.status, built.stderr).toBe(0);
    browser = await launchChromium();
    workbench = await startLivePageServer(FOLDER, {});
    fileHost = await startLivePageServer(FOLDER, { isWorkbench: false });
  });
  afterAll(async () => {
    await browser?.close();
    await workbench?.close();
    await fileHost?.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(FOLDER, { recursive: true, force: true });
  });

  /** The page with a queue that answers what the test says, and what it was asked to change. */
  async function open(
    answer: () => JobsAnswer | number,
    { url = workbench.url, size = SIZES[0]! }: { url?: string; size?: (typeof SIZES)[number] } = {},
  ): Promise<{ page: Page; posted: string[]; asked: string[]; faults: string[] }> {
    const page = await browser.newPage({ viewport: size });
    const [posted, asked, faults]: [string[], string[], string[]] = [[], [], []];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.route("**/api/jobs**", async (route) => {
      const { pathname, search } = new URL(route.request().url());
      if (route.request().method() === "POST") {
        posted.push(pathname);
        await route.fulfill({ status: 202, json: { runId: "x", outcome: "hurried", status: "cancelled" } });
        return;
      }
      asked.push(search);
      const given = answer();
      if (typeof given === "object") await route.fulfill({ json: given });
      else
        await route.fulfill({
          status: given,
          json: { error: { code: "DATABASE_UNREACHABLE", message: "it is away" } },
        });
    });
    await page.goto(new URL("jobs.html", url).href);
    return { page, posted, asked, faults };
  }

  const counts = { waiting: 1, retrying: 1, working: 1, dead: 1 };
  const queue = (jobs = ALL): JobsAnswer => ({ jobs, counts, nextCursor: null });

  for (const size of SIZES) {
    it(`shows every state, and nothing wider than the screen, at ${size.width} px`, async () => {
      const { page, faults } = await open(queue, { size });
      await page.waitForSelector(".jobs-table");
      expect(await page.locator(".jobs-table tbody .badge").allTextContents()).toEqual([
        "▶ at work",
        "○ waiting",
        "△ failed",
        "✕ dead",
      ]);
      expect(await page.textContent(".jobs-counts")).toBe("1 at work · 1 waiting · 1 to be tried again · 1 dead");
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
      await page.close();
    });
  }

  it("tries again and cancels by keyboard, and keeps the focus while the queue changes", async () => {
    let shown = ALL;
    const { page, posted } = await open(() => queue(shown));
    await page.waitForSelector(".jobs-table");
    await page.focus('button[data-action="retry"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector(".jobs-notice:not(:empty)");
    expect(posted).toEqual([`/api/jobs/${ALL[2]!.id}/retry`]);
    shown = ALL.map((one) => (one.state === "working" ? { ...one, progress: { done: 4, nodes: 7 } } : one));
    await page.waitForSelector("text=4/7");
    expect(await page.evaluate("document.activeElement.dataset.action")).toBe("retry");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => posted).toEqual([`/api/jobs/${ALL[2]!.id}/retry`, `/api/jobs/${ALL[2]!.id}/cancel`]);
    await page.close();
  });

  it("asks for one state, and keeps it in the address", async () => {
    const { page, asked } = await open(() => queue());
    await page.waitForSelector(".jobs-table");
    await page.click("text=Dead");
    await expect.poll(() => asked.at(-1)).toBe("?state=dead");
    expect(page.url()).toContain("state=dead");
    await page.close();
  });

  it("says what is missing: an empty queue, a database that is away, no workbench", async () => {
    let answer: JobsAnswer | number = { ...queue([]), counts: { waiting: 0, retrying: 0, working: 0, dead: 0 } };
    const { page } = await open(() => answer);
    await page.waitForSelector("text=Nothing waits and nothing is at work");
    answer = 503;
    await page.waitForSelector("text=DATABASE_UNREACHABLE");
    answer = queue();
    await page.waitForSelector(".jobs-table");
    await page.close();
    const alone = await open(queue, { url: fileHost.url });
    await alone.page.waitForSelector("text=served without a workbench");
    expect(alone.asked).toEqual([]);
    await alone.page.close();
  });
});
