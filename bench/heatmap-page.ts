import type { Bench } from "./harness/bench.js";
import { secondsUntil, withChromium } from "./harness/page-timing.js";
import { copyProject } from "./harness/project-copy.js";
import { startWorkbench } from "./harness/workbench-process.js";
import { writeWideMarket } from "./wide-market.js";

const SYMBOLS = 1_500;
/** The plate gives its canvas a width in the call that draws all tiles. */
const IS_DRAWN = `document.querySelector(".heatmap canvas")?.style.width`;

/** The heatmap of a market ten times the usual width, from a click to the tiles. */
export const heatmapPage: Bench = {
  name: "heatmap-page",
  async run({ projectRoot, repeats, note }) {
    const project = copyProject(projectRoot);
    try {
      await writeWideMarket(project.home, SYMBOLS);
      note(`  building ${SYMBOLS} symbol pages …`);
      const workbench = await startWorkbench(project);
      try {
        const measured: number[] = [];
        await withChromium(async (browser) => {
          const address = `${workbench.url}heatmap.html`;
          await secondsUntil(browser, address, IS_DRAWN);
          while (measured.length < repeats) measured.push(await secondsUntil(browser, address, IS_DRAWN));
        });
        return [
          { kind: "limit", what: `heatmap of ${SYMBOLS} symbols, load to drawn`, unit: "s", measured, atMost: 1.5 },
        ];
      } finally {
        await workbench.stop();
      }
    } finally {
      project.remove();
    }
  },
};
