import { join } from "node:path";
import type { Bench } from "./harness/bench.js";
import type { BenchResult } from "./harness/result.js";
import { runProgram } from "./harness/run-program.js";

/** Rows of 20 features, and the most that a training of 100 trees of depth 6 may add to the process at its peak. */
const SIZES = [
  { rows: 1_000, atMostMb: 20 },
  { rows: 10_000, atMostMb: 20 },
  { rows: 100_000, atMostMb: 30 },
] as const;

/** Memory of our trainer over that of its input, as the rows grow. */
export const boostingMemory: Bench = {
  name: "boosting-memory",
  async run({ repeats, projectRoot }) {
    const results: BenchResult[] = [];
    for (const { rows, atMostMb } of SIZES) {
      const what = `boosting ${rows.toLocaleString("en")} × 20, depth 6: memory beyond the table`;
      const measured: number[] = [];
      for (let round = 0; round < repeats; round++) {
        const once = join(projectRoot, "bench/boosting-once.ts");
        const printed = await runProgram(process.execPath, ["--import", "tsx", once, String(rows)], {
          cwd: projectRoot,
          keepOutput: true,
        });
        const { mb } = JSON.parse(printed);
        if (mb !== null) measured.push(mb);
      }
      results.push(
        measured.length > 0
          ? { kind: "limit", what, unit: "MB", measured, atMost: atMostMb }
          : { kind: "skipped", what, because: "memory is read from Linux" },
      );
    }
    return results;
  },
};
