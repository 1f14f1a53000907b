"""Conditional problems for development: trees of 11 to 16 parameters."""
import math

from problems.tree import sum_of, tree_problem
from space import boolean, categorical, integer, ordinal, real

# Which optimizer, with which of its own parameters, under which learning-rate schedule.
OPTIMIZERS = [
    categorical("optimizer", ["sgd", "adam", "rmsprop"]), categorical("schedule", ["constant", "cosine", "step"]),
    real("lr", 1e-5, 1, log=True), integer("batch", 16, 1024, log=True), real("decay", 1e-7, 1e-1, log=True),
    real("momentum", 0, 0.99, when={"optimizer": ["sgd", "rmsprop"]}), boolean("nesterov", when={"optimizer": ["sgd"]}),
    real("beta1", 0.5, 0.99, when={"optimizer": ["adam"]}), real("beta2", 0.9, 0.9999, when={"optimizer": ["adam"]}),
    real("epsilon", 1e-10, 1e-3, log=True, when={"optimizer": ["adam", "rmsprop"]}),
    integer("warmup", 0, 20, when={"schedule": ["cosine"]}), real("end", 0, 0.5, when={"schedule": ["cosine"]}),
    integer("every", 2, 40, when={"schedule": ["step"]}), real("factor", 0.05, 0.9, when={"schedule": ["step"]}),
]

# A network of one to four layers, each with its own width, dropout and activation.
LAYERS = [integer("layers", 1, 4), real("lr", 1e-4, 0.3, log=True), ordinal("batch", [16, 32, 64, 128, 256])]
for k in range(1, 5):
    _deep = {"layers": list(range(k, 5))} if k > 1 else None
    LAYERS += [integer(f"units{k}", 8, 512, log=True, when=_deep), real(f"dropout{k}", 0, 0.7, when=_deep),
               categorical(f"activation{k}", ["relu", "tanh", "gelu"], when=_deep)]

BOOSTERS = [
    categorical("booster", ["tree", "dart", "linear"]), real("eta", 1e-3, 1, log=True),
    real("lambda", 1e-4, 100, log=True), real("alpha", 1e-4, 10, log=True),
    integer("rounds", 10, 2000, log=True), integer("depth", 1, 14, when={"booster": ["tree", "dart"]}),
    real("rows", 0.2, 1, when={"booster": ["tree", "dart"]}), real("columns", 0.2, 1, when={"booster": ["tree", "dart"]}),
    real("child_weight", 0.1, 100, log=True, when={"booster": ["tree", "dart"]}),
    categorical("sample", ["uniform", "weighted"], when={"booster": ["dart"]}),
    real("drop", 0, 0.5, when={"booster": ["dart"]}), real("skip", 0, 0.9, when={"booster": ["dart"]}),
    categorical("selector", ["cyclic", "shuffle", "greedy"], when={"booster": ["linear"]}),
]

# Scaling, reduction, then a model: every step with its own parameters, two levels deep.
PIPELINE = [
    categorical("scaler", ["none", "standard", "quantile"]), integer("quantiles", 10, 1000, log=True, when={"scaler": ["quantile"]}),
    categorical("reduce", ["none", "pca", "select"]), real("variance", 0.5, 0.999, when={"reduce": ["pca"]}),
    boolean("whiten", when={"reduce": ["pca"]}), integer("features", 1, 60, when={"reduce": ["select"]}),
    categorical("model", ["svm", "forest", "logistic"]), real("C", 1e-4, 1e4, log=True, when={"model": ["svm", "logistic"]}),
    categorical("kernel", ["rbf", "poly"], when={"model": ["svm"]}), real("gamma", 1e-5, 10, log=True, when={"kernel": ["rbf"]}),
    integer("degree", 2, 6, when={"kernel": ["poly"]}), real("coef0", -1, 1, when={"kernel": ["poly"]}),
    integer("trees", 10, 1000, log=True, when={"model": ["forest"]}), integer("leaf", 1, 50, log=True, when={"model": ["forest"]}),
    real("share", 0.05, 1, when={"model": ["forest"]}), real("l1", 0, 1, when={"model": ["logistic"]}),
]

# Three unlike regions, each with floats of its own.
REGIONS = [categorical("region", ["hill", "lake", "wood"])]
for _name in ("hill", "lake", "wood"):
    REGIONS += [real(f"{_name}{k}", -1, 1, when={"region": [_name]}) for k in range(4)]

SWITCHES = [real("base", 1e-3, 1e3, log=True), ordinal("level", [1, 2, 4, 8])]
for _k in range(4):
    SWITCHES += [boolean(f"use{_k}"), real(f"rate{_k}", 1e-4, 1, log=True, when={f"use{_k}": [True]}),
                 integer(f"size{_k}", 1, 30, when={f"use{_k}": [True]})]


def bowl(distances, _):
    """A quadratic with a pull between neighbours."""
    z = list(distances.values())
    return sum(2 * v * v for v in z) + 0.8 * sum((a + b) ** 2 for a, b in zip(z, z[1:]))


def rippled(distances, _):
    """Rastrigin with few ripples, in the mean."""
    z = list(distances.values())
    return sum(4 * v * v + 0.25 * (1 - math.cos(5 * math.pi * v)) for v in z) / math.sqrt(len(z))


def pointed(distances, _):
    """Absolute distances, the first parameters counting more."""
    return sum(abs(v) * 1.5 / (1 + 0.4 * k) for k, v in enumerate(distances.values()))


def regions(distances, configuration):
    z = list(distances.values())
    if configuration["region"] == "hill":
        return sum(3 * v * v for v in z)
    if configuration["region"] == "lake":
        return 2 * math.sqrt(sum(v * v for v in z)) + 0.3 * sum(1 - math.cos(9 * v) for v in z) / 4
    return sum(20 * (b - 2 * a * a) ** 2 + a * a for a, b in zip(z, z[1:])) / 2


def problems():
    return [
        tree_problem("optimizers", "tune", OPTIMIZERS,
                     sum_of(optimizer={"sgd": 0.0, "adam": 0.1, "rmsprop": 0.35},
                             schedule={"constant": 0.3, "cosine": 0.0, "step": 0.15}), bowl,
                     {"optimizer": "sgd", "schedule": "cosine"}),
        tree_problem("layers", "tune", LAYERS, sum_of(layers={1: 0.5, 2: 0.2, 3: 0.0, 4: 0.25}), rippled, {"layers": 3}),
        tree_problem("boosters", "tune", BOOSTERS, sum_of(booster={"tree": 0.1, "dart": 0.0, "linear": 0.4}), pointed,
                     {"booster": "dart"}),
        tree_problem("pipeline", "tune", PIPELINE,
                     sum_of(scaler={"none": 0.4, "standard": 0.0, "quantile": 0.1},
                             reduce={"none": 0.15, "pca": 0.0, "select": 0.2},
                             model={"svm": 0.0, "forest": 0.12, "logistic": 0.3}, kernel={"rbf": 0.0, "poly": 0.2}), bowl,
                     {"scaler": "standard", "reduce": "pca", "model": "svm", "kernel": "rbf"}),
        tree_problem("regions", "tune", REGIONS, sum_of(region={"hill": 0.3, "lake": 0.0, "wood": 0.15}), regions,
                     {"region": "lake"}),
        tree_problem("switches", "tune", SWITCHES,
                     sum_of(**{f"use{k}": {on: (0.0 if on == (k in (0, 2)) else 0.25 + 0.1 * k) for on in (False, True)}
                                for k in range(4)}), rippled, {"use0": True, "use1": False, "use2": True, "use3": False}),
    ]
