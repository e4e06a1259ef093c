import { describe, expect, it } from "vitest";
import { rollingHighest } from "../../../../src/engine/indicators/rolling-extremes.js";
import { simpleMovingAverage } from "../../../../src/engine/indicators/simple-moving-average.js";
import { epochMs, MS_PER_HOUR } from "../../../../src/engine/units/epoch-ms.js";
import { tradingDateOf } from "../../../../src/engine/units/trading-date.js";
import { EXAMPLE_WORKFLOWS } from "../../../../src/engine/workflow/examples/example-workflows.js";
import { NODE_CATALOGUE } from "../../../../src/engine/workflow/node-catalogue.js";
import { validateWorkflow } from "../../../../src/engine/workflow/validate-workflow.js";
import type { WorkflowNode } from "../../../../src/engine/workflow/workflow-definition.js";
import { DemoServices, demoMarket } from "./demo-services.js";
import { minutesAfter, runExample } from "./run-example.js";

const MARKET = demoMarket("2024-06-28");
const DAYS = [...MARKET.tradingDaysMs];
const afterClose = (dayMs: number) => minutesAfter(dayMs, 14, 50);

/** What a node covers on the canvas: a card is 204 px wide and, with its ports and parameters, up to 240 px high. */
function boxOf({ id, parentId, position, width = 204, height = 240 }: WorkflowNode) {
  return { id, parentId, ...position, width, height };
}

type Box = ReturnType<typeof boxOf>;

function overlap(a: Box, b: Box): boolean {
  const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  return a.parentId === b.parentId && !isApart;
}

const statusesOf = ({ states }: Awaited<ReturnType<typeof runExample>>) => new Set(states.map(({ status }) => status));

describe("EXAMPLE_WORKFLOWS", () => {
  it.each(Object.entries(EXAMPLE_WORKFLOWS))(
    "%s has no problem, notes that explain it and room for each node",
    (_name, definition) => {
      expect(validateWorkflow(definition, NODE_CATALOGUE).problems).toEqual([]);
      expect(definition.nodes.filter(({ type }) => type === "note").length).toBeGreaterThan(0);
      const boxes = definition.nodes.map(boxOf);
      boxes.forEach((box, i) => {
        for (const other of boxes.slice(i + 1)) expect(overlap(box, other), `${box.id} and ${other.id}`).toBe(false);
        const around = boxes.find(({ id }) => id === box.parentId);
        if (around) expect(box.x + box.width <= around.width && box.y + box.height <= around.height).toBe(true);
      });
    },
  );

  it.each(Object.keys(EXAMPLE_WORKFLOWS))("%s orders and tells nothing in a dry run", async (name) => {
    const services = new DemoServices(MARKET);
    const days = DAYS.slice(-5).map(afterClose);
    expect(statusesOf(await runExample(name, services, days, { mode: "dry-run" }))).toEqual(new Set(["succeeded"]));
    expect([services.orders, services.notices, services.memories, [...services.tables]]).toEqual([[], [], [], []]);
  });

  it.each(Object.keys(EXAMPLE_WORKFLOWS))("%s gives the same events twice", async (name) => {
    const days = DAYS.slice(-3).map(afterClose);
    const once = await runExample(name, new DemoServices(MARKET), days);
    const again = await runExample(name, new DemoServices(MARKET), days);
    expect(again.journals.map(({ lines }) => lines)).toEqual(once.journals.map(({ lines }) => lines));
  });
});

