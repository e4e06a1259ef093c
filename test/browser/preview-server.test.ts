import { existsSync, symlinkSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attachPreview, type Preview } from "../../src/site/preview-server.js";
import { linkPackages, writeProject } from "../site/temporary-project.js";

const CHROMIUM = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"];

const page = (heading: string) => `# ${heading}

\`\`\`js
import { scale } from "./engine/scale.js";
import { label } from "./components/label.js";
const closes = await FileAttachment("data/closes.json").json();
display(html\`<output id="result">\${label(scale, closes)}</output>\`);
\`\`\`
`;

const PROJECT = {
  "observablehq.config.js": `export default {
    root: new URL("notebooks", import.meta.url).pathname, globalStylesheets: [], footer: "",
    head: '<link rel="icon" href="data:,">',
  };`,
  "notebooks/index.md": page("First heading"),
  "notebooks/components/label.ts":
    'export const label = (...values: unknown[]): string => "plain " + values.join(" ");',
  "src/engine/scale.ts": "export const scale = 1;",
  "data-loaders/closes.json.ts": `import { readFileSync } from "node:fs";
import { scale } from "../src/engine/scale.js";
const close = Number(readFileSync(new URL("../stored-close.txt", import.meta.url), "utf8"));
process.stdout.write(JSON.stringify(close * scale));`,
  "stored-close.txt": "20",
  "package.json": '{ "type": "module" }',
};

describe.skipIf(!existsSync(CHROMIUM))(`attachPreview(options) (needs ${CHROMIUM})`, () => {
  const formerFetch = globalThis.fetch;
  const foreign: string[] = [];
  let projectRoot: string;
  let preview: Preview;
  let server: Server;
  let origin: string;
  let browser: Browser;
  let tab: Page;

  beforeAll(async () => {
    projectRoot = await writeProject(PROJECT);
    linkPackages(projectRoot);
    symlinkSync("../src/engine", join(projectRoot, "notebooks/engine"));
    symlinkSync("../data-loaders", join(projectRoot, "notebooks/data"));
    preview = await attachPreview({ projectRoot, configFile: join(projectRoot, "observablehq.config.js") });
    server = createServer((request, response) => {
      if (request.url === "/health") response.end("ours");
      else preview.handle(request, response);
    });
    server.on("upgrade", (request, socket, head) => {
      if (!preview.upgrade(request, socket, head)) socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    tab = await browser.newPage();
    tab.on("request", (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(origin)) foreign.push(request.url());
    });
    const reloadConnection = tab.waitForEvent("websocket").then((socket) => socket.waitForEvent("framereceived"));
    await tab.goto(origin);
    await reloadConnection;
  });

  afterAll(async () => {
    await browser?.close();
    preview?.close();
    server?.closeAllConnections();
    server?.close();
    await rm(projectRoot, { recursive: true, force: true });
  });

  const edit = (file: string, content: string) => writeFile(join(projectRoot, file), content);
  const shows = (text: string) => tab.locator("#result", { hasText: text }).waitFor();

  it("shows the page with its data, from this host alone", async () => {
    await shows("plain 1 20");
    expect(foreign).toEqual([]);
  });

  it("leaves the server's own addresses to the server", async () => {
    expect(await (await fetch(`${origin}/health`)).text()).toBe("ours");
    const refused = await tab.evaluate(
      (url) => new Promise<boolean>((resolve) => new WebSocket(url).addEventListener("error", () => resolve(true))),
      `${origin.replace("http", "ws")}/ws`,
    );
    expect(refused).toBe(true);
  });

  it("shows an edited page", async () => {
    await edit("notebooks/index.md", page("Second heading"));
    await tab.locator("h1", { hasText: "Second heading" }).waitFor();
  });

  it("shows an edited component", async () => {
    await edit("notebooks/components/label.ts", PROJECT["notebooks/components/label.ts"].replace("plain", "edited"));
    await shows("edited 1 20");
  });

  it("shows what an edited engine makes of the page and of the data", async () => {
    await edit("src/engine/scale.ts", "export const scale = 3;");
    await shows("edited 3 60");
  });

  it("shows new data when told that it changed", async () => {
    await edit("stored-close.txt", "25");
    preview.invalidateLoaders();
    await shows("edited 3 75");
  });

  it("gives the process its fetch back at the end", () => {
    expect(globalThis.fetch).not.toBe(formerFetch);
    preview.close();
    expect(globalThis.fetch).toBe(formerFetch);
  });
});
