import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { BoostedTrees } from "../../../../src/engine/boosting/boosted-trees.js";
import { modelToXgboostJson } from "../../../../src/engine/boosting/xgboost-model.js";
import { StoredModels } from "../../../../src/server/workflows/services/models/stored-models.js";

const never = new AbortController().signal;
const home = mkdtempSync(join(tmpdir(), "quantflow-models-"));
const folder = join(home, "models");
mkdirSync(folder);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** One split: momentum below 0 gives `low`, else `high`; missing goes left. */
function stump(low: number, high: number): BoostedTrees {
  return {
    featureNames: ["momentum", "volume"],
    baseScore: 0,
    trees: [
      {
        nodeCount: 3,
        leftChild: Int32Array.of(1, -1, -1),
        rightChild: Int32Array.of(2, -1, -1),
        feature: Int32Array.of(0, 0, 0),
        condition: Float32Array.of(0, low, high),
        isMissingLeft: Uint8Array.of(1, 0, 0),
        weight: Float32Array.of(0, low, high),
        gain: Float32Array.of(1, 0, 0),
        cover: Float32Array.of(2, 1, 1),
      },
    ],
  };
}

const models = new StoredModels(folder);
const file = join(folder, "trend.json");
writeFileSync(file, modelToXgboostJson(stump(-0.25, 0.5)));
writeFileSync(join(home, "outside.json"), modelToXgboostJson(stump(1, 1)));
const predict = (features: Record<string, number>, name = "trend") => models.predict(name, features, never);

describe("StoredModels.predict(name, features, signal)", () => {
  it("predicts by the names of the features, in any order", async () => {
    expect(await predict({ momentum: -1, volume: 3 })).toBe(-0.25);
    expect(await predict({ volume: 3, momentum: 1 })).toBe(0.5);
    expect(await predict({ momentum: Number.NaN, volume: Number.NaN })).toBe(-0.25);
  });

  it.each([
    [{ momentum: 1 }, /volume missing \(accepted: momentum, volume\)/],
    [{ momentum: 1, volume: 1, tone: 1 }, /tone unknown/],
    [{}, /momentum, volume missing/],
  ])("refuses the features %j", async (features, message) => {
    await expect(predict(features)).rejects.toMatchObject({
      code: "ARGUMENT_INVALID",
      message: expect.stringMatching(message),
    });
  });

  it.each(["other", "../outside", "/etc/passwd", "trend.json", "", "linked"])("knows no model %j", async (name) => {
    if (name === "linked") symlinkSync(join(home, "outside.json"), join(folder, "linked.json"));
    await expect(predict({ momentum: 1, volume: 1 }, name)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("refuses a file that is no such model, naming the field", async () => {
    writeFileSync(join(folder, "broken.json"), '{"learner": {}}');
    await expect(predict({}, "broken")).rejects.toMatchObject({ code: "FEATURES_INVALID" });
  });

  it("reads a file again when it has changed", async () => {
    writeFileSync(file, modelToXgboostJson(stump(-4, 4)));
    utimesSync(file, 2_000_000_000, 2_000_000_000);
    expect(await predict({ momentum: 1, volume: 1 })).toBe(4);
  });
});
