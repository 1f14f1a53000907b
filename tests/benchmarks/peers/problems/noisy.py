"""Noisy problems: the optimizer is told value + noise, the score counts the value of the configuration tried.

The noise of trial n is drawn from problem, seed and n, so that every optimizer meets the same.
"""
import math

from problems.continuous import cube, vector
from problems.problem import Problem, units
from problems.rotation import dot, product, rotation, shift
from problems.tree import tree_problem
from space import boolean, categorical, integer, ordinal, real


def gaussian(stddev):
    return lambda value, rng: value + stddev * rng.gauss(0, 1)


def heavy(scale):
    """Student's t with three degrees of freedom: now and then far off."""
    return lambda value, rng: value + scale * rng.gauss(0, 1) / math.sqrt(rng.gammavariate(1.5, 2) / 3)


def growing(share, floor, least):
    """The worse the value, the noisier: stddev = least + share·(value − floor)."""
    return lambda value, rng: value + (least + share * max(0.0, value - floor)) * rng.gauss(0, 1)


def at(best):
    return {f"x{i + 1}": value for i, value in enumerate(best)}


def rotated(name, half, base, d, noise):
    rows, best = rotation(name, d), shift(name, d, 4)
    return Problem(name, "noisy", half, cube(d),
                   lambda c: base(product(rows, [x - b for x, b in zip(vector(c), best)])), at(best), noise)


def bowl(z):
    return sum((1 + i) * v * v for i, v in enumerate(z)) / 3


def branin(c):
    x, y = c["x"], c["y"]
    return ((y - 5.1 / (4 * math.pi ** 2) * x ** 2 + 5 / math.pi * x - 6) ** 2
            + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10)


_HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
_HARTMANN_P = [[.1312, .1696, .5569, .0124, .8283, .5886], [.2329, .4135, .8307, .3736, .1004, .9991],
               [.2348, .1451, .3522, .2883, .3047, .6650], [.4047, .8828, .8732, .5743, .1091, .0381]]


def hartmann(c):
    u = vector(c)
    return -sum(alpha * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(A, u, P)))
                for alpha, A, P in zip((1.0, 1.2, 3.0, 3.2), _HARTMANN_A, _HARTMANN_P))


FINE_TUNING = [real("lr", 1e-6, 1e-1, log=True), integer("epochs", 1, 30), ordinal("batch", [8, 16, 32, 64, 128]),
               categorical("optimizer", ["adam", "sgd", "rmsprop"]), real("dropout", 0, 0.8)]


def fine_tuning(c):
    u = units(FINE_TUNING, c)
    at = {"adam": 0.5, "sgd": 0.75, "rmsprop": 0.45}[c["optimizer"]]
    loss = {"adam": 0.0, "sgd": 0.1, "rmsprop": 0.06}[c["optimizer"]]
    loss += 5 * (u["lr"] - at - 0.1 * (u["batch"] - 0.5)) ** 2 + 0.8 * (u["epochs"] - 0.6) ** 2
    return 0.3 + 1.5 * (1 - math.exp(-loss - 0.7 * (u["dropout"] - 0.375) ** 2))


WARM = [categorical("warm", ["none", "linear"]), integer("steps", 10, 1000, log=True, when={"warm": ["linear"]}),
        real("start", 0, 0.5, when={"warm": ["linear"]}), categorical("decay", ["cosine", "exponential", "none"]),
        real("rate", 0.8, 0.999, when={"decay": ["exponential"]}), real("end", 0, 0.3, when={"decay": ["cosine"]}),
        real("lr", 1e-5, 1e-1, log=True), boolean("clip"), real("norm", 0.1, 10, log=True, when={"clip": [True]}),
        integer("batch", 8, 512, log=True)]


def quadratic(distances, _):
    return sum(2.5 * v * v for v in distances.values())


def zakharov(z):
    s = sum(0.5 * (i + 1) * v for i, v in enumerate(z)) / 3
    return math.log1p(dot(z, z) + s * s + s ** 4)


def alpine(z):
    return sum(abs(v * math.sin(v)) + 0.3 * abs(v) for v in z)


