import { execFileSync, spawnSync } from "node:child_process";
import type { FeatureColumns } from "../../../src/engine/boosting/gradient-boosting.js";

const PYTHON = "/usr/bin/python3";

/** Why tests against XGBoost in Python cannot run here; `undefined` when they can. */
export const pythonUnavailable: string | undefined =
  spawnSync(PYTHON, ["-c", "import xgboost, numpy"], { stdio: "ignore" }).status === 0
    ? undefined
    : "skipped: no python3 with xgboost and numpy";

const PREDICT = `
import json, sys, tempfile
import numpy, xgboost
request = json.load(sys.stdin)
booster = xgboost.Booster()
booster.load_model(bytearray(request["model"], "utf-8"))
columns = [[float("nan") if value is None else value for value in column] for column in request["columns"]]
data = xgboost.DMatrix(numpy.array(columns).T, feature_names=request["names"])
json.dump(booster.predict(data).tolist(), sys.stdout)
`;

/** What XGBoost in Python predicts with a model in its JSON format. */
export function pythonPredictions(model: string, { names, columns }: FeatureColumns): number[] {
  const request = { model, names, columns: columns.map((column) => Array.from(column)) };
  return JSON.parse(
    execFileSync(PYTHON, ["-c", PREDICT], { input: JSON.stringify(request), encoding: "utf8", stdio: "pipe" }),
  );
}
