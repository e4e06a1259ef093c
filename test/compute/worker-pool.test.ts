import { afterEach, describe, expect, it } from "vitest";
import { openWorkerPool, type WorkerPool } from "../../src/compute/worker-pool.js";
import { trainAndPredictNow } from "../../src/engine/boosting/histogram-boosting.js";
import { plantedFit } from "../engine/boosting/planted-fit.js";

const quick = (seed: number) => plantedFit({ rowCount: 60, seed, parameters: { rounds: 5 } }).fit;
const broken = { ...quick(1), labels: new Float64Array(3) };
const endless = plantedFit({ rowCount: 20_000, parameters: { rounds: 100_000 } }).fit;

describe("openWorkerPool({ workers, queueLimit })", () => {
  let pool: WorkerPool;
  afterEach(() => pool.close());

  it("gives outputs in the order of the inputs", async () => {
    pool = await openWorkerPool({ workers: 2 });
    const fits = [900, 30, 400, 30, 30].map((rowCount, seed) => plantedFit({ rowCount, seed }).fit);
    expect(await pool.runAll("train-boosting", fits)).toEqual(fits.map(trainAndPredictNow));
  });

  it("takes an input only when a worker is about to be free", async () => {
    pool = await openWorkerPool({ workers: 1 });
    let taken = 0;
    function* inputs() {
      for (let seed = 0; seed < 12; seed++) {
        taken++;
        yield quick(seed);
      }
    }
    const all = pool.runAll("train-boosting", inputs());
    expect(taken).toBe(2);
    await all;
    expect(taken).toBe(12);
  });

  it("throws what the task throws, with code and details, and goes on", async () => {
    pool = await openWorkerPool({ workers: 1 });
    const failure = pool.run("train-boosting", broken);
    await expect(failure).rejects.toMatchObject({ code: "FEATURES_INVALID", details: { rowCount: 60 } });
    expect((await pool.run("train-boosting", quick(1))).predictions).toHaveLength(60);
  });

  it("stops taking inputs after the first failure", async () => {
    pool = await openWorkerPool({ workers: 1 });
    let isClosed = false;
    function* inputs() {
      try {
        yield broken;
        for (;;) yield quick(1);
      } finally {
        isClosed = true;
      }
    }
    await expect(pool.runAll("train-boosting", inputs())).rejects.toMatchObject({ code: "FEATURES_INVALID" });
    expect(isClosed).toBe(true);
  });

  it("replaces a worker that fails in a way nobody foresaw", async () => {
    pool = await openWorkerPool({ workers: 1 });
    const nothing = undefined as unknown as typeof broken;
    await expect(pool.run("train-boosting", nothing)).rejects.toMatchObject({ code: "INTERNAL" });
    expect((await pool.run("train-boosting", quick(1))).predictions).toHaveLength(60);
  });

  it("outlives what ml-xgboost throws at a missing value", async () => {
    pool = await openWorkerPool({ workers: 1 });
    const fit = quick(1);
    const columns = fit.train.columns.map((column) => column.with(3, NaN));
    const unchecked = { ...fit, train: { ...fit.train, columns } };
    await expect(pool.run("train-ml-xgboost", unchecked)).rejects.toMatchObject({ code: "INTERNAL" });
    expect((await pool.run("train-ml-xgboost", fit)).predictions).toHaveLength(60);
  });

  it("cancels one task and leaves the others alone", async () => {
    pool = await openWorkerPool({ workers: 1 });
    const cancelRunning = new AbortController();
    const cancelWaiting = new AbortController();
    const running = pool.run("train-boosting", endless, cancelRunning.signal);
    const waiting = pool.run("train-boosting", endless, cancelWaiting.signal);
    const last = pool.run("train-boosting", quick(2));
    cancelWaiting.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    cancelRunning.abort();
    await expect(running).rejects.toMatchObject({ code: "CANCELLED" });
    expect((await last).predictions).toHaveLength(60);
  });

  it("refuses a task when too many wait", async () => {
    pool = await openWorkerPool({ workers: 1, queueLimit: 1 });
    const cancel = new AbortController();
    const tasks = [1, 2].map(() => pool.run("train-boosting", endless, cancel.signal));
    await expect(pool.run("train-boosting", quick(1))).rejects.toMatchObject({ code: "WORKERS_BUSY" });
    cancel.abort();
    await Promise.allSettled(tasks);
  });

  it("cancels what is under way and what comes later when it is closed", async () => {
    pool = await openWorkerPool({ workers: 1 });
    const tasks = [1, 2].map(() => pool.run("train-boosting", endless));
    const outcomes = Promise.allSettled(tasks);
    await pool.close();
    tasks.push(pool.run("train-boosting", endless));
    await outcomes;
    for (const task of tasks) await expect(task).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it.each([{ workers: 0 }, { workers: 1.5 }, { queueLimit: 0 }])("refuses %o", async (options) => {
    pool = await openWorkerPool();
    await expect(openWorkerPool(options)).rejects.toMatchObject({ code: "ARGUMENT_INVALID" });
  });
});
