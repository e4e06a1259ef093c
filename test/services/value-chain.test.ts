import { createServer, type Server } from "node:http";
import { tableFromIPC } from "apache-arrow";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { load as loadEdges } from "../../data-loaders/value-chain-edges.arrow.js";
import { load as loadNodes } from "../../data-loaders/value-chain-nodes.arrow.js";
import { readFigureMetadata } from "../../src/contracts/figure-metadata.js";
import {
  type ValueChainAnswer,
  valueChainAnswerSchema,
  valueChainChangedSchema,
  valueChainChangeLogSchema,
} from "../../src/contracts/value-chain.js";
import { vietnamValueChain } from "../../src/import/value-chain/seed-value-chain.js";
import { createHttpApp } from "../../src/server/http-app.js";
import { closeServer, listenOnLoopback } from "../../src/server/listen.js";
import { edge, node, STEEL } from "../engine/value-chain/small-chain.js";
import { captureCommand, captureJson } from "../support/captured-command.js";
import { httpGet } from "../support/http-exchange.js";
import { openSharedHome, type SharedHome, TemporaryFolder } from "../support/temporary-home.js";

const NOW = Date.parse("2026-11-21T03:00:00Z");
const SEED = vietnamValueChain();

const files = new TemporaryFolder();
let home: SharedHome;
let server: Server;
let url: string;
beforeAll(async () => {
  home = await openSharedHome();
  const app = createHttpApp({
    version: "1.2.3",
    database: home.database,
    startedAtMs: performance.now(),
    publishing: () => undefined,
    siteIsThere: () => true,
    logger: pino({ level: "silent" }),
    pages: [(_request, _response, next) => next()],
    nowMs: () => NOW,
  });
  server = createServer(app);
  url = `${await listenOnLoopback(server, 0)}api/value-chain`;
});
afterAll(async () => {
  await closeServer(server);
  await home?.dispose();
  files.remove();
});

const text = (...commandLine: string[]) =>
  captureCommand(["value-chain", ...commandLine], home.environment, { nowMs: NOW });
const json = <T = Record<string, unknown>>(...commandLine: string[]) =>
  captureJson<T>(["value-chain", ...commandLine, "--json"], home.environment);

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
const errorOf = async (path: string, body: unknown, headers?: Record<string, string>) => {
  const answer = await post(path, body, headers);
  return [answer.status, answer.body.error.code, answer.body.error.message] as const;
};
const graph = async (query = ""): Promise<ValueChainAnswer> =>
  valueChainAnswerSchema.parse(JSON.parse((await httpGet(`${url}${query}`)).body.toString()));
const edit = (change: unknown, expectedRevision: number) => post("/changes", { change, expectedRevision });

describe("an empty store", () => {
  it("says how to fill it", async () => {
    expect((await text("list")).stdout).toContain("quantflow value-chain seed brings the Vietnamese one");
    expect(await graph()).toEqual({ asOf: null, revision: 0, nodes: [], edges: [] });
    expect((await text("undo")).stderr).toBe("NOT_FOUND: no change of the value chain is left to undo\n");
  });

  it("gives loaders tables without rows", async () => {
    for (const load of [loadNodes, loadEdges]) {
      const table = tableFromIPC(await load({ database: home.database, parameters: {} }));
      expect(table.numRows).toBe(0);
      expect(readFigureMetadata(table.schema.metadata)).toMatchObject({ asOf: "", rows: 0 });
    }
  });
});

