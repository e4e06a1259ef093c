import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { checkSite, findSiteProblems } from "../../src/site/check-site.js";
import { temporaryProject } from "./temporary-project.js";

const page = (content: string) => `<!DOCTYPE html><html><head></head><body>${content}</body></html>`;

async function problemsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const problems = await findSiteProblems(await temporaryProject(files));
  return problems.map(({ file, reason }) => `${file}: ${reason}`);
}

describe("findSiteProblems(siteFolder) on cells", () => {
  it("reports a cell that holds an error, with its text", async () => {
    const html = page('<div class="observablehq--inspect observablehq--error">SyntaxError: Unexpected token</div>');
    expect(await problemsOf({ "lead-lag.html": html })).toEqual([
      "lead-lag.html: a cell holds an error: SyntaxError: Unexpected token",
    ]);
  });

  it("does not take a style or a script that names the class for a cell", async () => {
    const html = page(
      '<style>.observablehq--error{color:red}</style><script>const c = "observablehq--error";</script>',
    );
    expect(await problemsOf({ "index.html": html })).toEqual([]);
  });
});

describe("findSiteProblems(siteFolder) on other hosts", () => {
  const foreign = "https://example.com/x";
  it.each([
    ["a script element", page(`<script src="${foreign}"></script>`)],
    ["a style sheet element", page(`<link rel="stylesheet" href="${foreign}">`)],
    ["an image", page(`<img alt="" src='${foreign}'>`)],
    ["one of several images", page(`<img alt="" srcset="x.png 1x, ${foreign} 2x">`)],
    ["an address without a scheme", page('<img src="//example.com/x">')],
    ["an inline style", page(`<p style="background:url(${foreign})">`)],
    ["an inline style sheet", page(`<style>@import "${foreign}";</style>`)],
    ["an inline script's import", page(`<script type="module">import "${foreign}";</script>`)],
    ["an inline script's fetch", page(`<script>fetch("${foreign}")</script>`)],
  ])("reports %s", async (_, html) => {
    const problems = await problemsOf({ "index.html": html, "x.png": "" });
    expect(problems).toEqual([expect.stringMatching(/^index\.html: would request another host: .*example\.com\/x$/)]);
  });

  it.each([
    ["a static import", `import x from "${foreign}"; x();`],
    ["an export from elsewhere", `export * from "${foreign}";`],
    ["a dynamic import", `const x = await import("${foreign}");`],
    ["a request", `fetch( '${foreign}' );`],
    ["a worker", `new Worker("${foreign}");`],
    ["a socket", 'new WebSocket("wss://example.com/x");'],
    ["an old request", `request.open("GET", "${foreign}");`],
    ["an element's source", `image.src = "${foreign}";`],
    ["a worker's import", `importScripts("${foreign}");`],
  ])("reports %s in a script", async (_, code) => {
    const problems = await problemsOf({ "a.js": code });
    expect(problems).toEqual([expect.stringMatching(/^a\.js: would request another host: /)]);
  });

  it.each([
    ["a style sheet's font", `@font-face{font-family:x;src:url("${foreign}")}`],
    ["a style sheet's import", `@import url(${foreign});`],
  ])("reports %s", async (_, css) => {
    expect(await problemsOf({ "a.css": css })).toEqual([`a.css: would request another host: ${foreign}`]);
  });

  it("reports a host that serves code wherever a script mentions it", async () => {
    const code = 'const base = "https://unpkg.com/"; export const load = (name) => import(base + name);';
    expect(await problemsOf({ "a.js": code })).toEqual([
      "a.js: mentions https://unpkg.com, a host that serves code or data",
    ]);
  });

  it.each([
    ["a link the reader may follow", "index.html", page(`<a href="${foreign}">source</a>`)],
    ["a comment", "a.js", `// fetch("${foreign}")\n/* import "https://unpkg.com/x" */ export const a = 1;`],
    ["a licence notice", "a.js", "/*! @license MIT https://unpkg.com/x */ export const a = 1;"],
    ["a comment of a style sheet", "a.css", "/* url(https://unpkg.com/x) */ p{color:red}"],
    ["a name space", "a.js", 'export const e = document.createElementNS("http://www.w3.org/2000/svg", "g");'],
    ["an address in a message", "a.js", 'throw new Error("see https://github.com/d3/d3");'],
    ["an address that is only parsed", "a.js", 'export const u = new URL("http://localhost/x").pathname;'],
    ["a name space in markup", "index.html", page('<svg xmlns="http://www.w3.org/2000/svg"></svg>')],
    ["data in the address", "a.css", "p{background:url(data:image/png;base64,AAAA)}"],
  ])("accepts %s", async (_, file, content) => {
    expect(await problemsOf({ [file]: content })).toEqual([]);
  });
});

