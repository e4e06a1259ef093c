// Run as a process of its own by boosting-memory.ts: boosting-once.ts ROWS prints {"ms", "mb"}.
import { STUDY_BOOSTING } from "../src/engine/boosting/gradient-boosting.js";
import { trainBoostedTrees } from "../src/engine/boosting/train-boosted-trees.js";
import { labelledTable } from "./boosting-data.js";
import { processMemory } from "./harness/process-memory.js";

const { features, labels } = labelledTable(Number(process.argv[2]), 20);
const before = processMemory(process.pid);
const startedAtMs = performance.now();
trainBoostedTrees({ train: features, labels, parameters: { ...STUDY_BOOSTING, maxDepth: 6 } });
const ms = performance.now() - startedAtMs;
const after = processMemory(process.pid);
console.log(JSON.stringify({ ms, mb: before && after ? after.peakMb - before.residentMb : null }));
