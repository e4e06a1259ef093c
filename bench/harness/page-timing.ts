import { type Browser, chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];
const VIEWPORT = { width: 1_280, height: 900 };

/** Runs `work` with a headless Chromium. */
export async function withChromium<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/**
 * Seconds from the start of navigation to the first frame in which `isThere`, a JavaScript expression, holds; with
 * an empty cache. @throws when that takes longer than a minute, with what the page complained about
 */
export async function secondsUntil(browser: Browser, address: string, isThere: string): Promise<number> {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.addInitScript(`
      const look = () => {
        if (${isThere}) window.thereAtMs = performance.now();
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);`);
    await page.goto(address, { waitUntil: "commit" });
    const thereAtMs = await page.waitForFunction("window.thereAtMs", undefined, { timeout: 60_000 }).catch((cause) => {
      throw new Error(`${address}: ${complaints.join("; ") || "the page is silent"}`, { cause });
    });
    return Number(await thereAtMs.jsonValue()) / 1_000;
  } finally {
    await context.close();
  }
}
