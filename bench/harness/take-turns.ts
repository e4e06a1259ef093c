import type { Samples } from "./samples.js";

/** Does work once and returns how many milliseconds the work itself took. */
export type Measure = () => Promise<number>;

/**
 * Measures several ways in turns: every round runs each of them once, starting with another one each time. A round
 * before the first, which warms caches and compiled code for all of them, does not count.
 */
export async function takeTurns<Name extends string>(
  ways: Readonly<Record<Name, Measure>>,
  rounds: number,
): Promise<Record<Name, Samples>> {
  const names = Object.keys(ways) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (const name of names) await ways[name]();
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length]!;
      samples[name].push(await ways[name]());
    }
  }
  return samples;
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