describe("moving-average-cross", () => {
  it("buys on the days on which the averages cross over, sells when they cross under", async () => {
    const services = new DemoServices(MARKET);
    const days = DAYS.slice(-250);
    const runs = await runExample("moving-average-cross", services, days.map(afterClose));
    expect(statusesOf(runs)).toEqual(new Set(["succeeded"]));

    const { close } = MARKET.daily.get("HPG")!;
    const fast = simpleMovingAverage(close, { window: 20 });
    const slow = simpleMovingAverage(close, { window: 50 });
    const isAbove = [...close].map((_, row) => fast[row]! > slow[row]!);
    const first = DAYS.length - days.length;
    const expected: string[] = [];
    let isHeld = false;
    for (let row = first; row < DAYS.length; row++) {
      if (isAbove[row] === isAbove[row - 1]) continue;
      if (isAbove[row] && !isHeld) expected.push(`${tradingDateOf(DAYS[row]!)} buy`);
      if (!isAbove[row] && isHeld) expected.push(`${tradingDateOf(DAYS[row]!)} sell`);
      isHeld = isAbove[row]!;
    }
    const placed = services.orders.map(({ side, requestedAtMs }) => `${tradingDateOf(requestedAtMs)} ${side}`);
    expect(expected.length).toBeGreaterThan(2);
    expect(placed).toEqual(expected);
    for (const { quantity, symbol, riskProfile } of services.orders) {
      expect([quantity % 100, symbol, riskProfile]).toEqual([0, "HPG", "default"]);
    }
  });
});

describe("rsi-mean-reversion", () => {
  it("holds at most five shares and half of the equity, and sells what has recovered", async () => {
    const services = new DemoServices(MARKET);
    const runs = await runExample("rsi-mean-reversion", services, DAYS.slice(-30).map(afterClose));
    expect(statusesOf(runs)).toEqual(new Set(["succeeded"]));
    expect(new Set(services.orders.map(({ side }) => side))).toEqual(new Set(["buy", "sell"]));
    expect([...services.held.values()].filter(({ quantity }) => quantity > 0).length).toBeLessThanOrEqual(5);
    expect(services.cash).toBeGreaterThan(0);

    const scores = services.tables.get("rsi-scores")!;
    expect(scores.length).toBe(30);
    expect(scores.at(-1)!.columns.map(({ name }) => name)).toEqual(["symbol", "rsi", "score"]);
    expect(scores.at(-1)!.rowCount).toBe(30);
    const bought = new Set(services.orders.filter(({ side }) => side === "buy").map(({ symbol }) => symbol));
    const everOversold = new Set(
      scores.flatMap(({ columns }) => columns[0]!.cells.filter((_, row) => (columns[1]!.cells[row] as number) < 40)),
    );
    for (const symbol of bought) expect(everOversold).toContain(symbol);
  });
});

describe("iron-ore-leads-hoa-phat", () => {
  const tenOClock = (dayMs: number) => minutesAfter(dayMs, 10, 0);

  it("trades in the direction of iron ore and remembers why", async () => {
    const services = new DemoServices(MARKET);
    const runs = await runExample("iron-ore-leads-hoa-phat", services, DAYS.slice(-80).map(tenOClock));
    expect(statusesOf(runs)).toEqual(new Set(["succeeded"]));
    expect(services.orders.map(({ side }) => side)).toEqual(
      services.orders.map((_, i) => (i % 2 === 0 ? "buy" : "sell")),
    );
    expect(services.orders.length).toBeGreaterThan(2);
    expect(services.memories.length).toBe(80);
    expect(services.memories[0]).toMatch(/^Iron ore pushes HPG by -?\d+(\.\d+)?% \(correlation 0\.3\)\.$/);
  });

  it("stops before it reads a price when no study found a lead", async () => {
    const services = new DemoServices(MARKET);
    const withoutStudies = Object.assign(services, {
      studies: { ...services.studies, leadLag: async () => undefined },
    });
    const { states } = await runExample("iron-ore-leads-hoa-phat", withoutStudies, [tenOClock(DAYS.at(-1)!)]);
    expect(states[0]!.status).toBe("succeeded");
    expect(states[0]!.steps.get("ore")).toMatchObject({ kind: "pruned" });
    expect(services.orders).toEqual([]);
  });
});