describe("quantflow value-chain with the demo market", () => {
  beforeAll(async () => {
    await captureCommand(["demo", "load", "--until", "2026-04-10"], home.environment);
  });

  it("was seeded with it, once", async () => {
    expect(await json("seed")).toEqual({ revision: 1, nodesWritten: 0, edgesWritten: 0, leftAlone: 0 });
    const { nodes, edges } = await json<{ nodes: unknown[]; edges: unknown[] }>("list");
    expect([nodes.length, edges.length]).toEqual([SEED.nodes.length, SEED.edges.length]);
  });

  it("lists what holds on a day and what was known on one", async () => {
    const count = async (...flags: string[]) => (await json<{ edges: unknown[] }>("list", ...flags)).edges.length;
    expect(await count("--as-of", "2025-01-01")).toBeLessThan(SEED.edges.length);
    expect(await count("--known-on", "2020-01-01")).toBe(0);
    expect((await text("list", "--as-of", "2025-02-30")).stderr).toMatch(
      /^ARGUMENT_INVALID: .*invalid date: 2025-02-30/,
    );
    expect((await text("list", "--kind", "member-of")).stdout).not.toContain("input-of");
  });

  it("reckons with betas of the simulated prices, and says so", async () => {
    const { stdout, stderr } = await text("shock", "steel-hrc");
    expect(stdout).toMatch(/^Hot-rolled steel coil \+10\.00% on 2026-11-21\n/);
    expect(stdout).toMatch(/^hpg +[+−]\d\.\d\d% .* measured +\d+ +steel-hrc → hpg$/m);
    expect(stderr).toBe("Betas are measured on simulated data.\n");
    const report = await json<{ affected: { node: string; basis: string }[] }>("shock", "steel-hrc", "--assumed-only");
    expect(new Set(report.affected.map(({ basis }) => basis))).toEqual(new Set(["assumed"]));
  });

  it("gives exposures and paths, and names what it does not know", async () => {
    const [first] = (await json<{ exposures: { factor: string }[] }>("exposure", "HPG", "--to", "iron-ore")).exposures;
    expect(first).toMatchObject({ factor: "iron-ore", coefficient: expect.any(Number) });
    expect(await json("paths", "brent", "dpm")).toMatchObject({ from: "brent", to: "dpm", capped: false });
    expect((await text("paths", "dpm", "brent")).stdout).toBe("No path of up to 4 edges leads from dpm to brent.\n");
    expect((await text("shock", "unobtainium")).stderr).toMatch(/^NOT_FOUND: unknown node: unobtainium /);
    expect((await text("shock", "brent", "--percent", "0")).exitCode).toBe(2);
    expect((await text("shock", "brent", "--attenuation", "2")).stderr).toContain("accepted: a number from 0 to 1");
    const { stderr } = await text("shock", "brent", "--max-paths", "5");
    expect(stderr).toContain("The search ended at 5 paths; --max-paths takes more.\n");
  });

  it("checks the structure of the graph", async () => {
    expect(await json("check")).toMatchObject({ revision: 1, isolated: [], cycles: expect.any(Array) });
    expect((await text("check")).exitCode).toBe(0);
  });

  it("gives pages the graph, with betas where both ends have prices and NaN elsewhere", async () => {
    const table = tableFromIPC(await loadEdges({ database: home.database, parameters: {} }));
    const rows = new Map(table.toArray().map((row) => [row.id as string, row]));
    expect(rows.size).toBe(SEED.edges.length);
    expect(rows.get("steel-hrc--hpg--product-of")).toMatchObject({
      sign: 1,
      beta: expect.any(Number),
      valid_from: null,
    });
    expect(rows.get("steel-hrc--hpg--product-of")!.n).toBeGreaterThan(500);
    expect(rows.get("rainfall--vsh--supplier-of")!.beta).toBeNaN();
    expect(rows.get("vpl--vn30--member-of")!.valid_from).toBe("2026-02-02");
    expect(readFigureMetadata(table.schema.metadata)).toEqual({
      source: "value chain, revision 1; betas from simulated",
      asOf: "2026-04-10",
      rows: SEED.edges.length,
      dataset: "simulated",
      excluded: "",
    });
    const nodes = tableFromIPC(await loadNodes({ database: home.database, parameters: {} }));
    expect(nodes.numRows).toBe(SEED.nodes.length);
  });
});

