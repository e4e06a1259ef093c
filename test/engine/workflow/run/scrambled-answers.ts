import { seededRandom } from "../../../../src/engine/statistics/seeded-random.js";
import { SAMPLE_NODES, type SampleNode } from "./sample-nodes.js";

/** Nodes that answer late, one after the other in an order that a seed decides. */
export function scrambledAnswers(seed: number, nodes: readonly SampleNode[] = SAMPLE_NODES) {
  const random = seededRandom(seed);
  const waiting: (() => void)[] = [];
  const late = nodes.map(
    (node): SampleNode => ({
      ...node,
      run: async (...call) => {
        if (random() < 0.8) await new Promise<void>((answer) => waiting.push(answer));
        return node.run(...call);
      },
    }),
  );
  /** Answers until something else is done. */
  const answerUntil = async <Result>(finished: Promise<Result>): Promise<Result> => {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    finished.then(done, done);
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      waiting.splice(Math.floor(random() * waiting.length), 1)[0]?.();
    }
    return finished;
  };
  return { nodes: late, answerUntil };
}
