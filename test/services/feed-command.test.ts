import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type DnseOpenApiServer, startDnseOpenApiServer } from "../support/dnse-open-api-server.js";
import { placeCluster } from "../support/embedded-cluster.js";
import { type QuantflowProcess, runQuantflow, startQuantflow } from "../support/quantflow-process.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const PATIENCE = { timeout: 60_000, interval: 250 };

interface Audit {
  readonly verdict: string;
  readonly symbols: readonly {
    readonly symbol: string;
    readonly received: number;
    readonly stored: number;
    readonly duplicates: number;
    readonly backfilled: number;
    readonly gapsFound: number;
    readonly gapsFilled: number;
    readonly missingVolume: number;
    readonly verdict: string;
  }[];
}

describe("quantflow feed, beside a workbench that follows the broker", () => {
  const home = new TemporaryFolder();
  let broker: DnseOpenApiServer;
  let workbench: QuantflowProcess;
  let environment: Record<string, string>;
  let address: string;

  beforeAll(async () => {
    await placeCluster(home.path);
    broker = await startDnseOpenApiServer();
    environment = {
      QUANTFLOW_HOME: home.path,
      FEED: "dnse",
      DNSE_WS_URL: broker.wsUrl,
      DNSE_REST_URL: broker.restUrl,
      DNSE_API_KEY: broker.key,
      DNSE_API_SECRET: broker.secret,
      DNSE_SYMBOLS: "HPG,FPT",
    };
    workbench = startQuantflow(["start", "--port", "0", "--no-publish"], environment);
    [address] = await workbench.until(/http:\/\/127\.0\.0\.1:\d+\//);
    await broker.untilSubscribed("tick.G1", "FPT");
  });
  afterAll(async () => {
    workbench.kill("SIGTERM");
    await workbench.finished;
    await broker.close();
    home.remove();
  });

  async function audit(...flags: string[]): Promise<{ exitCode: number | null; report: Audit }> {
    const { exitCode, stdout } = await runQuantflow(["feed", "audit", "--json", ...flags], environment);
    return { exitCode, report: JSON.parse(stdout) as Audit };
  }

  it("proves a day with duplicates and a gap that history filled", async () => {
    for (let count = 0; count < 20; count++) {
      const sent = broker.publishTick({ symbol: "HPG", price: 27_100, quantity: 100 });
      if (count % 5 === 0) broker.publish(sent);
      broker.makeTick({ symbol: "HPG", price: 27_150, quantity: 200 });
    }
    await vi.waitFor(async () => {
      const { exitCode, report } = await audit("--symbol", "HPG");
      expect(report.symbols).toMatchObject([
        { symbol: "HPG", stored: 39, duplicates: 4, backfilled: 19, missingVolume: 0, verdict: "complete" },
      ]);
      expect([exitCode, report.verdict]).toEqual([0, "complete"]);
    }, PATIENCE);
  }, 120_000);

  it("ends with code 4 and names the volume that nobody can give", async () => {
    broker.publishTick({ symbol: "FPT", price: 86_000, quantity: 100 });
    broker.publishTick({ symbol: "FPT", price: 86_000, quantity: 100, cumulativeVolume: 900 });
    await vi.waitFor(async () => {
      const { exitCode, report } = await audit("--symbol", "FPT");
      expect(report.symbols).toMatchObject([{ symbol: "FPT", stored: 2, missingVolume: 700, verdict: "incomplete" }]);
      expect([exitCode, report.verdict]).toEqual([4, "incomplete"]);
    }, PATIENCE);

    const { stdout } = await runQuantflow(["feed", "status"], environment);
    expect(stdout).toMatch(/^dnse: /);
    expect(stdout).toContain("FPT");
  }, 120_000);

  it("lists the instruments that traded", async () => {
    const answer = await fetch(new URL("/api/market/instruments", address));
    const { instruments } = (await answer.json()) as { instruments: { symbol: string }[] };
    expect(instruments.map(({ symbol }) => symbol)).toEqual(["FPT", "HPG"]);
  });
});
