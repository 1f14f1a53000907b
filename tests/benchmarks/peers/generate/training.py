#!/usr/bin/env python3
"""Trains the models of the training family on full grids and writes problems/training.json.xz.

    build/peers-venv/bin/python tests/benchmarks/peers/generate/training.py [NAME...]

Needs scikit-learn (the peers' environment) and about ten minutes. Finished tables are kept in build/training-tables, so
that a run goes on where it was ended. `axes` are the parameters between whose nodes the table is interpolated; the
last parameter of a space may be staged, with all its losses from one training.
"""
import itertools
import json
import lzma
import sys
import time
import warnings
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import data  # noqa: E402
import models  # noqa: E402
import space as spaces  # noqa: E402
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine  # noqa: E402
from space import boolean, categorical, integer, real  # noqa: E402

CACHE = HERE.parents[3] / "build/training-tables"


def nodes(low, high, count, log=True):
    steps = [k / (count - 1) for k in range(count)]
    return [float(f"{low * (high / low) ** t if log else low + (high - low) * t:.6g}") for t in steps]


def table(half, parameters, losses, loaded, staged=None, noise=None):
    """parameters: (parameter of the space, nodes or None); losses: configuration, data[, stages] → losses."""
    return {"half": half, "parameters": parameters, "losses": losses, "data": loaded, "staged": staged, "noise": noise}


def log_real(name, low, high, count):
    return real(name, low, high, log=True), nodes(low, high, count)


def linear(name, low, high, count):
    return real(name, low, high), nodes(low, high, count, log=False)


def log_integer(name, values):
    return integer(name, values[0], values[-1], log=True), values


def choice(name, *values):
    return categorical(name, list(values)), None


TREES, ROUNDS, EPOCHS = [2, 5, 10, 20, 40, 80], [2, 4, 8, 16, 32, 64, 128], [1, 2, 4, 8, 16, 32]


