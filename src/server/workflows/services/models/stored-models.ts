import { readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { type BoostedTrees, predictBoostedTrees } from "../../../../engine/boosting/boosted-trees.js";
import { modelFromXgboostJson } from "../../../../engine/boosting/xgboost-model-reader.js";
import { WorkbenchError } from "../../../../engine/errors.js";
import { throwIfAborted } from "../throw-if-aborted.js";

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const LARGEST_MODEL = 64 * 1024 * 1024;
const KEPT_MODELS = 16;

interface KeptModel {
  readonly version: string;
  readonly model: BoostedTrees;
}

/** Models in XGBoost's JSON format, as `NAME.json` in a folder. A file that changes is read again. */
export class StoredModels {
  readonly #folder: string;
  readonly #kept = new Map<string, KeptModel>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * One row; a feature of `NaN` is missing.
   * @throws NOT_FOUND, ARGUMENT_INVALID for features that the model does not have or lacks, FEATURES_INVALID for a file
   * that is no such model
   */
  async predict(name: string, features: Readonly<Record<string, number>>, signal: AbortSignal): Promise<number> {
    throwIfAborted(signal);
    const model = await this.#read(name, signal);
    const given = new Map(Object.entries(features));
    const missing = model.featureNames.filter((feature) => !given.has(feature));
    const known = new Set(model.featureNames);
    const unknown = [...given.keys()].filter((feature) => !known.has(feature));
    if (missing.length > 0 || unknown.length > 0) {
      const problems = [
        ...(missing.length > 0 ? [`${missing.slice(0, 20).join(", ")} missing`] : []),
        ...(unknown.length > 0 ? [`${unknown.slice(0, 20).join(", ")} unknown`] : []),
      ];
      throw new WorkbenchError(
        "ARGUMENT_INVALID",
        `invalid features of ${name}: ${problems.join("; ")} (accepted: ${model.featureNames.slice(0, 50).join(", ")})`,
        { details: { missing: missing.slice(0, 20), unknown: unknown.slice(0, 20) } },
      );
    }
    const columns = model.featureNames.map((feature) => Float64Array.of(given.get(feature)!));
    return predictBoostedTrees(model, { names: model.featureNames, columns, rowCount: 1 })[0]!;
  }

  async #read(name: string, signal: AbortSignal): Promise<BoostedTrees> {
    const path = await this.#pathOf(name);
    const { size, mtimeMs } = await stat(path);
    const version = `${size}:${mtimeMs}`;
    const kept = this.#kept.get(name);
    if (kept?.version === version) return kept.model;
    if (size > LARGEST_MODEL) {
      throw new WorkbenchError(
        "REQUEST_TOO_LARGE",
        `invalid model: ${name} has ${size} bytes (accepted: up to ${LARGEST_MODEL})`,
      );
    }
    const model = modelFromXgboostJson(await readFile(path, { encoding: "utf8", signal }));
    this.#kept.delete(name);
    this.#kept.set(name, { version, model });
    for (const oldest of [...this.#kept.keys()].slice(0, -KEPT_MODELS)) this.#kept.delete(oldest);
    return model;
  }

  /** A link that leads out of the folder is no model of it. */
  async #pathOf(name: string): Promise<string> {
    if (MODEL_NAME.test(name)) {
      try {
        const root = await realpath(this.#folder);
        const path = join(root, `${name}.json`);
        if ((await realpath(path)) === path) return path;
      } catch {
        // Said below.
      }
    }
    throw new WorkbenchError(
      "NOT_FOUND",
      `unknown model: ${JSON.stringify(name.slice(0, 80))} (accepted: the name of a file NAME.json in the folder of models, without .json)`,
      { details: { name: name.slice(0, 80) } },
    );
  }
}
