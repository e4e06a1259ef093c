import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatTime } from "../../notebooks/components/format/time-format.js";
import { type LivePageServer, startLivePageServer, symbolsOfSite } from "../support/live-page-server.js";
import { LivePageStream } from "../support/live-page-stream.js";
import { CHROMIUM, launchChromium, visit } from "./page-visit.js";
import { quantflow, REPOSITORY } from "./workbench-process.js";

const SITE = "dist-live-test";
const FOLDER = join(REPOSITORY, SITE);
/** 10:12 in Ho Chi Minh City, on the first weekday after the demo market's last. */
const MARKET_START_MS = Date.UTC(2026, 10, 23, 3, 12);
const PAGES = ["index.html", "heatmap.html", "live.html", "explore.html", "symbols/HPG.html"];
/** Trades that stand twice in the table, and whether it begins with the trades of ten minutes ago. */
const DOUBLED = `SELECT count(*) - count(DISTINCT (symbol, board, time, cumulative_volume)) AS doubled,
  min(time) < TIMESTAMP '2026-11-23 10:03:00' AS is_whole FROM ticks`;
const TICKS_PER_SECOND = 100;
const WAIT = { timeout: 30_000 };
const hasChromium = existsSync(CHROMIUM);

/** What moves on each page. */
const MOVING: Readonly<Record<string, string>> = {
  "index.html": ".index-cards",
  "heatmap.html": ".figure-title",
  "live.html": ".watchlist tbody",
  "explore.html": ".explore-tables li",
  "symbols/HPG.html": ".depth",
};

/** What else holds on a page that is live; `openedAt` is market time before it was opened. */
const PROOFS: Readonly<Record<string, (tab: Page, openedAt: string) => Promise<void>>> = {
  "heatmap.html": recoloursInPlace,
  "live.html": flashesUnlessMotionIsUnwanted,
  "symbols/HPG.html": showsBookAndTrades,
};

