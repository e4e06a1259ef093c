import { bestLagsOfNoise, correlatedLevels, type TreeScores, treeScores, winnersCurse } from "./misleading-methods.js";
import type { SimulationSettings } from "./simulated-pairs.js";

export interface SimulationRequest {
  readonly number: number;
  readonly settings: SimulationSettings;
}

/** Parts of an answer, each as soon as it is there. */
export type SimulationAnswer = { readonly number: number } & (
  | { readonly part: "levels"; readonly result: ReturnType<typeof correlatedLevels> }
  | { readonly part: "best-lags"; readonly result: ReturnType<typeof bestLagsOfNoise> }
  | { readonly part: "winners-curse"; readonly result: ReturnType<typeof winnersCurse> }
  | { readonly part: "trees"; readonly result: readonly TreeScores[] }
);

let latest = -1;

addEventListener("message", ({ data }: MessageEvent<SimulationRequest>) => {
  latest = data.number;
  void answer(data);
});

async function answer({ number, settings }: SimulationRequest): Promise<void> {
  const say = (message: SimulationAnswer) => postMessage(message);
  await turnOfOthers();
  if (number !== latest) return;
  say({ number, part: "levels", result: correlatedLevels(settings) });
  say({ number, part: "best-lags", result: bestLagsOfNoise(settings) });
  say({ number, part: "winners-curse", result: winnersCurse(settings) });
  const scores: TreeScores[] = [];
  for (const score of treeScores(settings)) {
    scores.push(score);
    await turnOfOthers();
    if (number !== latest) return;
  }
  say({ number, part: "trees", result: scores });
}

/** Lets a newer request be heard, which ends this one. */
function turnOfOthers(): Promise<void> {
  return new Promise((resume) => setTimeout(resume, 0));
}
