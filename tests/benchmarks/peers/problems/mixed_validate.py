"""Mixed and discretised problems on which figures are quoted."""
import math
import random

from problems.problem import Problem, units
from space import boolean, categorical, integer, ordinal, real

# Wire gauges of the coil spring, in inches (Sandgren 1990).
WIRES = [0.009, 0.0095, 0.0104, 0.0118, 0.0128, 0.0132, 0.014, 0.015, 0.0162, 0.0173, 0.018, 0.020, 0.023, 0.025,
         0.028, 0.032, 0.035, 0.041, 0.047, 0.054, 0.063, 0.072, 0.080, 0.092, 0.105, 0.120, 0.135, 0.148, 0.162,
         0.177, 0.192, 0.207, 0.225, 0.244, 0.263, 0.283, 0.307, 0.331, 0.362, 0.394, 0.4375, 0.500]
SPRING = [integer("coils", 1, 70), real("diameter", 0.6, 3), ordinal("wire", WIRES)]


def spring(c):
    """Volume of wire of a coil spring under a load of 1000 pounds; violated constraints priced in proportion."""
    n, d, w = c["coils"], c["diameter"], c["wire"]
    ratio = d / w
    factor = (4 * ratio - 1) / (4 * ratio - 4) + 0.615 / ratio if ratio > 1.01 else 100
    stiffness = 11.5e6 * w ** 4 / (8 * n * d ** 3)
    length = 1000 / stiffness + 1.05 * (n + 2) * w
    stress = 8 * factor * 1000 * d / (math.pi * w ** 3)
    violations = (stress / 189000 - 1, length / 14 - 1, (d + w) / 3 - 1, 3 - ratio, 300 / stiffness / 6 - 1,
                  (1.25 - 700 / stiffness) / 1.25)
    price = sum(min(50.0, max(0.0, v)) for v in violations)
    return math.log10(math.pi ** 2 * d * w ** 2 * (n + 2) / 4 + 5 * price)


REDUCER = [real("face", 2.6, 3.6, step=0.05), ordinal("module", [0.70, 0.72, 0.74, 0.75, 0.76, 0.78, 0.80]),
           integer("teeth", 17, 28), real("shaft1", 7.3, 8.3), real("shaft2", 7.3, 8.3), real("d1", 2.9, 3.9),
           real("d2", 5.0, 5.5)]


def reducer(c):
    """Weight of a speed reducer (Golinski 1970)."""
    b, m, z, l1, l2, d1, d2 = c.values()
    weight = (0.7854 * b * m ** 2 * (3.3333 * z ** 2 + 14.9334 * z - 43.0934) - 1.508 * b * (d1 ** 2 + d2 ** 2)
              + 7.4777 * (d1 ** 3 + d2 ** 3) + 0.7854 * (l1 * d1 ** 2 + l2 * d2 ** 2))
    violations = (
        27 / (b * m ** 2 * z) - 1, 397.5 / (b * m ** 2 * z ** 2) - 1, 1.93 * l1 ** 3 / (m * z * d1 ** 4) - 1,
        1.93 * l2 ** 3 / (m * z * d2 ** 4) - 1, math.hypot(745 * l1 / (m * z), math.sqrt(16.9e6)) / (110 * d1 ** 3) - 1,
        math.hypot(745 * l2 / (m * z), math.sqrt(157.5e6)) / (85 * d2 ** 3) - 1, m * z / 40 - 1, 5 * m / b - 1,
        b / (12 * m) - 1, (1.5 * d1 + 1.9) / l1 - 1, (1.1 * d2 + 1.9) / l2 - 1)
    return weight + 10000 * sum(max(0.0, v) for v in violations)


BEAM = [categorical("material", ["steel", "iron", "aluminium", "brass"]), boolean("four_sided"),
        real("weld", 0.0625, 2, step=0.0625), real("bar", 0.0625, 2, step=0.0625), real("length", 0.5, 15),
        real("height", 2, 15)]
_materials = {"steel": (30000, 13600, 30e6, 0.1047, 0.0481), "iron": (8000, 4000, 14e6, 0.0489, 0.0224),
              "aluminium": (5000, 2600, 10e6, 0.5235, 0.2405), "brass": (8000, 4000, 16e6, 0.5584, 0.2566)}


def beam(c):
    """Cost of a welded beam with a choice of material and of the weld's sides (after Deb & Goyal 1996)."""
    strength, shear, elasticity, weld_price, bar_price = _materials[c["material"]]
    h, b, l, t = c["weld"], c["bar"], c["length"], c["height"]
    sides = (l + t) if c["four_sided"] else l
    cost = weld_price * 10.5 * h ** 2 * sides + bar_price * t * b * (14 + l)
    area = math.sqrt(2) * h * sides
    twist = 6000 * (14 + l / 2) * math.hypot(l, h + t) / 2
    inertia = 2 * (math.sqrt(2) * h * sides * (l ** 2 / 12 + (h + t) ** 2 / 4))
    tau = math.hypot(6000 / area, twist / inertia)
    violations = (tau / shear - 1, 504000 / (b * t * t) / strength - 1, h / b - 1,
                  2.1952e6 * 30e6 / elasticity / (t ** 3 * b) / 1e6 / 0.25 - 1)
    return math.log(cost + 20 * sum(min(20.0, max(0.0, v)) for v in violations))