describe.skipIf(!hasChromium)(`the live pages in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;
  let stream: LivePageStream;
  let server: LivePageServer;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-live-"));
    rmSync(FOLDER, { recursive: true, force: true });
    expect(quantflow(["demo", "load", "--until", "2026-11-20"], home)).toMatchObject({ status: 0 });
    const built = quantflow(["build", "--output", SITE], home);
    expect(built.status, built.stderr).toBe(0);
    browser = await launchChromium();
    stream = new LivePageStream({
      symbols: symbolsOfSite(FOLDER),
      dataset: "simulated",
      marketStartMs: MARKET_START_MS,
    });
    await stream.start();
    for (let agoMs = 600_000; agoMs > 0; agoMs -= 5_000) stream.push(12, agoMs);
    stream.run(TICKS_PER_SECOND);
    server = await startLivePageServer(FOLDER, { stream });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await stream?.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(FOLDER, { recursive: true, force: true });
  });

  describe.each([
    { width: 1280, pages: PAGES },
    { width: 390, pages: ["index.html", "live.html", "symbols/HPG.html"] },
  ])("at $width pixels", ({ width, pages }) => {
    it.each(pages.map((page) => ({ page, proof: PROOFS[page] })))(
      "moves /$page without a fault",
      async ({ page, proof }) => {
        const openedAt = formatTime(stream.marketTimeMs);
        const seen = await visit(browser, server.url + page, {
          width,
          inspect: async (tab) => {
            await badge(tab, "Live");
            await changes(tab, MOVING[page]!);
            await proof?.(tab, openedAt);
          },
        });
        expect(seen.problems).toEqual([]);
        expect(seen.text).toContain("as of");
      },
    );
  });

  it("keeps the watchlist in the address, and lets it be changed by keys", async () => {
    await visit(browser, `${server.url}live.html?watch=HPG,FPT`, {
      width: 1280,
      inspect: async (tab) => {
        const symbols = () => tab.locator(".watchlist tbody a").allTextContents();
        await expect.poll(symbols, WAIT).toEqual(["HPG", "FPT"]);
        await tab.locator(".watchlist-tools input").fill("vcb");
        await tab.keyboard.press("Enter");
        await expect.poll(symbols, WAIT).toEqual(["HPG", "FPT", "VCB"]);
        await tab.locator('.watchlist tr[data-symbol="VCB"] a').focus();
        await tab.keyboard.press("Alt+ArrowUp");
        await tab.locator('.watchlist tr[data-symbol="HPG"] a').focus();
        await tab.keyboard.press("Delete");
        await expect.poll(symbols, WAIT).toEqual(["VCB", "FPT"]);
        await expect.poll(() => new URL(tab.url()).searchParams.get("watch"), WAIT).toBe("VCB,FPT");
      },
    });
  });

  it("asks the trades of the last hour in SQL, and survives a query that cannot be answered", async () => {
    const seen = await visit(browser, `${server.url}explore.html`, {
      width: 1280,
      inspect: async (tab) => {
        await tab.locator(".query-result table").waitFor(WAIT);
        await expect
          .poll(() => tab.locator(".explore-tables li").first().textContent(), WAIT)
          .toMatch(/[1-9],\d{3} rows of the last hour:/);
        await tab.locator(".sql").fill(DOUBLED);
        await tab.keyboard.press("Control+Enter");
        await expect.poll(() => tab.locator(".query-result th").allTextContents(), WAIT).toContain("doubled");
        expect(await tab.locator(".query-result tbody td").allTextContents()).toEqual(["0", "true"]);
        await tab.getByRole("button", { name: "Busiest symbols" }).click();
        await expect.poll(() => tab.locator(".query-result th").allTextContents(), WAIT).toContain("traded_value");
        expect(await tab.locator(".query-result tbody tr").count()).toBeGreaterThan(5);
        await tab.locator(".sql").fill("SELECT nothing FROM nowhere");
        await tab.keyboard.press("Control+Enter");
        await tab.locator(".state-block-error", { hasText: "nowhere" }).waitFor(WAIT);
        await tab.locator(".sql").fill("SELECT count(*) FROM range(100000000000) a");
        await tab.keyboard.press("Control+Enter");
        await tab.getByRole("button", { name: "Cancel" }).click();
        await tab.locator(".state-block-error", { hasText: "cancelled" }).waitFor(WAIT);
        await tab.getByRole("button", { name: "Sectors by market cap" }).click();
        await tab.locator(".query-result", { hasText: "median_change" }).waitFor(WAIT);
      },
    });
    expect(seen.problems).toEqual([]);
  });

  it("replays a past stretch on the same page, and comes back", async () => {
    const seen = await visit(browser, server.url, {
      width: 1280,
      inspect: async (tab) => {
        await tab.getByRole("button", { name: "Rewind" }).click();
        await tab.getByLabel("Replay from").fill("2026-11-23 10:05");
        await tab.keyboard.press("Enter");
        await badge(tab, "Replaying");
        await expect.poll(() => tab.url(), WAIT).toContain("at=2026-11-23T10%3A05%3A00");
        await changes(tab, ".rewind-clock");
        await tab.getByRole("button", { name: "Pause" }).click();
        await tab.locator(".live-badge", { hasText: "paused" }).waitFor(WAIT);
        await tab.getByRole("button", { name: "Back to live" }).click();
        await badge(tab, "Live");
        await expect.poll(() => tab.url(), WAIT).not.toContain("at=");
      },
    });
    expect(seen.problems).toEqual([]);
  });

  it("starts where the address says", async () => {
    await visit(browser, `${server.url}heatmap.html?at=2026-11-23T10:06:00&speed=5`, {
      width: 390,
      inspect: async (tab) => {
        await badge(tab, "Replaying");
        expect(await tab.locator(".live-badge").textContent()).toMatch(/2026-11-23 10:0\d:\d\d · 5×/);
      },
    });
  });

  it("takes the colour from numbers when the feed goes mute, and gives it back", async () => {
    const seen = await visit(browser, server.url, {
      width: 1280,
      inspect: async (tab) => {
        await badge(tab, "Live");
        stream.say("stale");
        await badge(tab, "Stale");
        await tab.locator('.figure[data-live="stale"]').first().waitFor(WAIT);
        const color = `getComputedStyle(document.querySelector(".movers li span:last-child")).color`;
        const muted = await tab.evaluate(`(() => {
          const probe = document.createElement("span");
          probe.className = "muted";
          document.body.append(probe);
          return getComputedStyle(probe).color;
        })()`);
        await expect.poll(() => tab.evaluate(color), WAIT).toBe(muted);
        stream.say("live");
        stream.run(TICKS_PER_SECOND);
        await badge(tab, "Live");
        await expect.poll(() => tab.evaluate(color), WAIT).not.toBe(muted);
      },
    });
    expect(seen.problems).toEqual([]);
  });

  it("stays with its numbers when the server goes, and goes on from where it was when it is back", async () => {
    await visit(browser, `${server.url}live.html`, {
      width: 1280,
      inspect: async (tab) => {
        const sent: string[] = [];
        tab.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
        await badge(tab, "Live");
        await changes(tab, MOVING["live.html"]!);
        await server.close();
        await badge(tab, "Offline");
        expect(await tab.locator(".watchlist tbody tr").count()).toBeGreaterThan(3);
        server = await startLivePageServer(FOLDER, { stream, port: server.port });
        await badge(tab, "Live");
        await changes(tab, MOVING["live.html"]!);
        expect(sent.filter((message) => message.includes('"subscribe"')).join()).toContain('"resume":{"epoch":');
      },
    });
  });

  it.each(["index.html", "live.html", "explore.html"])(
    "shows /%s from a host of files as the snapshot it is, and asks for nothing else",
    async (page) => {
      const host = await startLivePageServer(FOLDER, { isWorkbench: false });
      try {
        const asked: string[] = [];
        const seen = await visit(browser, host.url + page, {
          width: 1280,
          inspect: async (tab) => {
            tab.on("websocket", (socket) => asked.push(socket.url()));
            await tab.waitForTimeout(300);
          },
        });
        expect(seen.problems).toEqual([]);
        expect(asked).toEqual([]);
        expect(seen.text).toContain(page === "live.html" ? "Nothing moves here" : "Snapshot");
      } finally {
        await host.close();
      }
    },
  );

  it("shows the snapshot where the server has no feed", async () => {
    const host = await startLivePageServer(FOLDER, {});
    try {
      const seen = await visit(browser, `${host.url}live.html`, { width: 390 });
      expect(seen.problems).toEqual([]);
      expect(seen.text).toContain("The server has no feed");
    } finally {
      await host.close();
    }
  });
});

async function badge(tab: Page, state: string): Promise<void> {
  await tab.locator(".page-header .live-badge", { hasText: state }).waitFor(WAIT);
}

async function changes(tab: Page, selector: string): Promise<void> {
  const text = () => tab.locator(selector).first().textContent();
  const before = await text();
  await expect.poll(text, WAIT).not.toBe(before);
}

/** The book, the candle of the minute, and trades of before the opening below those that come in. */
async function showsBookAndTrades(tab: Page, openedAt: string): Promise<void> {
  await tab.locator(".depth-row").nth(5).waitFor(WAIT);
  const rows = tab.locator(".tape-rows li");
  // In one look: a row that leaves at the bottom comes back at the top.
  const times = () =>
    tab.evaluate<string[]>(
      `Array.from(document.querySelectorAll(".tape-rows li > :first-child"), (cell) => cell.textContent)`,
    );
  await expect.poll(async () => String((await times()).at(-1)) < openedAt, WAIT).toBe(true);
  const before = await rows.first().textContent();
  await expect.poll(() => rows.first().textContent(), WAIT).not.toBe(before);
  const shown = await times();
  expect(shown).toEqual([...shown].sort().reverse());
  expect(await tab.locator(".live-chart canvas").count()).toBeGreaterThan(0);
}

async function recoloursInPlace(tab: Page): Promise<void> {
  await tab.evaluate(`document.querySelector(".heatmap").dataset.witness = "same"`);
  const picture = `document.querySelector(".heatmap canvas").toDataURL()`;
  const before = await tab.evaluate(picture);
  await expect.poll(async () => (await tab.evaluate(picture)) === before, WAIT).toBe(false);
  expect(await tab.evaluate(`document.querySelector(".heatmap").dataset.witness`)).toBe("same");
}

async function flashesUnlessMotionIsUnwanted(tab: Page): Promise<void> {
  await tab
    .locator(".watchlist .flash")
    .first()
    .waitFor({ ...WAIT, state: "attached" });
  await tab.emulateMedia({ reducedMotion: "reduce" });
  const motion = `(() => {
    const cell = document.querySelector(".watchlist td");
    cell.classList.add("flash");
    return getComputedStyle(cell).animationName;
  })()`;
  expect(await tab.evaluate(motion)).toBe("none");
}
