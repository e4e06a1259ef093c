import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { WorkflowAnswer, WorkflowList } from "../../src/contracts/workflow-api.js";
import { CHROMIUM, launchChromium, visit } from "./page-visit.js";
import { quantflow, REPOSITORY, type RunningCommand, startQuantflow } from "./workbench-process.js";

const SITE = "dist-workflows-test";
const hasChromium = existsSync(CHROMIUM);

describe.skipIf(!hasChromium)(`the workflow canvas in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;
  let workbench: RunningCommand;
  let examples: WorkflowList["workflows"];
  const address = (query = "") => `${workbench.url}workflows.html${query}`;
  const ask = async <Answer>(path: string, init?: RequestInit): Promise<Answer> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(new URL(path, workbench.url), { headers, ...init });
    expect(response.status, `${path}: ${await response.clone().text()}`).toBeLessThan(300);
    return (await response.json()) as Answer;
  };
  const example = (name: RegExp) => examples.find((each) => name.test(each.name))?.id ?? "";

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-workflows-"));
    browser = await launchChromium();
    expect(quantflow(["demo", "load", "--until", "2026-11-20"], home)).toMatchObject({ status: 0 });
    workbench = await startQuantflow(["start", "--port", "0", "--site", SITE], home);
    await visit(browser, address(), { width: 1280, inspect: (page) => drawn(page) });
    examples = (await ask<WorkflowList>("/api/workflows")).workflows;
  });
  afterAll(async () => {
    await workbench?.stop();
    await browser?.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(join(REPOSITORY, SITE), { recursive: true, force: true });
  });

  it("comes with six examples, each without a problem", async () => {
    expect(examples).toHaveLength(6);
    for (const { id } of examples) {
      const { problems } = await visit(browser, address(`?workflow=${id}`), {
        width: 1280,
        inspect: async (page) => {
          await drawn(page);
          await page.getByRole("tab", { name: "No problems" }).waitFor();
        },
      });
      expect(problems).toEqual([]);
    }
  });

  it("fits a phone", async () => {
    const { problems } = await visit(browser, address(), { width: 390, inspect: drawn });
    expect(problems).toEqual([]);
  });

  it("builds a workflow by keys alone, and says what is missing", async () => {
    await visit(browser, address(), {
      width: 1280,
      inspect: async (page) => {
        await drawn(page);
        await page.getByRole("button", { name: "New", exact: true }).click();
        await page.getByText("Begin with a trigger").waitFor();
        for (const name of ["manual start", "candles", "simple moving"]) {
          await page.getByLabel("Search nodes").fill(name);
          await page.keyboard.press("Enter");
        }
        await expect.poll(() => page.locator(".react-flow__node").count()).toBe(3);
        await page.getByRole("tab", { name: /problems/ }).click();
        await page.getByText("INPUT_MISSING").first().click();
        await page.getByRole("tab", { name: "Node", exact: true }).click();
        await page.locator(".flow-inspector h3", { hasText: "Simple moving average" }).waitFor();
        await page.getByText("Connections", { exact: true }).click();
        await page.getByLabel("connect series from").selectOption({ label: "Candles · close" });
        await page.getByRole("button", { name: "Fit" }).click();
        await page.locator('.react-flow__node[data-id="n2"] .flow-card-label').click();
        await page.getByText("Connections", { exact: true }).click();
        await page.getByLabel("connect run from").selectOption({ label: "Manual start · fired" });
        await page
          .locator(".flow-inspector")
          .getByLabel(/^symbol/)
          .fill("hpg");
        await page.getByRole("tab", { name: "No problems" }).waitFor();
        await page.getByText(/^Revision \d+ saved$/).waitFor();
        await page.keyboard.press("Escape");
      },
    });
    const { workflows } = await ask<WorkflowList>("/api/workflows");
    const made = workflows.find(({ name }) => name === "New workflow");
    const { definition } = await ask<WorkflowAnswer>(`/api/workflows/${made?.id}`);
    expect(definition.nodes.map(({ type }) => type)).toEqual(["trigger.manual", "data.candles", "indicator.sma"]);
    expect(definition.nodes[1]?.data.parameters.symbol).toBe("HPG");
    expect(definition.edges).toHaveLength(2);
  });

  it("refuses an edge between types that do not fit, and says why", async () => {
    await visit(browser, address(`?workflow=${example(/moving-average/i)}`), {
      width: 1280,
      inspect: async (page) => {
        await page.emulateMedia({ reducedMotion: "reduce" });
        await drawn(page);
        await page.getByRole("button", { name: "Full window" }).click();
        await expect.poll(() => page.locator(".flow-desk.is-full").count()).toBe(1);
        await page.getByRole("button", { name: "Fit" }).click();
        const before = await page.locator(".react-flow__edge").count();
        await draw(
          page,
          page.locator(".react-flow__handle.source[data-port=signal]").first(),
          page.locator(".react-flow__handle.target[data-port=series]").first(),
        );
        await page.locator(".flow-said", { hasText: /takes series; .* gives signal/ }).waitFor();
        expect(await page.locator(".react-flow__edge").count()).toBe(before);
      },
    });
  });

  it("undoes and redoes, copies, groups and arranges", async () => {
    await visit(browser, address(`?workflow=${example(/moving-average/i)}`), {
      width: 1280,
      inspect: async (page) => {
        await drawn(page);
        const nodes = page.locator(".react-flow__node");
        const before = await nodes.count();
        await page.locator(".flow-card-label").first().click();
        await page.keyboard.press("Control+d");
        await expect.poll(() => nodes.count()).toBe(before + 1);
        await page.keyboard.press("Control+g");
        await expect.poll(() => page.locator(".flow-group").count()).toBe(1);
        await page.keyboard.press("l");
        for (let steps = 0; steps < 3; steps++) await page.getByRole("button", { name: "Undo" }).click();
        await expect.poll(() => nodes.count()).toBe(before);
        await page.getByRole("button", { name: "Redo" }).click();
        await expect.poll(() => nodes.count()).toBe(before + 1);
        await page.getByRole("button", { name: "Undo" }).click();
      },
    });
  });

  it("lays a run over the drawing, with what was pruned and why", async () => {
    const id = example(/moving-average/i);
    let run = "";
    const { problems } = await visit(browser, address(`?workflow=${id}`), {
      width: 1280,
      inspect: async (page) => {
        await drawn(page);
        await page.getByRole("button", { name: "Dry run" }).click();
        await page.locator(".flow-shown-run .flow-run-status", { hasText: "succeeded" }).waitFor();
        expect(await page.locator('.flow-run-mark[data-state="succeeded"]').count()).toBeGreaterThan(3);
        run = new URL(page.url()).searchParams.get("run") ?? "";
        await page.locator(".react-flow__node", { hasText: "Candles" }).first().click();
        await page.getByRole("tab", { name: "Node", exact: true }).click();
        await page.locator(".flow-step .port-picture-series svg path").first().waitFor({ state: "attached" });
      },
    });
    expect(problems).toEqual([]);
    await visit(browser, address(`?workflow=${id}&run=${run}`), {
      width: 1280,
      inspect: async (page) => {
        await page.locator('.flow-run-mark[data-state="succeeded"]').first().waitFor();
        await page.getByRole("tab", { name: "Runs" }).click();
        await page.locator(".flow-shown-run .flow-run-status", { hasText: "succeeded" }).waitFor();
      },
    });
  });

  it("keeps a revision of each change, compares two side by side, and brings one back", async () => {
    await visit(browser, address(`?workflow=${example(/breakout/i)}`), {
      width: 1280,
      inspect: async (page) => {
        await drawn(page);
        await page.getByRole("tab", { name: "Settings" }).click();
        await page.getByRole("spinbutton", { name: "seed" }).fill("7");
        await page.getByText("Revision 2 saved").waitFor();
        await page.getByRole("tab", { name: "Revisions" }).click();
        await page.getByRole("button", { name: "Compare with 1" }).click();
        const diff = page.getByRole("dialog", { name: "Two revisions" });
        await diff.getByText("seed 1 → 7").waitFor();
        expect(await diff.locator(".react-flow__node").count()).toBeGreaterThan(6);
        await page.keyboard.press("Escape");
        await page.getByRole("button", { name: "Restore" }).click();
        await page.getByText("Revision 3 saved").waitFor();
      },
    });
  });

  it("holds a thousand nodes", async () => {
    const { id } = await ask<{ id: string }>("/api/workflows", {
      method: "POST",
      body: JSON.stringify({ definition: thousandNodes() }),
    });
    const { problems } = await visit(browser, address(`?workflow=${id}`), {
      width: 1280,
      inspect: async (page) => {
        await expect.poll(() => page.locator(".react-flow__node").count(), { timeout: 60_000 }).toBe(1_000);
        await page.getByRole("tab", { name: "No problems" }).waitFor();
        await page.getByLabel("Search nodes").fill("manual start");
        await page.keyboard.press("Enter");
        await page.getByRole("tab", { name: /1 problem|2 problems/ }).waitFor();
        await page.getByRole("button", { name: "Undo" }).click();
        await page.getByRole("tab", { name: "No problems" }).waitFor();
      },
    });
    expect(problems).toEqual([]);
  });
});

async function drawn(page: Page): Promise<void> {
  await page.locator(".flow-canvas .react-flow__node").first().waitFor();
}

async function draw(page: Page, from: Locator, to: Locator): Promise<void> {
  await from.hover();
  await to.hover();
  const [start, end] = [await from.boundingBox(), await to.boundingBox()];
  if (!start || !end) throw new Error("a handle is not on the screen");
  await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
  await page.mouse.down();
  await page.mouse.move(end.x - 20, end.y, { steps: 5 });
  await page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 5 });
  await page.mouse.up();
}

/** A trigger, and chains of candles and averages behind it. */
function thousandNodes() {
  const nodes = [at(0, "trigger.manual", {})];
  const edges: object[] = [];
  for (let i = 1; i < 1_000; i++) {
    const isHead = i % 5 === 1;
    nodes.push(isHead ? at(i, "data.candles", { symbol: "HPG" }) : at(i, "indicator.sma", { window: 20 }));
    const [source, sourceHandle, targetHandle] = isHead
      ? [0, "fired", "run"]
      : [i - 1, i % 5 === 2 ? "close" : "series", "series"];
    edges.push({ id: `e${i}`, source: `n${source}`, sourceHandle, target: `n${i}`, targetHandle });
  }
  const settings = { isDeterministic: true, seed: 1, deadlineMs: 300_000, parallelNodes: 8, concurrency: "queue" };
  return {
    schemaVersion: 1,
    name: "A thousand nodes",
    description: "",
    nodes,
    edges,
    viewport: { x: 0, y: 0, zoom: 1 },
    settings: { ...settings, missedRuns: "latest", variables: {} },
  };

  function at(i: number, type: string, parameters: object) {
    const position = { x: (i % 40) * 260, y: Math.floor(i / 40) * 200 };
    return { id: `n${i}`, type, position, data: { version: 1, parameters } };
  }
}
