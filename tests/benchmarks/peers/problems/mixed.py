"""Mixed and discretised problems for development: ints, steps, log scales, categories."""
import itertools
import math
import random

from problems.problem import Problem, units
from space import boolean, categorical, integer, ordinal, real

VESSEL = [
    real("shell", 0.0625, 3.0, step=0.0625), real("head", 0.0625, 3.0, step=0.0625),
    real("radius", 10, 100), real("length", 10, 240),
]


def vessel(c):
    """Cost of a pressure vessel (Sandgren 1990), each violated constraint priced in proportion."""
    shell, head, radius, length = c["shell"], c["head"], c["radius"], c["length"]
    cost = (0.6224 * shell * radius * length + 1.7781 * head * radius ** 2
            + 3.1661 * shell ** 2 * length + 19.84 * shell ** 2 * radius)
    volume = math.pi * radius ** 2 * length + 4 / 3 * math.pi * radius ** 3
    violations = (0.0193 * radius / shell - 1, 0.00954 * radius / head - 1, 1296000 / volume - 1)
    return math.log(cost + 10000 * sum(max(0.0, v) for v in violations))


CHOSEN = [categorical("outer", ["bowl", "valley", "camel"]), categorical("inner", ["a", "b", "c", "d", "e"]),
          real("x", -2, 2), real("y", -2, 2)]


def chosen_functions(c):
    """Two categories choose what is added (after func2C of Ru et al. 2020)."""
    x, y = c["x"], c["y"]
    parts = {
        "bowl": 2 * (x - 0.7) ** 2 + (y + 0.4) ** 2 + 1.0,
        "valley": (100 * (y - x * x) ** 2 + (1 - x) ** 2) / 60,
        "camel": (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2 + 1.03,
    }
    tilts = {"a": 0.3 * x, "b": 0.4 * y * x, "c": 0.6 * abs(x - y), "d": 0.5 * math.sin(3 * x) + 0.2, "e": 0.8}
    return parts[c["outer"]] + tilts[c["inner"]]


LATTICE = ([integer(f"n{i}", -10, 10) for i in range(4)] + [integer("wide", 0, 400, step=8)]
           + [real("a", -5, 5), real("b", -5, 5)])
LATTICE_BEST = {"n0": 3, "n1": -7, "n2": 0, "n3": 6, "wide": 296, "a": 1.37, "b": -2.6}


def lattice(c):
    """Rastrigin over ints and floats, coupled between neighbours."""
    z = [(c[f"n{i}"] - LATTICE_BEST[f"n{i}"]) / 2 for i in range(4)]
    z += [(c["wide"] - 296) / 40, c["a"] - 1.37, c["b"] + 2.6]
    z = [v + 0.4 * w for v, w in zip(z, z[1:] + z[:1])]
    return sum(v * v + 4 * (1 - math.cos(2 * math.pi * v / 3)) for v in z)


TRAINING = [real("lr", 1e-6, 1, log=True), real("decay", 1e-8, 0.1, log=True), integer("batch", 8, 1024, log=True),
            real("momentum", 0, 0.99), categorical("optimizer", ["adam", "sgd", "lion", "rmsprop"])]
TRAINING_BEST = {"lr": 1e-3, "decay": 1e-4, "batch": 64, "momentum": 0.9, "optimizer": "adam"}


def training_valley(c):
    """The best learning rate moves with batch size and optimizer; above it, training diverges."""
    at = {"adam": -3.0, "sgd": -1.2, "lion": -4.0, "rmsprop": -3.4}[c["optimizer"]]
    floor = {"adam": 0.0, "sgd": 0.04, "lion": 0.02, "rmsprop": 0.08}[c["optimizer"]]
    log_batch = math.log2(c["batch"] / 64)
    off = math.log10(c["lr"]) - at - 0.15 * log_batch
    if c["optimizer"] == "sgd":
        off += 2 * (c["momentum"] - 0.9)
    loss = floor + (0.12 * off ** 2 if off < 0 else 0.35 * off ** 2)
    loss += 0.02 * (math.log10(c["decay"]) + 4) ** 2 + 0.01 * log_batch ** 2
    loss += 0.4 * (c["momentum"] - 0.9) ** 2
    return 0.1 + 2.2 * (1 - math.exp(-loss))


ISING = [boolean(f"s{i}") for i in range(12)] + [ordinal("field", [0, 0.25, 0.5, 0.75, 1.0])]
_couplings = {pair: random.Random(f"ising/{pair}").gauss(0, 1) for pair in itertools.combinations(range(12), 2)
              if (pair[1] - pair[0]) in (1, 3, 4)}


def ising(c):
    """Energy of spins on a graph with random couplings, and a field that pulls them one way."""
    s = [1 if c[f"s{i}"] else -1 for i in range(12)]
    energy = -sum(j * s[a] * s[b] for (a, b), j in _couplings.items())
    return energy + c["field"] * sum(s) / 3 + 2 * abs(c["field"] - 0.75)


NETWORK = [integer("layers", 1, 10), ordinal("units", [16, 32, 64, 128, 256, 512]), ordinal("kernel", [1, 3, 5, 7, 9]),
           real("dropout", 0, 0.8, step=0.05), integer("warmup", 0, 1000, step=50), boolean("norm"), boolean("skip"),
           categorical("activation", ["relu", "gelu", "tanh", "selu"])]
NETWORK_BEST = {"layers": 6, "units": 128, "kernel": 5, "dropout": 0.3, "warmup": 300, "norm": True, "skip": True,
                "activation": "gelu"}


def network(c):
    """Depth wants skips and norms; capacity (depth, width, kernel) has one best size; dropout follows it."""
    u = units(NETWORK, c)
    depth = c["layers"] - 6
    capacity = depth / 4 + 2 * (u["units"] - 0.6) + (u["kernel"] - 0.5)
    loss = 0.5 * capacity ** 2 + 0.03 * depth ** 2 + 0.3 * (u["units"] - 0.6) ** 2
    loss += 0.3 * (u["dropout"] - 0.375 - 0.2 * capacity) ** 2 * 3
    if not c["skip"]:
        loss += 0.02 * c["layers"] ** 1.3 * (1 if c["norm"] else 2)
    if not c["norm"]:
        loss += 0.15 + 0.3 * (u["warmup"] - 0.6) ** 2
    else:
        loss += 0.4 * (u["warmup"] - 0.3) ** 2
    return 0.2 + loss + {"relu": 0.05, "gelu": 0.0, "tanh": 0.2, "selu": 0.08 + (0.3 if c["norm"] else 0)}[c["activation"]]


def problems():
    def problem(name, space, function, best=None):
        return Problem(name, "mixed", "tune", space, function, best)
    return [
        problem("vessel", VESSEL, vessel),
        problem("chosen_functions", CHOSEN, chosen_functions),
        problem("lattice", LATTICE, lattice, LATTICE_BEST),
        problem("training_valley", TRAINING, training_valley, TRAINING_BEST),
        problem("ising", ISING, ising),
        problem("network", NETWORK, network, NETWORK_BEST),
    ]
