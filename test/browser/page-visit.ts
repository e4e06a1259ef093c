import { type Browser, chromium, type Page } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

export interface Visit {
  readonly heading: string;
  readonly isSimulated: boolean;
  readonly text: string;
  /** Console errors, uncaught errors, error cells, answers of 400 and more, requests to other origins, overflow. */
  readonly problems: readonly string[];
}

/** Opens a page, waits until nothing loads any more, and says what is wrong with it. */
export async function visit(
  browser: Browser,
  address: string,
  { width, inspect }: { width: number; inspect?: (page: Page) => Promise<void> },
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    const { origin } = new URL(address);
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`uncaught: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) {
        problems.push(`foreign: ${request.url()}`);
      }
    });
    await page.goto(address, { waitUntil: "networkidle" });
    await page.waitForFunction(() => document.querySelector(".observablehq--loading, observablehq-loading") === null);
    await inspect?.(page);
    const cells = await page.locator(".observablehq--error").allTextContents();
    problems.push(...cells.map((text) => `error cell: ${text.slice(0, 300)}`));
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 0) problems.push(`${overflow} pixels wider than the screen`);
    const text = (await page.locator("main").textContent()) ?? "";
    return {
      heading: ((await page.locator("h1").first().textContent()) ?? "").trim(),
      isSimulated: await page.getByText("Simulated data", { exact: true }).first().isVisible(),
      text,
      problems,
    };
  } finally {
    await context.close();
  }
}