def camel(c):
    x, y = c["x"], c["y"]
    return (4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2


def dixon_price(z):
    x = [2 ** -((2 ** (i + 1) - 2) / 2 ** (i + 1)) + v for i, v in enumerate(z)]
    valley = (x[0] - 1) ** 2 + sum((i + 1) * (2 * b * b - a) ** 2 for i, (a, b) in enumerate(zip(x, x[1:]), 1))
    return math.log1p(valley / 10)


FOREST = [integer("trees", 10, 1000, log=True), integer("depth", 1, 30), ordinal("criterion", ["gini", "mixed", "entropy"]),
          real("features", 0.05, 1, step=0.05), boolean("bootstrap"), categorical("weights", ["none", "balanced", "sub"])]


def forest(c):
    u = units(FOREST, c)
    bias = math.exp(-4 * u["depth"]) + 0.3 * (u["features"] - 0.35) ** 2
    variance = (0.25 + 0.5 * u["features"] ** 2) * u["depth"] * (0.6 if c["bootstrap"] else 1.0) / (1 + 3 * u["trees"])
    return bias + variance + {"none": 0.05, "balanced": 0.0, "sub": 0.08}[c["weights"]] + 0.04 * abs(u["criterion"] - 0.5)


BOOST = [categorical("kind", ["depthwise", "lossguide"]), integer("depth", 2, 12, when={"kind": ["depthwise"]}),
         integer("leaves", 4, 512, log=True, when={"kind": ["lossguide"]}), real("eta", 1e-3, 0.5, log=True),
         boolean("sample"), real("rows", 0.3, 1, when={"sample": [True]}), categorical("by", ["tree", "level"], when={"sample": [True]}),
         real("columns", 0.3, 1, when={"sample": [True]}), real("l2", 1e-3, 100, log=True), real("gain", 1e-4, 10, log=True)]


def curved(distances, _):
    z = list(distances.values())
    return 1.5 * math.sqrt(1 + sum(4 * (a - 0.7 * b) ** 2 for a, b in zip(z, z[1:] + z[:1]))) - 1.5


def problems():
    plane = [real("x", -5, 10), real("y", 0, 15)]
    saddle = [real("x", -3, 3), real("y", -2, 2)]
    tune, validate = "tune", "validate"
    return [
        rotated("noisy_bowl_5", tune, bowl, 5, gaussian(3)),
        Problem("noisy_branin", "noisy", tune, plane, branin, {"x": math.pi, "y": 2.275}, gaussian(5)),
        Problem("noisy_hartmann", "noisy", tune, [real(f"x{i + 1}", 0, 1) for i in range(6)], hartmann, None, gaussian(0.2)),
        Problem("noisy_fine_tuning", "noisy", tune, FINE_TUNING, fine_tuning, None, growing(0.1, 0.3, 0.02)),
        tree_problem("noisy_warmup", tune, WARM, lambda c: {"none": 0.2, "linear": 0.0}[c["warm"]]
                     + {"cosine": 0.0, "exponential": 0.1, "none": 0.3}[c["decay"]] + (0.0 if c["clip"] else 0.2), quadratic,
                     {"warm": "linear", "decay": "cosine", "clip": True}, family="noisy", noise=gaussian(0.15)),
        rotated("noisy_zakharov_5", validate, zakharov, 5, gaussian(0.4)),
        rotated("noisy_alpine_10", validate, alpine, 10, heavy(1.5)),
        Problem("noisy_camel", "noisy", validate, saddle, camel, None, gaussian(0.5)),
        rotated("noisy_dixon_price_4", validate, dixon_price, 4, growing(0.05, 0, 0.2)),
        Problem("noisy_forest", "noisy", validate, FOREST, forest, None, gaussian(0.03)),
        tree_problem("noisy_boost", validate, BOOST, lambda c: {"depthwise": 0.0, "lossguide": 0.15}[c["kind"]]
                     + (0.0 if c["sample"] else 0.15) + {"tree": 0.0, "level": 0.05}.get(c.get("by"), 0.0), curved,
                     {"kind": "depthwise", "sample": True, "by": "tree"}, family="noisy", noise=heavy(0.08)),
    ]
