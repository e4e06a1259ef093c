import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BuiltSite, buildSite } from "../../src/site/build-site.js";
import { filesIn } from "../../src/site/site-files.js";
import { linkPackages, REPOSITORY, writeProject } from "../site/temporary-project.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

const PAGES = {
  "observablehq.config.js": `export default {
    root: "notebooks", title: "Fixture", globalStylesheets: [], footer: "", search: true,
    pages: [{ name: "Libraries", path: "/index" }],
    head: '<link rel="icon" href="data:,"><link rel="stylesheet" href="npm:@fontsource-variable/inter/wght.css">',
    duckdb: { extensions: { json: null, parquet: null } },
    dynamicPaths: ["/symbols/HPG", "/symbols/DCE.I"],
    preserveExtension: true, preserveIndex: true,
  };`,
  "notebooks/index.md": `# Libraries

\`\`\`js
import * as aq from "npm:arquero";
import * as Arrow from "npm:apache-arrow";
import { createChart, LineSeries } from "npm:lightweight-charts";
import { DuckDBClient } from "npm:@observablehq/duckdb";
import * as plot from "npm:@observablehq/plot";
import * as d3js from "npm:d3";
\`\`\`

\`\`\`js
const closes = await FileAttachment("data/closes.arrow").arrow();
const values = Array.from(closes.getChild("close"));
const database = await DuckDBClient.of({ closes });
await database.query("SET autoload_known_extensions=false");
const [row] = await database.query("SELECT sum(close)::DOUBLE AS total FROM closes");
const chart = document.createElement("div");
createChart(chart, { width: 200, height: 100 }).addSeries(LineSeries).setData([{ time: "2026-04-10", value: 1 }]);
display(html\`<output id="result">\${JSON.stringify({
  d3: d3js.sum(values),
  arquero: aq.table({ close: values }).rollup({ total: aq.op.sum("close") }).get("total", 0),
  duckdb: row.total,
  arrow: closes instanceof Arrow.Table,
  plot: plot.plot({ marks: [plot.dot(values)] }).tagName,
  chart: chart.querySelectorAll("canvas").length > 0,
})}</output>\`);
\`\`\`
`,
  "notebooks/symbols/[symbol].md": `# Symbol

\`\`\`js
import { label } from "../components/label.js";
const candles = await FileAttachment(\`../data/candles/\${observable.params.symbol}.arrow\`).arrow();
display(html\`<output id="result">\${label(observable.params.symbol, candles.numRows)}</output>\`);
\`\`\`
`,
  "notebooks/components/label.ts":
    'export const label = (symbol: string, rows: number): string => symbol + ": " + rows + " rows";',
  "notebooks/data/closes.arrow.ts": "export {};",
  "notebooks/data/candles/[symbol].arrow.ts": "export {};",
  "data-loaders/closes.arrow.ts": "export {};",
  "data-loaders/candles/[symbol].arrow.ts": "export {};",
};

const REQUESTS = [
  { file: "data-loaders/closes.arrow.ts", parameters: {} },
  ...["HPG", "DCE.I"].map((symbol) => ({ file: "data-loaders/candles/[symbol].arrow.ts", parameters: { symbol } })),
];
const closes = () => tableToIPC(tableFromArrays({ close: Float64Array.of(1, 2, 3) }), "stream");

let projectRoot: string;
let outputDir: string;
let built: BuiltSite;

beforeAll(async () => {
  projectRoot = await writeProject(PAGES);
  linkPackages(projectRoot);
  outputDir = join(projectRoot, "dist");
  built = await buildSite({
    projectRoot,
    outputDir,
    environment: {},
    loaders: { requests: REQUESTS, watermark: "1", run: async () => closes() },
  });
});

afterAll(() => rm(projectRoot, { recursive: true, force: true }));