describe("/api/value-chain", () => {
  it("answers the whole graph, that of a day, and 304 while nothing changes", async () => {
    const whole = await httpGet(url);
    expect(valueChainAnswerSchema.parse(JSON.parse(whole.body.toString())).edges).toHaveLength(SEED.edges.length);
    const again = await httpGet(url, { "If-None-Match": whole.headers.etag! });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    const old = await graph("?asOf=2025-01-01");
    expect(old).toMatchObject({ asOf: "2025-01-01", revision: 1 });
    expect(old.edges.length).toBeLessThan(SEED.edges.length);
    expect((await graph("?knownAt=2020-01-01T00:00:00Z")).nodes).toEqual([]);
  });

  it.each([
    ["?asOf=2026-02-30", "invalid request: asOf: accepted: a day as YYYY-MM-DD"],
    ["?asof=2026-02-01", 'invalid request: Unrecognized key: "asof"'],
    ["/export?format=xls", 'invalid request: format: Invalid option: expected one of "csv"|"json"|"graphml"'],
    ["/changes?limit=0", "invalid request: limit: Too small: expected number to be >=1"],
  ])("refuses %s", async (query, message) => {
    const { status, body } = await httpGet(`${url}${query}`);
    expect([status, JSON.parse(body.toString()).error.message]).toEqual([400, message]);
  });

  it("changes an element, refuses to write over a later change, and undoes", async () => {
    const { revision } = await graph();
    const added = await edit({ kind: "add-edge", edge: edge("gold hpg", 1) }, revision);
    expect(added.status).toBe(200);
    expect(valueChainChangedSchema.parse(added.body)).toEqual({
      revision: revision + 1,
      nodes: [],
      edges: [edge("gold hpg", 1)],
      removedNodeIds: [],
      removedEdgeIds: [],
    });
    const stale = await edit({ kind: "change-edge", edge: edge("gold hpg", -1) }, revision);
    expect([stale.status, stale.body.error.code]).toEqual([409, "VALUE_CHAIN_CONFLICT"]);
    expect((await errorOf("/undo", { expectedRevision: revision }))[1]).toBe("VALUE_CHAIN_CONFLICT");
    const undone = await post("/undo", { expectedRevision: revision + 1, author: "ada" });
    expect(undone.body).toMatchObject({ revision: revision + 2, removedEdgeIds: ["gold--hpg--input-of"] });
    const log = valueChainChangeLogSchema.parse(await (await fetch(`${url}/changes?limit=1`)).json());
    expect(log.changes).toEqual([
      {
        ...{ revision: revision + 2, changedAt: new Date(NOW).toISOString(), author: "ada", kind: "undo", note: "" },
        ...{ undoes: revision + 1, nodeIds: [], edgeIds: ["gold--hpg--input-of"] },
      },
    ]);
  });

  it("stores nothing of a change that makes no graph", async () => {
    const { revision } = await graph();
    const [status, code, message] = await errorOf("/changes", {
      change: { kind: "add-edge", edge: edge("gold nowhere", 1) },
      expectedRevision: revision,
    });
    expect([status, code]).toEqual([422, "VALUE_CHAIN_INVALID"]);
    expect(message).toContain("edge gold--nowhere--input-of: invalid targetId: nowhere (accepted: the id of a node)");
    const reversed = { kind: "add-node", node: { ...node("x"), validFrom: "2026-02-01", validTo: "2026-01-01" } };
    expect((await edit(reversed, revision)).body.error.message).toContain(
      "invalid validity: from 2026-02-01 to 2026-01-01",
    );
    expect((await graph()).revision).toBe(revision);
  });

  it("takes changes from its own pages and from programs, in JSON alone", async () => {
    const body = { expectedRevision: 1 };
    const refused = async (headers: Record<string, string>) => (await errorOf("/undo", body, headers)).slice(0, 2);
    expect(await refused({ Origin: "https://evil.example" })).toEqual([403, "REQUEST_FORBIDDEN"]);
    expect(await refused({ Origin: "null" })).toEqual([403, "REQUEST_FORBIDDEN"]);
    expect(await refused({ "Sec-Fetch-Site": "cross-site" })).toEqual([403, "REQUEST_FORBIDDEN"]);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      expect(await refused({ "Content-Type": type }), type).toEqual([400, "REQUEST_INVALID"]);
    }
    expect(await refused({ Origin: new URL(url).origin })).toEqual([409, "VALUE_CHAIN_CONFLICT"]);
  });

  it("refuses what is not JSON, has another shape or is too large", async () => {
    expect((await errorOf("/changes", "{")).slice(0, 2)).toEqual([400, "REQUEST_INVALID"]);
    expect(await errorOf("/changes", { expectedRevision: 1, change: { kind: "explode" } })).toEqual([
      400,
      "REQUEST_INVALID",
      expect.stringMatching(/^invalid request: change\.kind: /),
    ]);
    expect((await errorOf("/undo", { expectedRevision: 1, author: "a\0b" }))[2]).toBe(
      "invalid request: author: accepted: text without NUL",
    );
    const note = "x".repeat(11 * 1024 * 1024);
    expect(await errorOf("/import", { format: "json", content: note, expectedRevision: 1 })).toEqual([
      413,
      "REQUEST_TOO_LARGE",
      expect.stringMatching(/^invalid body: \d+ bytes \(accepted: up to 10485760\)$/),
    ]);
    expect((await errorOf("/changes", { note: "x".repeat(70_000) })).slice(0, 2)).toEqual([413, "REQUEST_TOO_LARGE"]);
  });

  it.each(["json", "graphml"])("imports its own %s export as the same graph", async (format) => {
    const { revision } = await graph();
    const content = await (await fetch(`${url}/export?format=${format}`)).text();
    const { status, body } = await post("/import", { format, content, mode: "replace", expectedRevision: revision });
    expect([status, body]).toEqual([200, { revision, nodes: [], edges: [], removedNodeIds: [], removedEdgeIds: [] }]);
  });

  it("imports its own CSV export, and names the lines of a bad one", async () => {
    const { revision } = await graph();
    const part = async (name: string) => (await fetch(`${url}/export?format=csv&part=${name}`)).text();
    const [nodes, edges] = [await part("nodes"), await part("edges")];
    const same = await post("/import", { format: "csv", nodes, edges, mode: "replace", expectedRevision: revision });
    expect(same.body).toMatchObject({ revision, edges: [] });
    const bad = edges.replace(/,input-of,-1,/, ",input-of,7,");
    const [status, code, message] = await errorOf("/import", { format: "csv", edges: bad, expectedRevision: revision });
    expect([status, code]).toEqual([422, "VALUE_CHAIN_INVALID"]);
    expect(message).toMatch(/1 problem: edges line \d+, edge [a-z0-9-]+: invalid sign: 7 \(accepted: -1, 0 or 1\)$/);
  });
});