BREWED = [categorical("grain", ["rye", "oats", "wheat", "spelt"]), categorical("yeast", ["ale", "lager", "wild"]),
          categorical("water", ["soft", "hard"]), real("heat", 40, 100), integer("minutes", 1, 600, log=True),
          real("sugar", 1e-3, 10, log=True)]


def brewed(c):
    """Three categories each move the best place of two of the floats (cross terms, no additive shortcut)."""
    u = units(BREWED, c)
    heat = {"rye": 0.3, "oats": 0.55, "wheat": 0.7, "spelt": 0.45}[c["grain"]]
    time = {"ale": 0.35, "lager": 0.8, "wild": 0.6}[c["yeast"]]
    sugar = 0.25 if (c["water"] == "soft") == (c["yeast"] != "lager") else 0.75
    bonus = {"rye": 0.3, "oats": 0.1, "wheat": 0.2, "spelt": 0.0}[c["grain"]]
    bonus += {("ale", "soft"): 0.15, ("ale", "hard"): 0.3, ("lager", "soft"): 0.25, ("lager", "hard"): 0.0,
              ("wild", "soft"): 0.1, ("wild", "hard"): 0.35}[c["yeast"], c["water"]]
    a, b, s = u["heat"] - heat, u["minutes"] - time, u["sugar"] - sugar
    quality = math.exp(-(6 * a * a + 5 * b * b + 4 * s * s + 6 * a * b)) * (1 + 0.15 * math.cos(9 * (b - a)))
    return 1.6 + bonus - quality


SCHEDULE = [integer("depth", 1, 12), integer("width", 16, 2048, log=True), real("lr", 1e-5, 0.1, log=True),
            real("dropout", 0, 0.6, step=0.05), integer("warmup", 0, 2000, step=100), real("beta", 0.8, 0.999),
            ordinal("batch", [16, 32, 64, 128, 256, 512]), real("l2", 1e-7, 1e-1, log=True)]


def schedule(c):
    """A compound-scaling loss: underfit and overfit terms as powers of size, instability as a cliff in lr."""
    size = c["depth"] * c["width"] ** 1.3 / 1500
    regular = 1 + 3 * c["dropout"] + 0.6 * (math.log10(c["l2"]) + 7) / 6
    fit = 0.9 * (size + 0.03) ** -0.35 + 0.05 * (size / regular ** 3) ** 0.8 + 0.25 * abs(regular - 1.9)
    heat = c["lr"] * c["depth"] ** 0.8 / (1 + c["warmup"] / 400) / (c["batch"] / 64) ** 0.5
    slow = 0.25 * math.log1p(0.002 * (1 + c["warmup"] / 6000) / c["lr"])
    unstable = 1.5 / (1 + math.exp(-4 * (math.log10(heat) + 2.1)))
    return fit + slow + unstable + 4 * (c["beta"] - 0.95 + 0.1 * math.log10(heat + 1e-3)) ** 2


TRAITS = [boolean(f"g{i}") for i in range(10)] + [categorical("left", ["p", "q", "r", "s"]),
                                                  categorical("right", ["p", "q", "r", "s"])]


def traits(c):
    """An NK landscape: each gene's worth depends on two neighbours, drawn from their names (Kauffman 1993)."""
    genes = list(c.values())
    total = 0.0
    for i in range(len(genes)):
        triple = (i, genes[i], genes[(i + 1) % len(genes)], genes[(i + 4) % len(genes)])
        total += random.Random(f"traits/{triple}").random()
    return total / len(genes)


MOTLEY = ([boolean(f"b{i}") for i in range(4)] + [integer(f"i{i}", 0, 12) for i in range(3)]
          + [ordinal(f"o{i}", ["xs", "s", "m", "l", "xl"]) for i in range(2)] + [real(f"x{i}", -1, 1) for i in range(3)])
MOTLEY_BEST = {"b0": True, "b1": False, "b2": True, "b3": True, "i0": 4, "i1": 9, "i2": 1, "o0": "l", "o1": "s",
               "x0": -0.31, "x1": 0.54, "x2": 0.12}


def motley(c):
    """Ackley over everything at once."""
    best = units(MOTLEY, MOTLEY_BEST)
    z = [5 * (u - best[name]) * (0.3 if name.startswith("b") else 1) for name, u in units(MOTLEY, c).items()]
    mean = sum(v * v for v in z) / len(z)
    ripples = sum(math.cos(2 * math.pi * v / 1.7) for v in z) / len(z)
    return 20 + math.e - 20 * math.exp(-0.25 * math.sqrt(mean)) - math.exp(ripples)


def problems():
    def problem(name, space, function, best=None):
        return Problem(name, "mixed", "validate", space, function, best)
    return [
        problem("spring", SPRING, spring),
        problem("reducer", REDUCER, reducer),
        problem("beam", BEAM, beam),
        problem("brewed", BREWED, brewed),
        problem("schedule", SCHEDULE, schedule),
        problem("traits", TRAITS, traits),
        problem("motley", MOTLEY, motley, MOTLEY_BEST),
    ]
