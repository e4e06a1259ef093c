import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFigureMetadata } from "../../src/contracts/figure-metadata.js";
import { epochMs } from "../../src/engine/units/epoch-ms.js";
import { storeCalendarFacts } from "../../src/import/demo-market.js";
import { seedValueChain } from "../../src/import/value-chain/seed-value-chain.js";
import { filesIn } from "../../src/site/site-files.js";
import { sourceFingerprint } from "../../src/site/site-freshness.js";
import { openEmbeddedDatabase } from "../../src/store/adapters/embedded-database.js";
import { openDatabase } from "../../src/store/open-database.js";
import { readDataVersion } from "../../src/store/queries/data-version.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { placeCluster } from "../support/embedded-cluster.js";
import { httpGet, httpJson } from "../support/http-exchange.js";
import { importPath } from "../support/import-path.js";
import { PROJECT_ROOT, type QuantflowProcess, runQuantflow, startQuantflow } from "../support/quantflow-process.js";
import { TemporaryFolder } from "../support/temporary-home.js";

const SITE = `dist-services-${process.pid}`;
const SITE_FOLDER = join(PROJECT_ROOT, SITE);
const SCRIPT = `export const answer = ${"4".repeat(5_000)};\n`;
const HEADER = "time,symbol,open,high,low,close,volume\n";

const files = new TemporaryFolder();
const home = new TemporaryFolder();
const environment = { QUANTFLOW_HOME: home.path, QUANTFLOW_LOG_LEVEL: "error" };

let server: QuantflowProcess;
let url: string;

async function start(): Promise<void> {
  server = startQuantflow(["start", "--port", "0", "--site", SITE], environment);
  [, url] = (await server.until(/QuantFlow Workbench: (http:\/\/127\.0\.0\.1:\d+\/)/)) as unknown as [string, string];
}

/** A store with one symbol, and a tiny site that passes for one built from it. */
beforeAll(async () => {
  await placeCluster(home.path);
  const database = await openDatabase({ databaseUrl: undefined, dataFolder: home.path, purpose: "test" });
  await storeCalendarFacts(database);
  await seedValueChain(database, { nowMs: epochMs(Date.parse("2026-04-10T00:00:00Z")) });
  await importPath(
    database,
    files.file("brent.csv", `${HEADER}2026-04-08,BRENT,70,72,69,70.5,1\n2026-04-09,BRENT,70,72,69,71,1\n`),
  );
  const { watermark } = await readDataVersion(database);
  await database.close();

  mkdirSync(join(SITE_FOLDER, "symbols"), { recursive: true });
  mkdirSync(join(SITE_FOLDER, "_npm"));
  writeFileSync(join(SITE_FOLDER, "index.html"), "<!doctype html><title>tiny site</title>");
  writeFileSync(join(SITE_FOLDER, "symbols/BRENT.html"), "<!doctype html><title>BRENT</title>");
  writeFileSync(join(SITE_FOLDER, "_npm/answer.js"), SCRIPT);
  writeFileSync(join(SITE_FOLDER, "_npm/answer.js.br"), brotliCompressSync(SCRIPT));
  writeFileSync(join(SITE_FOLDER, "_npm/answer.js.gz"), gzipSync(SCRIPT));
  const fingerprint = await sourceFingerprint(PROJECT_ROOT);
  const manifest = { builtAt: "2026-04-10T00:00:00Z", watermark, fingerprint, pages: ["index", "symbols/BRENT"] };
  writeFileSync(join(SITE_FOLDER, "build.json"), JSON.stringify(manifest));
  await start();
});

afterAll(async () => {
  server?.kill("SIGKILL");
  await server?.finished;
  for (const folder of [SITE_FOLDER, `${SITE_FOLDER}-building`]) rmSync(folder, { recursive: true, force: true });
  home.remove();
  files.remove();
});

