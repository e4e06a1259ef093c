import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium, visit } from "./page-visit.js";
import { quantflow, REPOSITORY, type RunningCommand, startQuantflow } from "./workbench-process.js";

const SITE = "dist-value-chain-test";
const hasChromium = existsSync(CHROMIUM);

describe.skipIf(!hasChromium)(`the value chain in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;
  let workbench: RunningCommand;
  const address = (query = "") => `${workbench.url}value-chain.html${query}`;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-value-chain-"));
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

  it.each([1280, 390])("shows who depends on what without a fault at %i pixels", async (width) => {
    const seen = await visit(browser, address(), {
      width,
      inspect: async (page) => {
        await drawn(page);
        await page.emulateMedia({ reducedMotion: "reduce" });
      },
    });
    expect(seen.problems).toEqual([]);
    expect(seen.text).toMatch(/Most depends on .+ \(\d+\), .+ \(\d+\) and .+ \(\d+\)/);
    expect(seen.text).toMatch(/\d+ nodes; \d+ edges; as of/);
  });

  it("puts every node at the same place on each visit, in both layouts", async () => {
    for (const layout of ["force", "layers"]) {
      const places: unknown[] = [];
      for (let visitCount = 0; visitCount < 2; visitCount++) {
        await visit(browser, address(`?layout=${layout}`), {
          width: 1280,
          inspect: async (page) => {
            await drawn(page);
            places.push(await page.evaluate(PLACES));
          },
        });
      }
      expect(places[1]).toEqual(places[0]);
    }
  });

  it("finds a company without its Vietnamese marks and shows what it depends on", async () => {
    await visit(browser, address(), {
      width: 1280,
      inspect: async (page) => {
        await page.getByLabel("Find", { exact: true }).fill("hoa ph");
        await page.keyboard.press("Enter");
        await page.locator(".chain-panel h2", { hasText: "Hoa Phat" }).waitFor();
        expect(new URL(page.url()).search).toBe("?chosen=hpg");
        expect(await page.locator(".chain-panel").innerText()).toMatch(/Inputs[\s\S]*Iron ore/);
      },
    });
  });

  it("goes from neighbour to neighbour by keys alone, and opens one", async () => {
    await visit(browser, address("?chosen=hpg"), {
      width: 1280,
      inspect: async (page) => {
        await drawn(page);
        await page.locator(".chain-plate").focus();
        await page.keyboard.press("ArrowRight");
        const announced = await page.locator(".chain-plate [role=status]").textContent();
        await page.keyboard.press("Enter");
        const heading = page.locator(".chain-panel h2");
        await expect.poll(() => heading.textContent()).not.toMatch(/Hoa Phat/);
        expect(announced).toContain(await heading.textContent());
        expect(await page.evaluate("document.activeElement.className")).toBe("chain-plate");
      },
    });
  });

  it("opens an edge with its reasons and the study of the pair", async () => {
    const { text } = await visit(browser, address("?chosen=iron-ore--hpg--input-of"), {
      width: 1280,
      inspect: async (page) => {
        const study = page.getByRole("link", { name: "Study the pair" });
        expect(await study.getAttribute("href")).toBe("./lead-lag.html?source=DCE.I&target=HPG");
      },
    });
    expect(text).toContain("Iron ore is an input of HPG");
    expect(text).toMatch(/Measured beta[+−]\d\.\d\d ± \d\.\d\d \(n [\d,]+\)/);
  });

  it("passes a shock on along the arrows, with intervals and paths", async () => {
    const { text, problems } = await visit(browser, address("?shock=iron-ore:10"), { width: 1280 });
    expect(problems).toEqual([]);
    expect(text).toMatch(/Iron ore \+10% reaches \d+ nodes, most of all/);
    expect(text).toMatch(/Iron ore → HPG/);
  });

  it("draws a still picture where there is no WebGL, which can be pointed at too", async () => {
    await visit(browser, address(), {
      width: 1280,
      inspect: async (page) => {
        await page.addInitScript(
          "HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, { apply: (get, canvas, [kind, ...rest]) => kind.startsWith('webgl') ? null : Reflect.apply(get, canvas, [kind, ...rest]) })",
        );
        await page.reload({ waitUntil: "networkidle" });
        await page.locator(".chain-picture circle").first().click();
        await expect.poll(() => new URL(page.url()).search).toMatch(/^\?chosen=/);
      },
    });
  });

  it("adds, changes, retires and takes back, and never writes over another's change", async () => {
    const { problems } = await visit(browser, address("?chosen=iron-ore--hpg--input-of"), {
      width: 1280,
      inspect: edit,
    });
    expect(problems.filter((problem) => !/\b(409|422)\b/.test(problem))).toEqual([]);
  });
});

const DRAWN = `(document.querySelector(".chain-plate")?.chainCanvas?.effort.frames ?? 0) > 0`;
const PLACES = `(() => {
  const { chainCanvas } = document.querySelector(".chain-plate");
  return Array.from({ length: 100 }, (_, node) => chainCanvas.pixelOf(node));
})()`;

async function drawn(page: Page): Promise<void> {
  await page.waitForFunction(DRAWN);
}

async function edit(page: Page): Promise<void> {
  const status = page.locator(".chain-status");
  const click = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const reads = (text: RegExp) => expect.poll(() => status.textContent(), { timeout: 30_000 }).toMatch(text);

  await click("Edit this edge");
  await page.getByLabel("Why").fill("");
  await click("Save the change");
  await reads(/Not saved, see the marked fields \(VALUE_CHAIN_INVALID\)/);
  expect(await page.locator(".edge-form-rationale .field-problem").textContent()).toMatch(/^accepted: one line/);

  await page.getByLabel("Why").fill("Mine.");
  await page.evaluate(OTHERS_CHANGE);
  await click("Save the change");
  await reads(/^Not saved: someone changed this meanwhile/);
  await click("Load the newest graph");
  await reads(/newest graph is loaded/);
  expect(await page.getByLabel("Why").inputValue()).toBe("Mine.");
  await click("Save the change");
  await reads(/^Changed\. Revision \d+/);
  await expect.poll(() => page.locator(".chain-panel").textContent()).toContain("Mine.");

  await click("Undo the last change");
  await reads(/^Taken back/);
  await expect.poll(() => page.locator(".chain-panel").textContent()).toContain("Theirs.");

  await click("Add an edge");
  await page.getByLabel("From, what moves").selectOption("iron-ore");
  await page.getByLabel("To, what is moved").selectOption("vcb");
  await page.getByLabel("Why").fill("A test.");
  await page.getByLabel("Source", { exact: true }).fill("a test");
  await click("Add the edge");
  await reads(/^Added\. Revision \d+/);
  await page.locator(".chain-panel h2", { hasText: "Iron ore is an input of VCB" }).waitFor();

  await click("Edit this edge");
  await click("Retire");
  await reads(/^Retired after \d{4}-\d\d-\d\d/);
}

const OTHERS_CHANGE = `(async () => {
  const { revision, edges } = await (await fetch("/api/value-chain")).json();
  const edge = { ...edges.find(({ id }) => id === "iron-ore--hpg--input-of"), rationale: "Theirs." };
  await fetch("/api/value-chain/changes", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ expectedRevision: revision, change: { kind: "change-edge", edge } }),
  });
})()`;
