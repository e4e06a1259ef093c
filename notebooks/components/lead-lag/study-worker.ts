import { histogramBoosting } from "../../engine/boosting/histogram-boosting.js";
import { isWorkbenchError } from "../../engine/errors.js";
import { alignReturns } from "../../engine/lead-lag/aligned-returns.js";
import { boostingByLag } from "../../engine/lead-lag/boosting-by-lag.js";
import type { StudyAnswer, StudyMessage } from "./study-messages.js";
import { type StudyQuestion, testQuestion } from "./study-question.js";

/** Questions under way, by number; a training hears of a cancellation between two fits. */
const underWay = new Map<number, AbortController>();

addEventListener("message", ({ data }: MessageEvent<StudyMessage>) => {
  if (data.kind === "cancel") underWay.get(data.number)?.abort();
  else void answer(data.number, data.question);
});

async function answer(number: number, question: StudyQuestion): Promise<void> {
  const say = (message: StudyAnswer) => postMessage(message);
  const cancelled = new AbortController();
  underWay.set(number, cancelled);
  const startedAtMs = performance.now();
  const tookMs = () => performance.now() - startedAtMs;
  try {
    const tested = testQuestion(question);
    say({ kind: "tested", number, tested, tookMs: tookMs() });
    const { input, options, parameters } = question;
    const boosting =
      parameters &&
      (await boostingByLag(
        alignReturns(input, options),
        { maxLag: options.maxLag, parameters },
        {
          boosting: histogramBoosting,
          signal: cancelled.signal,
          onProgress: (done, total) => say({ kind: "progress", number, done, total }),
        },
      ));
    say({ kind: "finished", number, boosting, tookMs: tookMs() });
  } catch (error) {
    const code = isWorkbenchError(error) ? error.code : "INTERNAL";
    say({ kind: "refused", number, code, message: error instanceof Error ? error.message : String(error) });
  } finally {
    underWay.delete(number);
  }
}