describe("buildSite(options)", () => {
  it("says in build.json what was built", () => {
    const manifest = JSON.parse(readFileSync(join(outputDir, "build.json"), "utf8"));
    expect(manifest).toEqual(built.manifest);
    expect(manifest).toMatchObject({ watermark: "1", pages: ["index", "symbols/DCE.I", "symbols/HPG"] });
  });

  it("holds each library once", async () => {
    const files = await filesIn(join(outputDir, "_npm"));
    for (const library of ["d3", "apache-arrow", "@observablehq/plot"]) {
      const scripts = files.filter((file) => file.startsWith(`${library}@`) && file.endsWith(".js"));
      expect(scripts, library).toHaveLength(1);
    }
  });

  it("holds the fonts its style sheets name, and DuckDB, compressed", async () => {
    const files = await filesIn(join(outputDir, "_npm"));
    expect(files.filter((file) => file.endsWith("-vietnamese-wght-normal.woff2"))).toHaveLength(1);
    expect(files.filter((file) => file.includes(".wasm")).map((file) => file.replace(/.*\//, ""))).toEqual([
      "duckdb-eh.wasm",
      "duckdb-eh.wasm.br",
      "duckdb-eh.wasm.gz",
      "duckdb-mvp.wasm",
      "duckdb-mvp.wasm.br",
      "duckdb-mvp.wasm.gz",
    ]);
  });
});

describe.skipIf(!existsSync(CHROMIUM))(`the built site on a plain file host (needs ${CHROMIUM})`, () => {
  let server: Server;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    server = plainFileHost("/below/a/path", outputDir);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  });

  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  async function open(path: string): Promise<{ result: string; complaints: string[] }> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(origin)) complaints.push(request.url());
    });
    await page.goto(`${origin}/below/a/path/${path}`);
    await page.locator("#result, .observablehq--error").first().waitFor();
    complaints.push(...(await page.locator(".observablehq--error").allTextContents()));
    const [result = ""] = await page.locator("#result").allTextContents();
    await page.close();
    return { result, complaints };
  }

  it("runs every library below a sub-path without asking another host", async () => {
    const { result, complaints } = await open("index.html");
    expect(complaints).toEqual([]);
    expect(JSON.parse(result)).toEqual({ d3: 6, arquero: 6, duckdb: 6, arrow: true, plot: "svg", chart: true });
  });

  it.each(["HPG", "DCE.I"])("shows the page of %s", async (symbol) => {
    const { result, complaints } = await open(`symbols/${symbol}.html`);
    expect(complaints).toEqual([]);
    expect(result).toBe(`${symbol}: 3 rows`);
  });
});

const mayUnshare = spawnSync("unshare", ["-rn", "true"]).status === 0;

describe.skipIf(!mayUnshare)("buildSite(options) with the network cut off (needs unshare -rn)", () => {
  it("builds from an empty cache", async () => {
    await rm(join(projectRoot, "notebooks/.observablehq"), { recursive: true });
    const program = `
      import { buildSite } from ${JSON.stringify(join(REPOSITORY, "src/site/build-site.ts"))};
      const bytes = Buffer.from("${Buffer.from(closes()).toString("base64")}", "base64");
      const { manifest } = await buildSite({
        projectRoot: ${JSON.stringify(projectRoot)},
        outputDir: ${JSON.stringify(join(projectRoot, "dist-offline"))},
        environment: {},
        loaders: { requests: ${JSON.stringify(REQUESTS)}, watermark: "1", run: async () => bytes },
      });
      process.stdout.write(JSON.stringify(manifest.pages));`;
    const tsx = pathToFileURL(join(REPOSITORY, "node_modules/tsx/dist/loader.mjs")).href;
    const command = [process.execPath, "--import", tsx, "--input-type=module", "--eval", program];
    const { stdout, stderr, status } = spawnSync("unshare", ["-rn", ...command], {
      cwd: projectRoot,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(["index", "symbols/DCE.I", "symbols/HPG"]);
  });
});

/** Serves files by their exact names and nothing else, as the simplest host does. */
function plainFileHost(basePath: string, folder: string): Server {
  const types: Readonly<Record<string, string>> = {
    html: "text/html",
    js: "text/javascript",
    css: "text/css",
    json: "application/json",
    wasm: "application/wasm",
  };
  return createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    const file = join(folder, normalize(path.slice(basePath.length)));
    if (!path.startsWith(`${basePath}/`) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": types[file.split(".").at(-1) ?? ""] ?? "application/octet-stream" });
    response.end(readFileSync(file));
  });
}
