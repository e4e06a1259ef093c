import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { goOffline, NOT_INSTALLED_VERSION, offlineFetch } from "../../src/site/offline-fetch.js";
import { REPOSITORY, temporaryProject } from "./temporary-project.js";

const CDN = "https://any.jsdelivr.net/npm";
/** Framework asks a host of this first label for versions; which one it is does not matter. */
const registry = (name: string) => new URL(name, `https://${["registry", "example"].join(".")}/`).href;

async function offline() {
  const cacheFolder = join(await temporaryProject(), "cache");
  return { cacheFolder, fetch: offlineFetch({ projectRoot: REPOSITORY, cacheFolder }) };
}

describe("offlineFetch({ projectRoot, cacheFolder }) asked for a version", () => {
  it("names the installed version, whatever range is asked for", async () => {
    const { fetch } = await offline();
    expect(await (await fetch(registry("apache-arrow/latest"))).json()).toEqual({
      version: "17.0.0",
      versions: { "17.0.0": {} },
    });
  });

  it("answers a scoped package whose slash is encoded", async () => {
    const { fetch } = await offline();
    expect(await (await fetch(registry("@observablehq%2fplot"))).json()).toMatchObject({ version: "0.6.17" });
  });

  it("names a placeholder for a package that is not installed, as no page may use it", async () => {
    const { fetch } = await offline();
    expect(await (await fetch(registry("not-a-package"))).json()).toMatchObject({ version: NOT_INSTALLED_VERSION });
  });
});

describe("offlineFetch({ projectRoot, cacheFolder }) asked for a module", () => {
  it("keeps other packages as imports of their installed versions, so the site holds each once", async () => {
    const { fetch, cacheFolder } = await offline();
    const code = await (await fetch(`${CDN}/@observablehq/plot@0.6.17/+esm`)).text();
    expect(code).toContain('"/npm/d3@7.9.2/+esm"');
    expect(code).not.toMatch(/from\s*"d3"/);
    expect(readdirSync(join(cacheFolder, "_npm"))).toContain("d3@7.9.2");
  });

  it("gives a CommonJS module named exports", async () => {
    const { fetch } = await offline();
    const code = await (await fetch(`${CDN}/binary-search-bounds/+esm`)).text();
    expect(code).toMatch(/export\s*\{[^}]*\bas ge\b/);
    expect(code).toMatch(/as default/);
  });

  it("does so too where node_modules is a link", async () => {
    const projectRoot = await temporaryProject();
    const fetch = offlineFetch({ projectRoot, cacheFolder: join(projectRoot, "cache") });
    const code = await (await fetch(`${CDN}/events@3.3.0/+esm`)).text();
    expect(code).toMatch(/export\s*\{[^}]*\bas EventEmitter\b/);
  });

  it("merges the package's own files", async () => {
    const { fetch } = await offline();
    const code = await (await fetch(`${CDN}/htl@1.0.0/+esm`)).text();
    expect(code).not.toMatch(/from\s*"\.\//);
  });

  it("refuses a version other than the installed one and says so", async () => {
    const { fetch } = await offline();
    await expect(fetch(`${CDN}/d3@6.0.0/+esm`)).rejects.toMatchObject({
      code: "MODULE_NOT_INSTALLED",
      message: "d3@6.0.0 is installed at 7.9.2: run npm install d3@6.0.0",
    });
  });

  it("says what to install for a package that is missing", async () => {
    const { fetch } = await offline();
    await expect(fetch(`${CDN}/lodash@${NOT_INSTALLED_VERSION}/+esm`)).rejects.toMatchObject({
      code: "MODULE_NOT_INSTALLED",
      message: "lodash is not installed: run npm install lodash",
    });
  });
});

describe("offlineFetch({ projectRoot, cacheFolder }) asked for a file", () => {
  it("gives its bytes", async () => {
    const { fetch } = await offline();
    const response = await fetch(`${CDN}/@duckdb/duckdb-wasm@1.29.0/dist/duckdb-eh.wasm`);
    expect([...new Uint8Array(await response.arrayBuffer()).subarray(0, 4)]).toEqual([0x00, 0x61, 0x73, 0x6d]);
  });

  it("gives a worker as bytes, as Framework would rewrite a script", async () => {
    const { fetch } = await offline();
    const response = await fetch(`${CDN}/@duckdb/duckdb-wasm@1.29.0/dist/duckdb-browser-eh.worker.js`);
    expect(response.headers.get("content-type")).toBeNull();
  });

  it("names a file that the package does not have", async () => {
    const { fetch } = await offline();
    await expect(fetch(`${CDN}/d3@7.9.2/missing.css`)).rejects.toMatchObject({
      code: "MODULE_NOT_INSTALLED",
      message: "d3@7.9.2 has no file missing.css",
    });
  });
});

describe("offlineFetch({ otherRequests }) asked for anything else", () => {
  const foreign = [
    "https://extensions.duckdb.org/v1.1.1/wasm_eh/json.duckdb_extension.wasm",
    "https://any.jsr.io/std__random",
    "https://fonts.googleapis.com/css2?family=Inter",
    "https://events.observablehq.com/cli",
  ];

  it.each([...foreign, "https://example.com/data.json", "http://127.0.0.1:1/"])(
    "refuses %s in a build",
    async (url) => {
      const { fetch } = await offline();
      await expect(fetch(url)).rejects.toMatchObject({ code: "MODULE_NOT_INSTALLED", details: { url } });
    },
  );

  it("lets requests that are not Framework's pass where the server shares the process", async () => {
    const otherRequests = vi.fn(async () => new Response("passed"));
    const fetch = offlineFetch({ projectRoot: REPOSITORY, cacheFolder: "unused", otherRequests });
    expect(await (await fetch("https://example.com/v1/chat")).text()).toBe("passed");
    for (const url of foreign) await expect(fetch(url)).rejects.toMatchObject({ code: "MODULE_NOT_INSTALLED" });
    expect(otherRequests).toHaveBeenCalledTimes(1);
  });
});

describe("goOffline(options)", () => {
  it("replaces the process's fetch until it is undone, and keeps a filled module cache", async () => {
    const cacheFolder = join(await temporaryProject(), "cache");
    const former = globalThis.fetch;
    const modules = join(cacheFolder, "_npm");

    goOffline({ projectRoot: REPOSITORY, cacheFolder })();
    expect(globalThis.fetch).toBe(former);
    const undo = goOffline({ projectRoot: REPOSITORY, cacheFolder });
    await fetch(`${CDN}/d3@7.9.2/+esm`);
    undo();
    goOffline({ projectRoot: REPOSITORY, cacheFolder })();
    expect(existsSync(modules)).toBe(true);
  });
});