describe("quantflow value-chain import and export", () => {
  const exportTo = async (name: string, ...flags: string[]) => {
    const path = `${files.path}/${name}`;
    await text("export", "--output", path, ...flags);
    return path;
  };

  it("bring back the same graph in every format", async () => {
    const nodes = await exportTo("nodes.csv", "--format", "csv", "--part", "nodes");
    const edges = await exportTo("edges.csv", "--format", "csv");
    const paths = [
      [await exportTo("chain.json")],
      [await exportTo("chain.graphml", "--format", "graphml")],
      [edges, nodes],
    ];
    for (const each of paths) {
      expect(await json("import", ...each, "--mode", "replace")).toMatchObject({ nodesWritten: 0, edgesWritten: 0 });
    }
  });

  it("store a file of one's own, log it, and take it back", async () => {
    const path = files.file(
      "own.json",
      JSON.stringify({ format: "quantflow-value-chain", version: 1, nodes: STEEL.nodes, edges: STEEL.edges }),
    );
    expect(await json("import", path, "--note", "mine")).toMatchObject({ edgesWritten: STEEL.edges.length });
    expect((await text("log", "--limit", "1")).stdout).toContain("mine");
    expect(await json("undo")).toMatchObject({ edgesRemoved: STEEL.edges.length });
  });

  it("refuse bad files with the reason and exit code 1, and stores nothing", async () => {
    const before = await graph();
    const failing = async (name: string, content: string) => {
      const { exitCode, stderr } = await text("import", files.file(name, content));
      expect(exitCode, name).toBe(1);
      return stderr;
    };
    expect(await failing("bad.graphml", "no xml")).toMatch(
      /^VALUE_CHAIN_INVALID: .*bad\.graphml line 1 is not GraphML/,
    );
    expect(await failing("bad.json", "{}")).toMatch(/^VALUE_CHAIN_INVALID: .*bad\.json format: /);
    expect(await failing("bad.csv", "id,name,kind,colour\n")).toMatch(
      /^FILE_HEADER_INVALID: .*unknown column "colour"/,
    );
    expect(await failing("latin.csv", "")).toMatch(/^FILE_EMPTY: /);
    const mixed = await text("import", files.file("a.txt", "x"));
    expect([mixed.exitCode, mixed.stderr]).toEqual([2, expect.stringMatching(/^ARGUMENT_INVALID: invalid files: /)]);
    expect((await text("import", `${files.path}/nowhere.json`)).stderr).toMatch(/^FILE_NOT_FOUND: /);
    expect(await graph()).toEqual(before);
  });
});