def tables():
    digits, flower, scenes = data.digits(), data.flower(), data.scenes()
    wine, cancer, diabetes = data.folds(load_wine), data.folds(load_breast_cancer), data.folds(load_diabetes)
    classify, regress = {"classes": True}, {"classes": False}
    neighbours = [log_integer("k", [1, 2, 3, 5, 8, 13, 21, 40]), choice("weights", "uniform", "distance"),
                  linear("p", 1, 4, 4), log_integer("components", [2, 4, 7, 12, 20]), (boolean("whiten"), None)]
    forest = [(integer("depth", 1, 12), [1, 2, 3, 5, 8, 12]), log_integer("leaf", [1, 2, 4, 8, 16]), linear("features", 0.1, 1, 4)]
    boosting = [log_real("eta", 0.01, 1, 6), (integer("depth", 1, 6), [1, 2, 3, 4, 6]), linear("rows", 0.3, 1, 3),
                linear("features", 0.1, 1, 3), log_integer("rounds", ROUNDS)]
    return {
        "svm_digits": table("tune", [log_real("C", 0.01, 1000, 8), log_real("gamma", 1e-3, 10, 8),
                                     choice("kernel", "rbf", "poly", "sigmoid"), choice("scaler", "none", "standard")],
                            models.svm_error, digits),
        "forest_wine": table("tune", forest + [choice("criterion", "gini", "entropy"), log_integer("trees", TREES)],
                             partial(models.forest_loss, **classify), wine, TREES),
        "network_digits": table("tune", [log_real("lr", 1e-4, 0.1, 7), log_real("alpha", 1e-5, 1, 3),
                                         log_integer("hidden", [4, 8, 16, 32, 64]), (spaces.ordinal("batch", [16, 64, 256]), None),
                                         log_integer("epochs", EPOCHS)], partial(models.network_loss, **classify), digits, EPOCHS),
        "boosting_flower": table("tune", boosting, partial(models.boosting_loss, **regress), flower, ROUNDS),
        "descent_wine": table("tune", [choice("loss", "log_loss", "modified_huber"), choice("penalty", "l2", "l1", "elasticnet"),
                                       log_real("alpha", 1e-6, 1, 7), log_real("eta", 1e-4, 10, 7),
                                       choice("schedule", "constant", "invscaling", "adaptive")], models.descent_loss, wine),
        "neighbours_digits": table("tune", neighbours, models.neighbours_loss, digits),
        "noisy_svr_flower": table("tune", [log_real("C", 0.01, 100, 8), log_real("gamma", 1e-4, 1, 8),
                                           log_real("epsilon", 1e-3, 0.3, 5)], models.svr_loss, flower, noise=0.01),
        "svm_cancer": table("validate", [log_real("C", 1e-3, 1e4, 10), log_real("gamma", 1e-4, 10, 10),
                                         choice("kernel", "rbf", "poly", "sigmoid"), choice("scaler", "range", "standard", "robust")],
                            models.svm_error, cancer),
        "forest_diabetes": table("validate", forest + [choice("kind", "forest", "extra"), log_integer("trees", TREES)],
                                 partial(models.forest_loss, **regress), diabetes, TREES),
        "network_diabetes": table("validate", [log_real("lr", 1e-4, 0.3, 7), log_real("alpha", 1e-4, 100, 4),
                                               log_integer("hidden", [2, 4, 8, 16, 32]), choice("activation", "relu", "tanh", "logistic"),
                                               (spaces.ordinal("batch", [16, 64]), None), log_integer("epochs", EPOCHS)],
                                  partial(models.network_loss, **regress), diabetes[:1], EPOCHS),
        "boosting_cancer": table("validate", boosting, partial(models.boosting_loss, **classify), cancer[:1], ROUNDS),
        "ridge_diabetes": table("validate", [log_real("alpha", 1e-4, 1e3, 10), log_real("gamma", 1e-4, 10, 10),
                                             choice("kernel", "rbf", "laplacian", "poly"), choice("scaler", "none", "standard", "robust")],
                                models.ridge_loss, diabetes),
        "neighbours_scenes": table("validate", neighbours, models.neighbours_loss, scenes),
        "trees_scenes": table("validate", forest + [choice("criterion", "gini", "entropy"), choice("kind", "forest", "extra"),
                                                    log_integer("trees", TREES)], partial(models.forest_loss, **classify), scenes, TREES),
        "noisy_logistic_cancer": table("validate", [log_real("C", 1e-4, 1e4, 10), (integer("select", 1, 30), [1, 2, 4, 7, 11, 16, 22, 30]),
                                                    (boolean("balanced"), None), choice("scaler", "range", "standard", "robust")],
                                       models.logistic_loss, cancer, noise=0.03),
    }


def compute(name, made):
    parameters = made["parameters"]
    trained = parameters[:-1] if made["staged"] else parameters
    grids = [axis or spaces.levels(parameter) for parameter, axis in trained]
    stages = [made["staged"]] if made["staged"] else []
    started, values = time.time(), []
    for point in itertools.product(*grids):
        configuration = {parameter["name"]: value for (parameter, _), value in zip(trained, point)}
        values += [float(f"{loss:.5g}") for loss in made["losses"](configuration, made["data"], *stages)]
    print(f"{name}: {len(values)} losses in {time.time() - started:.0f} s, from {min(values)} to {max(values)}", flush=True)
    found = {"half": made["half"], "space": [parameter for parameter, _ in parameters],
             "axes": {parameter["name"]: axis for parameter, axis in parameters if axis}, "values": values}
    return {**found, "noise": made["noise"]} if made["noise"] else found


def main():
    warnings.filterwarnings("ignore")
    CACHE.mkdir(parents=True, exist_ok=True)
    made = tables()
    for name in sys.argv[1:] or made:
        cached = CACHE / f"{name}.json"
        if sys.argv[1:] or not cached.exists():
            cached.write_text(json.dumps(compute(name, made[name])))
    found = {name: json.loads((CACHE / f"{name}.json").read_text()) for name in made if (CACHE / f"{name}.json").exists()}
    with lzma.open(HERE.parent / "problems/training.json.xz", "wt", preset=9) as file:
        json.dump(found, file, separators=(",", ":"))


if __name__ == "__main__":
    main()
