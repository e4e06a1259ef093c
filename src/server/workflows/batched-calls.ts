import { isWorkbenchError } from "../../engine/errors.js";

interface WaitingCall<Call, Answer> {
  readonly call: Call;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A function for one call over a function for many: calls that come while others are at work are done together, as
 * soon as those are. A single call waits for nothing. When several fail together, each is tried alone, so that one
 * cannot spoil the others; where the database does not answer, that would help nobody.
 */
export function batchedCalls<Call, Answer>(
  work: (calls: readonly Call[]) => Promise<readonly Answer[]>,
  { most = 500, atATime = 1 }: { most?: number; atATime?: number } = {},
): (call: Call) => Promise<Answer> {
  const waiting: WaitingCall<Call, Answer>[] = [];
  let atWork = 0;
  let isScheduled = false;

  const schedule = () => {
    if (isScheduled || atWork >= atATime || waiting.length === 0) return;
    isScheduled = true;
    // After the promises of this turn: calls of runs that went on together come together.
    setImmediate(() => {
      isScheduled = false;
      void workOnNext();
    });
  };

  const workOnNext = async () => {
    const batch = waiting.splice(0, most);
    if (batch.length === 0) return;
    atWork++;
    schedule();
    await answer(batch);
    atWork--;
    schedule();
  };

  const answer = async (batch: readonly WaitingCall<Call, Answer>[]): Promise<void> => {
    try {
      const answers = await work(batch.map(({ call }) => call));
      for (let i = 0; i < batch.length; i++) batch[i]!.resolve(answers[i]!);
    } catch (error) {
      const isAlone = batch.length === 1 || (isWorkbenchError(error) && error.code === "DATABASE_UNREACHABLE");
      if (isAlone) for (const { reject } of batch) reject(error);
      else for (const call of batch) await answer([call]);
    }
  };

  return (call) =>
    new Promise((resolve, reject) => {
      waiting.push({ call, resolve, reject });
      schedule();
    });
}
