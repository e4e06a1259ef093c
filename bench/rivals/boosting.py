"""Trains XGBoost's hist on one thread a process and prints {"ms", "rmse"} of the work alone.

boosting.py study FILE ROWS COLUMNS PROCESSES    fits of all lags and folds, each on its own matrix
boosting.py train FILE ROWS COLUMNS DEPTH        one fit of all rows
boosting.py probe                                fails unless xgboost is there

FILE holds float64 columns one after another, the labels last.
"""

import json
import sys
import time
from multiprocessing import Pool

import numpy
import xgboost

LAGS, FOLDS, ROUNDS = 31, 5, 100


def parameters(depth):
    return dict(objective="reg:squarederror", tree_method="hist", nthread=1, max_depth=depth, eta=0.1, base_score=0)


def read(file, rows, columns):
    values = numpy.fromfile(file, dtype=numpy.float64).reshape(columns + 1, rows)
    return numpy.ascontiguousarray(values[:columns].T), values[columns].copy()


def fit(lag_and_fold):
    lag, fold = lag_and_fold
    features, labels = DATA
    shifted = features.copy()
    shifted[:, 0] = numpy.roll(features[:, 0], lag)
    begin = len(labels) * (fold + 1) // (FOLDS + 1)
    end = len(labels) * (fold + 2) // (FOLDS + 1)
    train = xgboost.DMatrix(shifted[:begin], label=labels[:begin], nthread=1)
    booster = xgboost.train(parameters(3), train, ROUNDS)
    errors = booster.predict(xgboost.DMatrix(shifted[begin:end], nthread=1)) - labels[begin:end]
    return float(errors @ errors), len(errors)


def study(processes):
    tasks = [(lag, fold) for lag in range(LAGS) for fold in range(FOLDS)]
    if processes == 1:
        parts = [fit(task) for task in tasks]
    else:
        with Pool(processes) as pool:
            parts = pool.map(fit, tasks, chunksize=5)
    return (sum(squares for squares, _ in parts) / sum(rows for _, rows in parts)) ** 0.5


def train(depth):
    features, labels = DATA
    data = xgboost.DMatrix(features, label=labels, nthread=1)
    errors = xgboost.train(parameters(depth), data, ROUNDS).predict(data) - labels
    return float(errors @ errors / len(errors)) ** 0.5


if sys.argv[1] != "probe":
    work, file, rows, columns, last = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:])
    DATA = read(file, rows, columns)
    started = time.perf_counter()
    rmse = study(last) if work == "study" else train(last)
    print(json.dumps({"ms": (time.perf_counter() - started) * 1000, "rmse": rmse}))
