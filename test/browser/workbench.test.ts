import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium, visit } from "./page-visit.js";
import { quantflow, REPOSITORY, type RunningCommand, startQuantflow } from "./workbench-process.js";

const SITE = "dist-browser-test";
const DATA = join(REPOSITORY, "../shared/data");
const WIDTHS = [1280, 390];
const PAGES = ["", "heatmap", "lead-lag", "value-chain", "data-quality"];
const hasChromium = existsSync(CHROMIUM);
const hasRealData = existsSync(DATA);

/** A build in a network namespace without any interface proves that nothing is fetched. */
const WITHOUT_NETWORK = ["unshare", "-rn"];

describe.skipIf(!hasChromium)(`the workbench in Chromium (needs ${CHROMIUM})`, () => {
  let home: string;
  let browser: Browser;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "quantflow-browser-"));
    rmSync(join(REPOSITORY, SITE), { recursive: true, force: true });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(home, { recursive: true, force: true });
    rmSync(join(REPOSITORY, SITE), { recursive: true, force: true });
  });

  describe("with the demo market", () => {
    const symbolPages = ["symbols/HPG", "symbols/VNINDEX", "symbols/BRENT"];
    let workbench: RunningCommand;

    it("builds its pages with the network cut off", () => {
      expect(quantflow(["demo", "load", "--until", "2026-11-20"], home)).toMatchObject({ status: 0 });
      const canUnshare = quantflow(["--version"], home, WITHOUT_NETWORK).status === 0;
      const built = quantflow(["build", "--output", SITE], home, canUnshare ? WITHOUT_NETWORK : []);
      expect(built.stderr).toContain(" pages in ");
      expect(built.status).toBe(0);
    });

    it("serves the site it finds up to date without building again", async () => {
      const before = readFileSync(join(REPOSITORY, SITE, "build.json"), "utf8");
      workbench = await startQuantflow(["start", "--port", "0", "--site", SITE], home);
      expect(readFileSync(join(REPOSITORY, SITE, "build.json"), "utf8")).toBe(before);
    });

    for (const width of WIDTHS) {
      it.each([...PAGES, ...symbolPages])(
        `shows /%s without a fault at ${width} pixels, marked as simulated`,
        async (page) => {
          const seen = await visit(browser, workbench.url + page, { width });
          expect(seen.problems).toEqual([]);
          expect(seen.heading).not.toBe("");
          expect(seen.isSimulated).toBe(true);
        },
      );
    }

    it("finds the planted lead of iron ore over HPG", async () => {
      const { text } = await visit(browser, `${workbench.url}lead-lag?source=DCE.I&target=HPG`, { width: 1280 });
      expect(text).toMatch(/DCE\.I may lead HPG by 5 trading days/);
    });

    it("works from a plain file host under a sub-path", async () => {
      const host = await startFileHost(join(REPOSITORY, SITE), "/reports/today/");
      try {
        for (const page of ["index.html", "heatmap.html", "value-chain.html", "symbols/HPG.html"]) {
          expect(await visit(browser, `${host.url}${page}`, { width: 1280 })).toMatchObject({
            problems: [],
            isSimulated: true,
          });
        }
      } finally {
        host.server.close();
      }
    });

    it.skipIf(!hasRealData)(`shows imported data in its place while it runs (needs ${DATA})`, async () => {
      const files = [
        "equities/vn100_daily_2015_2026.csv.gz",
        "equities/vn_indexes_daily_2004_2026.csv.gz",
        "equities/vn_tickers_sector_marketcap_2021.csv",
        "commodities/cn_futures_daily.csv.gz",
        "commodities/energy_spot_eia_daily.csv.gz",
        "fx/usdvnd_yahoo_2020_2026.csv",
      ];
      const imported = quantflow(["import", ...files.map((file) => join(DATA, file)), "--json"], home);
      expect(imported.status).toBe(0);
      const reports = JSON.parse(imported.stdout) as { rowsNew: number }[];
      expect(reports.map(({ rowsNew }) => rowsNew)).toEqual([234_083, 36_423, 709, 40_084, 27_620, 1_615]);

      await expect
        .poll(async () => (await visit(browser, workbench.url, { width: 1280 })).isSimulated, {
          timeout: 240_000,
          interval: 3_000,
        })
        .toBe(false);
      // Each file is a change of its own: wait for the build that has them all.
      await expect
        .poll(async () => (await (await fetch(`${workbench.url}ready`)).json()).publishing.kind, {
          timeout: 240_000,
          interval: 2_000,
        })
        .toBe("up-to-date");
    });

    for (const width of WIDTHS) {
      it
        .skipIf(!hasRealData)
        .each([...PAGES, ...symbolPages, "symbols/DCE.I", "symbols/WTI", "symbols/USDVND.Y", "symbols/HHV"])(
        `shows /%s of the real market without a fault at ${width} pixels`,
        async (page) => {
          const seen = await visit(browser, workbench.url + page, { width });
          expect(seen.problems).toEqual([]);
          expect(seen.isSimulated).toBe(false);
        },
      );
    }

    it.skipIf(!hasRealData)(
      "shows the correlations of iron ore and HPG that an independent program found",
      async () => {
        const address = `${workbench.url}lead-lag?source=DCE.I&target=HPG&from=2021-04-01&to=2026-04-01&lag=30&align=inner`;
        const { text } = await visit(browser, address, { width: 1280 });
        expect(text).toContain("no lead found");
        const reference = readFileSync(join(DATA, "reference/iron_hpg_ccf.csv"), "utf8").split("\n").slice(1);
        for (const lag of [0, 1, 2]) {
          const row = reference
            .map((line) => line.split(","))
            .find((cells) => cells[3] === "D" && cells[6] === String(lag))!;
          expect(text).toContain(`+${Number(row[8]).toFixed(4)}`);
          expect(text).toContain(Number(row[7]).toLocaleString("en-US"));
        }
      },
    );

    afterAll(() => workbench?.stop());
  });

  describe("in development", () => {
    let development: RunningCommand;
    beforeAll(async () => {
      development = await startQuantflow(["dev", "--port", "0"], home);
    });
    afterAll(() => development?.stop());

    for (const width of WIDTHS) {
      it.each([...PAGES, "symbols/HPG"])(`shows /%s without a fault at ${width} pixels`, async (page) => {
        expect((await visit(browser, development.url + page, { width })).problems).toEqual([]);
      });
    }

    it("answers for its health on the same port", async () => {
      expect(await (await fetch(`${development.url}health`)).json()).toMatchObject({ status: "ok" });
    });
  });
});

/** A host that knows files and nothing else: no clean addresses, no index pages. */
async function startFileHost(folder: string, prefix: string): Promise<{ url: string; server: Server }> {
  const types: Record<string, string> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".wasm": "application/wasm",
    ".json": "application/json",
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://host").pathname);
    const file = join(folder, normalize(path.slice(prefix.length)));
    if (!path.startsWith(prefix) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", types[extname(file)] ?? "application/octet-stream");
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`, server };
}