describe("quantflow start: HTTP", () => {
  it("answers /health and /ready", async () => {
    expect(await httpJson(`${url}health`)).toEqual({
      status: "ok",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptimeSeconds: expect.any(Number),
    });
    expect(await httpJson(`${url}ready`)).toEqual({
      status: "ready",
      problems: [],
      database: "embedded",
      publishing: { kind: "up-to-date", builtAt: expect.any(String) },
    });
  });

  it("serves pages without their ending, asked for anew each time", async () => {
    for (const [path, title] of [
      ["", "tiny site"],
      ["symbols/BRENT", "BRENT"],
    ]) {
      const { status, headers, body } = await httpGet(`${url}${path}`);
      expect([status, headers["cache-control"]]).toEqual([200, "no-cache"]);
      expect(body.toString()).toContain(`<title>${title}</title>`);
    }
  });

  it("serves assets precompressed as the browser accepts them, to be kept for good", async () => {
    const decoders = { br: brotliDecompressSync, gzip: gunzipSync };
    for (const [encoding, decode] of Object.entries(decoders)) {
      const { headers, body } = await httpGet(`${url}_npm/answer.js`, { "Accept-Encoding": encoding });
      expect(headers["content-encoding"]).toBe(encoding);
      expect(headers["cache-control"]).toContain("immutable");
      expect(decode(body).toString()).toBe(SCRIPT);
    }
    const plain = await httpGet(`${url}_npm/answer.js`, { "Accept-Encoding": "identity" });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.body.toString()).toBe(SCRIPT);
  });

  it("lets pages load nothing from elsewhere, and says nothing of itself", async () => {
    const { headers } = await httpGet(url);
    const policy = headers["content-security-policy"];
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).not.toMatch(/https?:/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["x-powered-by"]).toBeUndefined();
    expect(headers["strict-transport-security"]).toBeUndefined();
  });

  it("refuses a request that names another host", async () => {
    for (const host of ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost@evil.example"]) {
      const { status, body } = await httpGet(url, { Host: host });
      expect(status).toBe(403);
      expect(JSON.parse(body.toString()).error.code).toBe("REQUEST_FORBIDDEN");
    }
    for (const host of ["localhost", "LOCALHOST:3000", "127.0.0.1", "[::1]:80"]) {
      expect((await httpGet(url, { Host: host })).status).toBe(200);
    }
  });

  it("answers what is not there in JSON, with the id of the request", async () => {
    const { status, headers, body } = await httpGet(`${url}nowhere/at/all`);
    expect(status).toBe(404);
    expect(JSON.parse(body.toString())).toEqual({
      error: {
        code: "NOT_FOUND",
        message: expect.stringContaining("/nowhere/at/all"),
        requestId: headers["x-request-id"],
      },
    });
    const another = await httpGet(`${url}health`);
    expect(another.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(another.headers["x-request-id"]).not.toBe(headers["x-request-id"]);
  });

  it("serves nothing from outside the site", async () => {
    for (const path of ["../package.json", "%2e%2e/package.json", "..%2fpackage.json", "_npm/../../package.json"]) {
      const { status, body } = await httpGet(`${url}${path}`);
      expect(status).toBe(404);
      expect(body.toString()).not.toContain("quantflow-workbench");
    }
  });
});

