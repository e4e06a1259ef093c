import type { Browser } from "playwright-core";
import type { Bench } from "./harness/bench.js";
import { secondsUntil, withChromium } from "./harness/page-timing.js";
import { copyProject } from "./harness/project-copy.js";
import { startWorkbench } from "./harness/workbench-process.js";
import { writeWideMarket } from "./wide-market.js";
import { writeWideValueChain } from "./wide-value-chain.js";

const NODES = 1_000;
const EDGES = 5_000;
const FRAMES = 120;
const FRAME_SECONDS = 1 / 60;
/** What is left of a frame to the browser and the graphics card when our own script took its part. */
const SCRIPT_SHARE = 0.5;
const IS_DRAWN = `(document.querySelector(".chain-plate")?.chainCanvas?.effort.frames ?? 0) > 0`;

/** A large value chain: from a click to the picture, and moving it about. */
export const valueChainPage: Bench = {
  name: "value-chain-page",
  async run({ projectRoot, repeats, note }) {
    const project = copyProject(projectRoot);
    try {
      await writeWideMarket(project.home, 20);
      await writeWideValueChain(project.home, NODES, EDGES);
      note("  building the pages …");
      const workbench = await startWorkbench(project);
      try {
        const address = `${workbench.url}value-chain.html`;
        const loads: number[] = [];
        const pans: Pan[] = [];
        await withChromium(async (browser) => {
          await secondsUntil(browser, address, IS_DRAWN);
          while (loads.length < repeats) loads.push(await secondsUntil(browser, address, IS_DRAWN));
          while (pans.length < repeats) pans.push(await panning(browser, address));
        });
        const graph = `${NODES} nodes and ${EDGES} edges`;
        return [
          { kind: "limit", what: `${graph}, load to drawn`, unit: "s", measured: loads, atMost: 6 },
          {
            kind: "limit",
            what: `panning ${graph} for ${FRAMES} frames, software graphics`,
            unit: "s",
            measured: pans.map(({ seconds }) => seconds),
            atMost: FRAMES * FRAME_SECONDS * 1.1,
          },
          {
            kind: "limit",
            what: "own script in those frames",
            unit: "s",
            measured: pans.map(({ scriptSeconds }) => scriptSeconds),
            atMost: FRAMES * FRAME_SECONDS * SCRIPT_SHARE,
          },
        ];
      } finally {
        await workbench.stop();
      }
    } finally {
      project.remove();
    }
  },
};

interface Pan {
  readonly seconds: number;
  readonly scriptSeconds: number;
}

/** Drags the picture a little in each frame, as a hand does, and measures how long all the frames took. */
async function panning(browser: Browser, address: string): Promise<Pan> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
  try {
    await page.goto(address, { waitUntil: "networkidle" });
    await page.waitForFunction(IS_DRAWN);
    await page.locator(".chain-plate").scrollIntoViewIfNeeded();
    return await page.evaluate(`new Promise((done) => {
      const { effort } = document.querySelector(".chain-plate").chainCanvas;
      const layer = document.querySelector(".chain-stage .sigma-mouse");
      const { left, top } = layer.getBoundingClientRect();
      const mouse = (target, name, angle) => target.dispatchEvent(new MouseEvent(name, {
        bubbles: true, button: 0, buttons: 1,
        clientX: left + 300 + 100 * Math.cos(angle), clientY: top + 250 + 100 * Math.sin(angle),
      }));
      let frames = 0, startedAt = 0, before = 0;
      mouse(layer, "mousedown", 0);
      const step = (now) => {
        if (frames === 10) { startedAt = now; before = effort.ms; }
        if (frames === 10 + ${FRAMES}) {
          mouse(document, "mouseup", frames / 10);
          done({ seconds: (now - startedAt) / 1000, scriptSeconds: (effort.ms - before) / 1000 });
          return;
        }
        mouse(document, "mousemove", frames++ / 10);
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    })`);
  } finally {
    await page.close();
  }
}
