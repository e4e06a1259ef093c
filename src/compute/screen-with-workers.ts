import { availableParallelism } from "node:os";
import { WorkbenchError } from "../engine/errors.js";
import type { StudyInput } from "../engine/lead-lag/aligned-returns.js";
import {
  adjustedForAll,
  type PairOutcome,
  type ScreenedPair,
  type ScreenRun,
  screenPairs,
} from "../engine/lead-lag/screen-pairs.js";
import type { StudyOptions } from "../engine/lead-lag/study-pair.js";
import { openWorkerPool } from "./worker-pool.js";

export interface WorkerScreenRun extends ScreenRun {
  /** Worker threads; as many as cores by default. 0 tests in the calling thread. */
  readonly workers?: number | undefined;
}

/** Below so many pairs, starting workers takes longer than they save. */
const FEWEST_PAIRS_FOR_WORKERS = 24;

const MOST_PAIRS_A_TASK = 24;

/** Lengths that differ by less than this share go to one task, as surrogates are drawn for lengths that far apart. */
const BAND = 0.25;

/** A screen over several threads: the same bits as `screenPairs`. @throws CANCELLED, ARGUMENT_INVALID */
export async function screenWithWorkers(
  pairs: readonly StudyInput[],
  options: StudyOptions,
  { workers = availableParallelism(), signal, onProgress }: WorkerScreenRun = {},
): Promise<readonly ScreenedPair[]> {
  if (workers === 0 || pairs.length < FEWEST_PAIRS_FOR_WORKERS) {
    return screenPairs(pairs, options, { signal, onProgress });
  }
  const groups = groupsOfLikeLength(pairs, options);
  const pool = await openWorkerPool({ workers });
  try {
    let begun = 0;
    const tasks = groups.values().map((group) => {
      onProgress?.(begun, pairs.length);
      begun += group.length;
      return { pairs: group.map((index) => pairs[index]!), options };
    });
    const tested = await pool.runAll("test-pairs", { [Symbol.iterator]: () => tasks }, signal);
    onProgress?.(pairs.length, pairs.length);
    return adjustedForAll(inOrder(groups, tested));
  } catch (cause) {
    throw signal?.aborted ? new WorkbenchError("CANCELLED", "the screen was cancelled", { cause }) : cause;
  } finally {
    await pool.close();
  }
}

/**
 * Indices of the pairs by length of their common history: a thread makes surrogates anew for every length it meets, so
 * pairs of one length should meet in one thread. Longest first, so that no thread is left with the longest at the end.
 */
function groupsOfLikeLength(pairs: readonly StudyInput[], options: StudyOptions): number[][] {
  const bands = pairs.map((pair) => Math.floor(Math.log(commonRows(pair, options) + 1) / Math.log(1 + BAND)));
  const order = Array.from(pairs.keys()).sort((a, b) => bands[b]! - bands[a]! || a - b);
  const groups: number[][] = [];
  for (const index of order) {
    const group = groups.at(-1);
    if (group && bands[group[0]!] === bands[index] && group.length < MOST_PAIRS_A_TASK) group.push(index);
    else groups.push([index]);
  }
  return groups;
}

/** Rows of the target while all series last: about as many as a study will have. */
function commonRows(
  { source, target, factors = [] }: StudyInput,
  { fromMs = -Infinity, toMs = Infinity }: StudyOptions,
): number {
  const all = [source, target, ...factors];
  const begin = Math.max(fromMs, ...all.map(({ openedAtMs }) => openedAtMs[0] ?? Infinity));
  const end = Math.min(toMs, ...all.map(({ openedAtMs }) => openedAtMs.at(-1) ?? -Infinity));
  const first = target.openedAtMs.findIndex((timeMs) => timeMs >= begin);
  return first === -1 ? 0 : Math.max(0, target.openedAtMs.findLastIndex((timeMs) => timeMs <= end) + 1 - first);
}

function inOrder(groups: readonly (readonly number[])[], tested: readonly (readonly PairOutcome[])[]): PairOutcome[] {
  const outcomes: PairOutcome[] = [];
  groups.forEach((group, task) => {
    group.forEach((index, at) => {
      outcomes[index] = tested[task]![at]!;
    });
  });
  return outcomes;
}