describe("quantflow start: beside other commands", () => {
  it("lets every command work on its data", async () => {
    for (const commandLine of [
      ["symbols"],
      ["candles", "BRENT"],
      ["quality"],
      ["doctor"],
      ["migrate"],
      ["import", files.file("again.csv", `${HEADER}2026-04-09,BRENT,70,72,69,71,1\n`), "--dry-run"],
    ]) {
      const { exitCode, stdout, stderr } = await captureCommand([...commandLine, "--json"], environment);
      expect(exitCode, stderr).toBe(0);
      expect(() => JSON.parse(stdout)).not.toThrow();
    }
  });

  it("refuses to start a second time on the same data, and on a port that is taken", async () => {
    const again = await runQuantflow(["start", "--port", "0", "--site", SITE], environment);
    expect([again.exitCode, again.stdout]).toEqual([3, ""]);
    expect(again.stderr).toMatch(
      new RegExp(`^DATA_FOLDER_LOCKED: .* in use by quantflow start \\(process ${server.pid}, since .*\n$`),
    );

    const other = new TemporaryFolder();
    try {
      await placeCluster(other.path);
      const otherEnvironment = { ...environment, QUANTFLOW_HOME: other.path };
      await captureCommand(["import", files.file("b.csv", `${HEADER}2026-04-09,BRENT,1,1,1,1,1\n`)], otherEnvironment);
      const { port } = new URL(url);
      const taken = await runQuantflow(["start", "--port", port, "--site", SITE], otherEnvironment);
      expect([taken.exitCode, taken.stdout, taken.stderr]).toEqual([
        3,
        "",
        `PORT_IN_USE: port ${port} is taken: stop what uses it, or choose another with --port\n`,
      ]);
    } finally {
      other.remove();
    }
  });

  it("builds the pages anew after an import, serving the former ones meanwhile", async () => {
    const path = files.file("later.csv", `${HEADER}2026-04-10,BRENT,71,73,70,72,1\n`);
    const [report] = await captureJson<{ rowsNew: number }[]>(["import", path, "--json"], environment);
    expect(report).toMatchObject({ rowsNew: 1 });

    const database = await openDatabase({ databaseUrl: undefined, dataFolder: home.path, purpose: "test" });
    const { watermark } = await readDataVersion(database);
    await database.close();
    const states = new Set<string>();
    const isBuilt = async () => {
      const { publishing } = (await httpJson(`${url}ready`)) as { publishing: { kind: string; message?: string } };
      states.add(publishing.kind);
      if (publishing.kind === "failed") throw new Error(publishing.message);
      expect((await httpGet(url)).status).toBe(200);
      const shown = (await httpJson(`${url}build.json`)) as { watermark: string };
      return publishing.kind === "up-to-date" && shown.watermark === watermark;
    };
    while (!(await isBuilt())) await delay(200);
    expect(states).toContain("building");
    expect((await httpGet(url)).body.toString()).not.toContain("tiny site");
    const built = (await filesIn(SITE_FOLDER)).filter((file) => /BRENT[^/]*\.arrow$/.test(file));
    expect(built).toHaveLength(1);
    const { status, body } = await httpGet(`${url}${built[0]}`);
    expect(status).toBe(200);
    expect(readFigureMetadata(tableFromIPC(body).schema.metadata)).toMatchObject({ asOf: "2026-04-10", rows: 3 });
  });
});

describe("quantflow start: its end", () => {
  const address = () => join(home.path, "loopback.json");

  it("stops on SIGTERM with exit code 0 and leaves the data folder to others", async () => {
    expect(existsSync(address())).toBe(true);
    server.kill("SIGTERM");
    expect((await server.finished).exitCode).toBe(0);
    expect(existsSync(address())).toBe(false);
    await (await openEmbeddedDatabase(home.path, { purpose: "test" })).close();
  });

  it("leaves data and an address behind when it is killed, neither of which stands in anyone's way", async () => {
    await start();
    server.kill("SIGKILL");
    expect((await server.finished).exitCode).toBeNull();
    expect(JSON.parse(readFileSync(address(), "utf8"))).toHaveProperty("token");

    const { symbols } = await captureJson<{ symbols: object[] }>(["symbols", "--json"], environment);
    expect(symbols).toEqual([expect.objectContaining({ symbol: "BRENT", candles: 3 })]);

    const holder = await openEmbeddedDatabase(home.path, { purpose: "some long work" });
    const locked = await captureCommand(["symbols"], environment);
    await holder.close();
    expect([locked.exitCode, locked.stderr]).toEqual([
      3,
      expect.stringMatching(/^DATA_FOLDER_LOCKED: .* in use by quantflow some long work /),
    ]);

    await start();
    expect(await httpJson(`${url}ready`)).toMatchObject({ status: "ready" });
  });
});