describe("findSiteProblems(siteFolder) on its own files", () => {
  it("follows relative references from every kind of file, with query and fragment", async () => {
    const problems = await problemsOf({
      "index.html": page(
        '<link rel="modulepreload" href="./_import/a.js"><a href="./symbols/%5EVNINDEX.html#top">x</a><a href="docs/">d</a>' +
          '<script type="module">registerFile("x", {"path":"./_file/data/x.0a.arrow?sha=1"}); import("./_import/a.js");</script>',
      ),
      "symbols/^VNINDEX.html": page('<a href="../index.html">home</a>'),
      "docs/index.html": page(""),
      "_import/a.js": 'import "./b.js"; export const worker = import.meta.resolve("../_npm/w.js");',
      "_import/b.js": 'export const file = {"path": "../_file/data/x.0a.arrow"};',
      "_npm/w.js": "",
      "_file/data/x.0a.arrow": "x",
      "style.css": 'p{background:url("./paper.png")}',
      "paper.png": "",
    });
    expect(problems).toEqual([]);
  });

  it.each([
    ["an element", "index.html", page('<img src="./gone.png">'), "./gone.png"],
    ["a link", "index.html", page('<a href="./symbols/DCE.I">x</a>'), "./symbols/DCE.I"],
    ["an import", "a.js", 'import "./gone.js";', "./gone.js"],
    ["a dynamic import", "a.js", 'import("./gone.js");', "./gone.js"],
    ["a resolved address", "a.js", 'export const u = import.meta.resolve("./gone.wasm");', "./gone.wasm"],
    ["a data file", "a.js", 'FileAttachment({"path":"./_file/gone.arrow"});', "./_file/gone.arrow"],
    ["a style sheet", "a.css", "p{background:url(gone.png)}", "gone.png"],
  ])("reports %s that is missing", async (_, file, content, target) => {
    expect(await problemsOf({ [file]: content })).toEqual([
      `${file}: refers to ${target}, which the site does not hold`,
    ]);
  });

  it("reports a path from the host's root, which fails below a sub-path", async () => {
    expect(await problemsOf({ "index.html": page('<a href="/heatmap.html">x</a>'), "heatmap.html": page("") })).toEqual(
      ["index.html: refers to /heatmap.html, which fails below a sub-path: use a relative path"],
    );
  });

  it("reports an import that no browser resolves", async () => {
    expect(await problemsOf({ "a.js": 'import { sum } from "d3-array"; sum([]);' })).toEqual([
      'a.js: imports "d3-array", which no browser resolves: import npm:d3-array',
    ]);
  });

  it("accepts the libraries that Framework's client lists and no page uses", async () => {
    const code = 'export const load = { lodash: () => import("../_npm/lodash@0.0.0-not-installed/_esm.js") };';
    expect(await problemsOf({ "_observablehq/client.0a1b2c3d.js": code })).toEqual([]);
    expect(await problemsOf({ "_import/client.0a1b2c3d.js": code })).toHaveLength(1);
  });
});

describe("checkSite(siteFolder)", () => {
  it("accepts a sound site", async () => {
    const site = await temporaryProject({ "index.html": page("Hello") });
    await expect(checkSite(site)).resolves.toBeUndefined();
  });

  it("throws SITE_CHECK_FAILED with the first problem and the number of the others", async () => {
    const site = await temporaryProject();
    await mkdir(`${site}/symbols`);
    await writeFile(`${site}/symbols/HPG.html`, page('<img src="a.png"><img src="b.png"><img src="c.png">'));
    await expect(checkSite(site)).rejects.toMatchObject({
      code: "SITE_CHECK_FAILED",
      message: "symbols/HPG.html: refers to a.png, which the site does not hold (and 2 more)",
      details: { page: "symbols/HPG.html" },
    });
  });
});
