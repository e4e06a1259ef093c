import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium, visit } from "./page-visit.js";
import { quantflow, REPOSITORY, type RunningCommand, startQuantflow } from "./workbench-process.js";

const SITE = "dist-lead-lag-test";
const hasChromium = existsSync(CHROMIUM);

describe.skipIf(!hasChromium)(`the lead-lag pages in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;
  let workbench: RunningCommand;

  /** Opens a page, waits until it has computed, and tries something in it. */
  async function open(
    path: string,
    { width = 1280, ready = trained, act }: OpenOptions = {},
  ): Promise<Awaited<ReturnType<typeof visit>>> {
    return visit(browser, workbench.url + path, {
      width,
      inspect: async (page) => {
        await ready(page);
        await act?.(page);
      },
    });
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-lead-lag-"));
    browser = await launchChromium();
    expect(quantflow(["demo", "load", "--until", "2026-11-20"], home)).toMatchObject({ status: 0 });
    workbench = await startQuantflow(["start", "--port", "0", "--site", SITE], home);
  });
  afterAll(async () => {
    await workbench?.stop();
    await browser?.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(join(REPOSITORY, SITE), { recursive: true, force: true });
  });

  it.each([1280, 390])("finds the planted lead without a server, verdict first, at %i pixels", async (width) => {
    const { text, problems } = await open("lead-lag.html?source=DCE.I&target=HPG", { width });
    expect(problems).toEqual([]);
    expect(text).toContain("DCE.I leads HPG by 5 trading days, and did so again on days kept apart.");
    expect(text).toMatch(/Boosted trees forecast HPG best from lag 5: IC \+0\.\d+/);
    expect(text).toMatch(/Lag 5 is strongest in \d+% of resamples/);
    expect(text.indexOf("leads HPG")).toBeLessThan(text.indexOf("stands out of what chance does"));
  });

  it("moves the source by the lag that was found, until the reader moves it", async () => {
    await open("lead-lag.html?source=DCE.I&target=HPG", {
      act: async (page) => {
        expect(await page.locator(".figure-title").allTextContents()).toContain(
          "Do they look alike? HPG and DCE.I, 5 days later",
        );
        expect(new URL(page.url()).search).not.toContain("lag=");
        await slide(page, "Lag looked at", 0);
        await page.getByText("At lag 0 the correlation").waitFor();
        expect(new URL(page.url()).searchParams.get("lag")).toBe("0");
      },
    });
  });

  it("gives no lead as an answer, not as an error", async () => {
    const { text, problems } = await open("lead-lag.html?source=HDB&target=DCE.JM&factors=left-in");
    expect(problems).toEqual([]);
    expect(text).toContain("No lead of HDB over DCE.JM was found.");
    expect(text).toMatch(/A correlation of 0\.\d+ would have been found 80 times in 100/);
  });

  it("says what it does not accept, with the code", async () => {
    const refused = { ready: (page: Page) => page.locator(".verdict-insufficient-data").first().waitFor() };
    const twice = await open("lead-lag.html?source=HPG&target=HPG", refused);
    expect(twice.problems).toEqual([]);
    expect(twice.text).toMatch(/HPG and HPG cannot be studied here\..*SERIES_IDENTICAL/s);
    const short = await open("lead-lag.html?source=DCE.I&target=HPG&from=2026-06-01", refused);
    expect(short.text).toMatch(/accepted: at least 250.*SERIES_TOO_SHORT/s);
  });

  it("dims what is shown while a moved slider is computed, and can be stopped", async () => {
    await open("lead-lag.html?source=DCE.I&target=HPG&rounds=300&depth=6", {
      ready: (page) => page.getByRole("button", { name: "Cancel" }).waitFor(),
      act: async (page) => {
        await page.getByRole("button", { name: "Cancel" }).click();
        await page.getByText("Training was cancelled").waitFor();
        await page.locator("summary").first().click();
        await slide(page, "Trees", 10);
        await expect.poll(() => page.locator(".is-outdated").count(), { interval: 10 }).toBeGreaterThan(0);
        await trained(page);
        expect(await page.locator(".is-outdated").count()).toBe(0);
        expect(new URL(page.url()).searchParams.get("rounds")).toBe("10");
      },
    });
  });

  it("offers the pairs of the value chain, which fill both fields and the address", async () => {
    await open("lead-lag.html?source=DCE.I&target=HPG", {
      act: async (page) => {
        const pairs = page.getByLabel("From the value chain");
        expect(await pairs.locator("option:checked").textContent()).toMatch(/→ HPG/);
        const labels = await pairs.locator("option").allTextContents();
        await pairs.selectOption({ label: labels.find((label) => /^BRENT|Brent.*→ GAS/.test(label))! });
        await expect.poll(() => new URL(page.url()).search).toContain("source=BRENT");
        await page.getByText("BRENT leads GAS").first().waitFor();
      },
    });
  });

  it("screens every pair, and opens the study of one over the same days", async () => {
    const ready = (page: Page) => page.locator(".pair-multiple svg").first().waitFor();
    for (const width of [1280, 390]) {
      const { text, problems } = await open("screen.html", { width, ready });
      expect(problems).toEqual([]);
      expect(text).toMatch(/\d+ of \d+ pairs of the value chain shows? a lead/);
      expect(text).toMatch(/[\d,]+ correlations: \d+ pairs, each at 93 lags and shapes/);
    }
    await open("screen.html?show=leads", {
      ready,
      act: async (page) => {
        await page.getByRole("link", { name: "DCE.I → HPG", exact: true }).click();
        await page.getByText("DCE.I leads HPG by 5 trading days").waitFor();
        expect(await page.getByLabel("From", { exact: true }).inputValue()).toBe("2021-01-04");
      },
    });
  });

  it.each([1280, 390])("shows four ways to be misled, and moves with its sliders, at %i pixels", async (width) => {
    const { problems } = await open("methods.html", {
      width,
      ready: (page) => page.getByText(/^Trees on prices: median/).waitFor(),
      act: async (page) => {
        const title = page.getByText(/^The best of 31 lags of pure noise/);
        const before = await title.textContent();
        await slide(page, "Seed", 9);
        await expect.poll(() => title.textContent(), { timeout: 30_000 }).not.toBe(before);
      },
    });
    expect(problems).toEqual([]);
  });

  it.each([1280, 390])("answers the written studies from the data at hand at %i pixels", async (width) => {
    const ready = (page: Page) => page.locator(".pair-multiple svg").first().waitFor();
    const ore = await open("studies/iron-ore-hpg.html", { width, ready });
    expect(ore.problems).toEqual([]);
    expect(ore.isSimulated).toBe(true);
    expect(ore.text).toContain("Iron ore in Dalian leads Hoa Phat (HPG) by 5 trading days");
    const oil = await open("studies/oil-and-gas.html", { width, ready });
    expect(oil.problems).toEqual([]);
    expect(oil.text).toMatch(/Brent leads GAS by/);
    expect(oil.text).toMatch(/Without prices here, so left out: PVD, PVS, BSR\./);
  });
});

interface OpenOptions {
  readonly width?: number;
  readonly ready?: (page: Page) => Promise<unknown>;
  readonly act?: (page: Page) => Promise<void>;
}

function trained(page: Page): Promise<unknown> {
  return page.getByText(/models trained in/).waitFor({ timeout: 120_000 });
}

/** Moves a slider as a reader does who lets go of it there. */
async function slide(page: Page, label: string, value: number): Promise<void> {
  await page.getByLabel(label).evaluate((input: HTMLInputElement, to) => {
    input.value = String(to);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }, value);
}
