"""Writes cases.json beside this file: what native XGBoost 1.7.4 trains and predicts on small tables.

Run with Debian's python3-xgboost and python3-numpy: /usr/bin/python3 test/golden/native-xgboost/generate.py
"""

import json
from pathlib import Path

import numpy
import xgboost

# rows, columns, share of missing values, rounds, parameters
CASES = {
    "three levels": (220, 4, 0.0, 40, dict(max_depth=3, eta=0.1)),
    "six levels": (200, 3, 0.0, 30, dict(max_depth=6, eta=0.3)),
    "missing values": (220, 4, 0.2, 30, dict(max_depth=4, eta=0.3)),
    "heavy children and a strong penalty": (220, 3, 0.0, 30, dict(max_depth=5, eta=0.3, min_child_weight=9, **{"lambda": 7})),
    "another base score": (150, 2, 0.0, 20, dict(max_depth=3, eta=0.5, base_score=-3)),
    "pruned": (200, 3, 0.05, 10, dict(max_depth=4, eta=0.3, gamma=0.8)),
}


def table(random, rows, columns, missing):
    values = numpy.round(random.normal(size=(rows, columns)), 2)
    values[:, -1] = numpy.round(values[:, -1])
    values[random.random((rows, columns)) < missing] = numpy.nan
    return values


def columns_of(values):
    return [[None if value != value else value for value in column] for column in values.T.tolist()]


def case(seed, rows, columns, missing, rounds, parameters):
    random = numpy.random.default_rng(seed)
    train, test = table(random, rows, columns, missing), table(random, 60, columns, missing)
    filled = numpy.nan_to_num(train)
    labels = numpy.round(numpy.sin(2 * filled[:, 0]) + filled[:, 1] * filled[:, -1] + 0.3 * random.normal(size=rows), 3)
    parameters = dict(base_score=0.5, min_child_weight=1, gamma=0) | {"lambda": 1} | parameters
    data = xgboost.DMatrix(train, label=labels)
    fixed = dict(objective="reg:squarederror", tree_method="exact", nthread=1)
    booster = xgboost.train(fixed | parameters, data, rounds)
    gain = booster.get_score(importance_type="total_gain")
    return dict(
        rounds=rounds,
        parameters=parameters,
        train=columns_of(train),
        labels=labels.tolist(),
        test=columns_of(test),
        trainPredictions=booster.predict(data).tolist(),
        testPredictions=booster.predict(xgboost.DMatrix(test)).tolist(),
        totalGain=[gain.get(f"f{column}", 0) for column in range(columns)],
        model=json.loads(booster.save_raw("json")) if rounds <= 10 else None,
    )


cases = {name: case(seed, *facts) for seed, (name, facts) in enumerate(CASES.items())}
Path(__file__).with_name("cases.json").write_text(json.dumps({"xgboost": xgboost.__version__, "cases": cases}) + "\n")