describe("breakout-trailing-stop", () => {
  it("buys above the channel and sells at a stop that never falls", async () => {
    const services = new DemoServices(MARKET);
    const days = DAYS.slice(-250);
    const { states } = await runExample("breakout-trailing-stop", services, days.map(afterClose));
    expect(services.orders.length).toBeGreaterThan(2);

    const { high, close } = MARKET.daily.get("FPT")!;
    const channel = rollingHighest(high, { window: 20 });
    for (const { side, requestedAtMs } of services.orders) {
      const row = DAYS.findIndex((dayMs) => tradingDateOf(dayMs) === tradingDateOf(requestedAtMs));
      if (side === "buy") expect(close[row]).toBeGreaterThan(channel[row - 1]!);
    }
    let stopBefore = -Infinity;
    for (const { steps } of states) {
      const trail = steps.get("trail");
      const stop = trail?.kind === "succeeded" ? trail.result.outputs.stop : undefined;
      if (stop?.type !== "number") stopBefore = -Infinity;
      else {
        expect(stop.value).toBeGreaterThanOrEqual(stopBefore);
        stopBefore = stop.value;
      }
    }
    const sells = services.orders.filter(({ side }) => side === "sell").length;
    expect(services.notices.map(({ title }) => title.replace(/\d+/, "n"))).toEqual(
      new Array(sells).fill("FPT reached its stop of n VND"),
    );
  });
});

describe("monthly-risk-parity", () => {
  it("rebalances on the first trading day of each month, to weights of equal risk", async () => {
    const services = new DemoServices(MARKET);
    const days = DAYS.slice(-130);
    const runs = await runExample(
      "monthly-risk-parity",
      services,
      days.map((dayMs) => minutesAfter(dayMs, 10, 0)),
    );
    expect(statusesOf(runs)).toEqual(new Set(["succeeded"]));

    const firsts = days.filter(
      (dayMs, i) => i > 0 && tradingDateOf(dayMs).slice(0, 7) !== tradingDateOf(days[i - 1]!).slice(0, 7),
    );
    expect(services.notices.map(({ atMs }) => tradingDateOf(atMs))).toEqual(firsts.map(tradingDateOf));
    expect(services.orders.length).toBeGreaterThan(8);
    for (const { requestedAtMs } of services.orders) {
      expect(firsts.map(tradingDateOf)).toContain(tradingDateOf(requestedAtMs));
    }

    for (const { columns } of services.tables.get("risk-parity-weights")!) {
      const [, weight, riskShare] = columns.map(({ cells }) => cells as readonly number[]);
      expect(weight!.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      for (const share of riskShare!) expect(share).toBeCloseTo(1 / 8, 8);
    }
    expect(services.cash).toBeGreaterThan(0);
  });
});

describe("news-sentiment-alert", () => {
  const nineOClock = minutesAfter(DAYS.at(-1)!, 9, 0);
  const published = (hoursBefore: number, title: string) => ({
    publishedAtMs: epochMs(nineOClock - hoursBefore * MS_PER_HOUR),
    title,
    source: "test",
  });

  it("warns once about a share whose news are bad, and names it", async () => {
    const services = new DemoServices(MARKET);
    services.news.set("HPG", [
      published(1, "Hòa Phát báo lỗ quý II, cổ phiếu giảm sàn"),
      published(3, "HPG plunges on weak demand"),
    ]);
    services.news.set("FPT", [published(1, "FPT lãi kỷ lục"), published(2, "FPT trúng thầu lớn, doanh thu tăng")]);
    services.news.set("VNM", [published(2, "Vinamilk họp đại hội cổ đông")]);
    const hours = [0, 1, 2].map((hour) => nineOClock + hour * MS_PER_HOUR);
    const runs = await runExample("news-sentiment-alert", services, hours);
    expect(statusesOf(runs)).toEqual(new Set(["succeeded"]));
    expect(services.notices.map(({ title, severity }) => [title, severity])).toEqual([
      ["Bad news about 1 watched shares", "warning"],
    ]);
    expect(services.notices[0]!.text).toContain("symbol HPG, score -1, titles 2");
    expect(services.notices[0]!.text).not.toContain("FPT");
    expect(services.memories).toEqual(["News were clearly bad about 1 of the watched shares."]);
  });

  it("says nothing without news", async () => {
    const services = new DemoServices(MARKET);
    expect(statusesOf(await runExample("news-sentiment-alert", services, [nineOClock]))).toEqual(
      new Set(["succeeded"]),
    );
    expect(services.notices).toEqual([]);
  });
});
