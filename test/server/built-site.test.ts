import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltSite } from "../../src/server/built-site.js";
import { firstBuildPage } from "../../src/server/first-build-page.js";
import { createHttpApp } from "../../src/server/http-app.js";
import { closeServer, listenOnLoopback } from "../../src/server/listen.js";
import type { PublishingState } from "../../src/server/site-publisher.js";
import { httpGet } from "../support/http-exchange.js";
import { TemporaryFolder } from "../support/temporary-home.js";

describe("BuiltSite.handle", () => {
  const page = `<!doctype html>${"<p>HPG</p>".repeat(500)}`;
  const script = "export const answer = 42;".repeat(100);
  let temporary: TemporaryFolder;
  let site: BuiltSite;
  let folder: string;
  let state: PublishingState = { kind: "building", since: "", lastLine: "loaders <3" };
  let server: Server;
  let url: string;

  const build = (name: string, files: Readonly<Record<string, string | Buffer>>) => {
    const target = join(temporary.path, name);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(target, path, ".."), { recursive: true });
      writeFileSync(join(target, path), content);
    }
    return target;
  };

  beforeAll(async () => {
    temporary = new TemporaryFolder();
    temporary.file("secret.txt", "not of the site");
    folder = join(temporary.path, "dist");
    site = new BuiltSite(folder);
    const app = createHttpApp({
      version: "0",
      database: {} as never,
      startedAtMs: 0,
      publishing: () => state,
      siteIsThere: () => site.isThere,
      logger: pino({ level: "silent" }),
      pages: [site.handle, firstBuildPage(() => (site.isThere ? undefined : state))],
    });
    server = createServer(app);
    url = await listenOnLoopback(server, 0);
  });
  afterAll(async () => {
    await closeServer(server);
    temporary.remove();
  });

  it("leaves pages to the notice of the first build while there is no site", async () => {
    expect(site.isThere).toBe(false);
    const building = await httpGet(url, { accept: "text/html" });
    expect(building.status).toBe(503);
    expect(building.headers["retry-after"]).toBe("2");
    expect(building.body.toString()).toContain("loaders &#60;3");
    state = { kind: "failed", at: "", message: "a cell failed" };
    const failed = (await httpGet(url, { accept: "text/html" })).body.toString();
    expect(failed).toContain("a cell failed");
    expect(failed).not.toContain("http-equiv");
  });

  it("takes up a site as soon as it is there, asking browsers to look for changed pages", async () => {
    build("dist", {
      "index.html": page,
      "index.html.br": brotliCompressSync(page),
      "index.html.gz": gzipSync(page),
      "symbols/HPG.html": page,
      "_npm/answer.0a1b2c3d.js": script,
      "_npm/answer.0a1b2c3d.js.br": brotliCompressSync(script),
    });
    const answer = await httpGet(url);
    expect(answer.status).toBe(200);
    expect(answer.headers["cache-control"]).toBe("no-cache");
    expect(answer.headers["content-type"]).toBe("text/html;charset=utf-8");
    expect(answer.body.toString()).toBe(page);
    expect((await httpGet(`${url}symbols/HPG`)).body.toString()).toBe(page);
    expect((await httpGet(url, { "if-none-match": String(answer.headers.etag) })).status).toBe(304);
  });

  it("sends the precompressed file that the browser takes, and lets it keep hashed assets for good", async () => {
    for (const [accepted, expected] of [
      ["gzip, deflate, br", brotliCompressSync(page)],
      ["gzip", gzipSync(page)],
    ] as const) {
      const answer = await httpGet(url, { "accept-encoding": accepted });
      expect(answer.headers.vary).toContain("Accept-Encoding");
      expect(answer.body.equals(expected), accepted).toBe(true);
    }
    const asset = await httpGet(`${url}_npm/answer.0a1b2c3d.js`, { "accept-encoding": "br" });
    expect(asset.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(asset.headers["content-encoding"]).toBe("br");
  });

  it("stays within its folder", async () => {
    for (const path of ["..%2fsecret.txt", "%2e%2e/secret.txt", "symbols/..%2f..%2fsecret.txt", "..%5csecret.txt"]) {
      expect((await httpGet(url + path)).status, path).toBe(404);
    }
  });

  it("serves a site that another process swapped in, and nothing of the former one", async () => {
    const next = build("dist-next", { "index.html": "<!doctype html><p>tomorrow" });
    renameSync(folder, join(temporary.path, "dist-previous"));
    renameSync(next, folder);
    rmSync(join(temporary.path, "dist-previous"), { recursive: true });
    expect((await httpGet(url)).body.toString()).toBe("<!doctype html><p>tomorrow");
    expect((await httpGet(`${url}_npm/answer.0a1b2c3d.js`)).status).toBe(404);
  });

  it("breaks off an answer whose file vanishes, and goes on serving", async () => {
    build("dist", { "deep/gone.html": page });
    const other = build("dist-other", { "index.html": page, "deep/gone.html": page });
    renameSync(folder, join(temporary.path, "dist-previous"));
    renameSync(other, folder);
    expect((await httpGet(`${url}deep/gone`)).status).toBe(200);
    rmSync(join(folder, "deep/gone.html"));
    await expect(httpGet(`${url}deep/gone`)).rejects.toThrow();
    expect((await httpGet(url)).status).toBe(200);
  });
});
