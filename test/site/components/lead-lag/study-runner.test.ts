import { describe, expect, it } from "vitest";
import type { StudyAnswer, StudyMessage } from "../../../../notebooks/components/lead-lag/study-messages.js";
import type { StudyQuestion, TestedPair } from "../../../../notebooks/components/lead-lag/study-question.js";
import { StudyRunner } from "../../../../notebooks/components/lead-lag/study-runner.js";

/** A worker that is told what to answer. */
class ScriptedWorker extends EventTarget {
  readonly heard: StudyMessage[] = [];

  postMessage(message: StudyMessage): void {
    this.heard.push(message);
  }

  answer(data: StudyAnswer): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

const QUESTION = { parameters: undefined } as unknown as StudyQuestion;
const TESTED = { study: {}, sides: {} } as unknown as TestedPair;

function runnerWithScript() {
  const worker = new ScriptedWorker();
  return { worker, runner: new StudyRunner(() => worker as unknown as Worker) };
}

describe("StudyRunner.study(question, listener)", () => {
  it("hands out the test at once, the progress after it, and all at the end", async () => {
    const { worker, runner } = runnerWithScript();
    const seen: string[] = [];
    const study = runner.study(QUESTION, {
      onTested: () => seen.push("tested"),
      onProgress: (done, total) => seen.push(`${done}/${total}`),
    });
    worker.answer({ kind: "tested", number: 0, tested: TESTED, tookMs: 60 });
    worker.answer({ kind: "progress", number: 0, done: 1, total: 2 });
    worker.answer({ kind: "finished", number: 0, boosting: undefined, tookMs: 900 });
    expect(seen).toEqual(["tested", "1/2"]);
    expect(await study).toMatchObject({ ...TESTED, boosting: undefined, tookMs: 900 });
  });
  it("keeps answers of several questions apart", async () => {
    const { worker, runner } = runnerWithScript();
    const [first, second] = [runner.study(QUESTION), runner.study(QUESTION)];
    worker.answer({ kind: "tested", number: 1, tested: TESTED, tookMs: 1 });
    worker.answer({ kind: "finished", number: 1, boosting: undefined, tookMs: 2 });
    worker.answer({ kind: "refused", number: 0, code: "SERIES_TOO_SHORT", message: "series too short" });
    await expect(second).resolves.toMatchObject({ tookMs: 2 });
    await expect(first).rejects.toMatchObject({ code: "SERIES_TOO_SHORT", message: "series too short" });
  });
  it("tells the worker of a cancellation and takes no later answer", async () => {
    const { worker, runner } = runnerWithScript();
    const cancelled = new AbortController();
    let tested = 0;
    const study = runner.study(QUESTION, { signal: cancelled.signal, onTested: () => tested++ });
    cancelled.abort();
    worker.answer({ kind: "tested", number: 0, tested: TESTED, tookMs: 1 });
    await expect(study).rejects.toMatchObject({ code: "CANCELLED" });
    expect(worker.heard.map(({ kind }) => kind)).toEqual(["ask", "cancel"]);
    expect(tested).toBe(0);
  });
  it("asks nothing for a signal that is already aborted", async () => {
    const { worker, runner } = runnerWithScript();
    await expect(runner.study(QUESTION, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "CANCELLED" });
    expect(worker.heard).toEqual([]);
  });
});
