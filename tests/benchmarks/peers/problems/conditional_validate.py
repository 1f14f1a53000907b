"""Conditional problems on which figures are quoted: other trees and other responses than those for development."""
import math

from problems.tree import sum_of, tree_problem
from space import boolean, categorical, integer, ordinal, real

# Which model, AutoML-like: four families of models that share nothing but the preprocessing.
MODELS = [
    categorical("model", ["svm", "forest", "mlp", "knn"]), boolean("scale"), real("subsample", 0.3, 1),
    real("C", 1e-3, 1e3, log=True, when={"model": ["svm"]}), real("gamma", 1e-5, 1, log=True, when={"model": ["svm"]}),
    real("tube", 1e-3, 1, log=True, when={"model": ["svm"]}), integer("trees", 10, 500, log=True, when={"model": ["forest"]}),
    integer("depth", 2, 30, when={"model": ["forest"]}), real("split", 0.01, 0.5, when={"model": ["forest"]}),
    integer("hidden", 4, 256, log=True, when={"model": ["mlp"]}), real("lr", 1e-5, 0.3, log=True, when={"model": ["mlp"]}),
    real("l2", 1e-7, 1e-1, log=True, when={"model": ["mlp"]}), integer("epochs", 5, 200, log=True, when={"model": ["mlp"]}),
    integer("k", 1, 50, log=True, when={"model": ["knn"]}), ordinal("p", [1, 1.5, 2, 3], when={"model": ["knn"]}),
]

# A compiler: optimisation level, and passes that exist from some level on.
COMPILER = [ordinal("level", [0, 1, 2, 3]), integer("inline", 1, 1000, log=True, when={"level": [1, 2, 3]}),
            integer("unroll", 1, 16, when={"level": [2, 3]}), boolean("vectorise", when={"level": [2, 3]}),
            integer("lanes", 2, 16, step=2, when={"vectorise": [True]}), real("cost", 0.1, 10, log=True, when={"vectorise": [True]}),
            categorical("schedule", ["list", "trace", "super"], when={"level": [2, 3]}),
            integer("window", 4, 256, log=True, when={"schedule": ["trace", "super"]}), boolean("prefetch", when={"level": [3]}),
            integer("ahead", 1, 64, log=True, when={"prefetch": [True]}), categorical("allocator", ["linear", "graph"]),
            real("spill", 0.01, 1, log=True, when={"allocator": ["graph"]})]

# One to five convolution blocks and then a head of either kind.
BLOCKS = [integer("blocks", 1, 5), real("lr", 1e-5, 1e-1, log=True), categorical("head", ["pool", "dense"]),
          integer("dense", 16, 1024, log=True, when={"head": ["dense"]}), real("drop", 0, 0.8, when={"head": ["dense"]})]
for _k in range(1, 6):
    _deep = {"blocks": list(range(_k, 6))} if _k > 1 else None
    BLOCKS += [integer(f"filters{_k}", 8, 256, log=True, when=_deep), ordinal(f"kernel{_k}", [1, 3, 5, 7], when=_deep)]

# Early stopping and its patience, augmentation and its strengths, regularisers of two kinds.
RECIPE = [
    real("lr", 1e-5, 1, log=True), integer("epochs", 5, 300, log=True), boolean("augment"), real("crop", 0.2, 1, when={"augment": [True]}),
    real("flip", 0, 1, when={"augment": [True]}), categorical("mix", ["none", "mixup", "cutmix"], when={"augment": [True]}),
    real("mix_alpha", 0.05, 5, log=True, when={"mix": ["mixup", "cutmix"]}), boolean("average"),
    real("horizon", 0.9, 0.9999, when={"average": [True]}), integer("start", 1, 50, when={"average": [True]}),
    categorical("regulariser", ["decay", "dropout", "both"]), real("decay", 1e-6, 1e-1, log=True, when={"regulariser": ["decay", "both"]}),
    real("dropout", 0, 0.8, when={"regulariser": ["dropout", "both"]}), real("smoothing", 0, 0.3),
]

# A storage engine: the layout decides everything below it.
STORAGE = [
    categorical("layout", ["lsm", "btree"]), integer("cache", 8, 8192, log=True), ordinal("page", [1, 2, 4, 8, 16, 32]),
    categorical("compaction", ["level", "tier"], when={"layout": ["lsm"]}), integer("memtable", 1, 512, log=True, when={"layout": ["lsm"]}),
    integer("ratio", 2, 20, when={"compaction": ["level"]}), integer("runs", 2, 12, when={"compaction": ["tier"]}),
    boolean("bloom", when={"layout": ["lsm"]}), real("bits", 2, 24, when={"bloom": [True]}),
    real("fill", 0.4, 1, when={"layout": ["btree"]}), boolean("log", when={"layout": ["btree"]}),
    integer("checkpoint", 1, 600, log=True, when={"log": [True]}), categorical("codec", ["none", "lz", "zstd"]),
    integer("strength", 1, 19, when={"codec": ["zstd"]}),
]

# A robot's gait: each mode with floats of its own, some shared by two modes.
GAIT = [categorical("mode", ["walk", "trot", "bound"]), real("speed", 0, 2), real("height", 0.1, 0.5)]
GAIT += [real(f"phase{k}", 0, 1, when={"mode": ["walk", "trot"]}) for k in range(3)]
GAIT += [real(f"lift{k}", 0, 1, when={"mode": ["trot", "bound"]}) for k in range(3)]
GAIT += [real(f"push{k}", 0.1, 10, log=True, when={"mode": ["bound"]}) for k in range(3)]
GAIT += [real(f"sway{k}", -1, 1, when={"mode": ["walk"]}) for k in range(2)]

KERNELS = [integer("terms", 1, 3), real("noise", 1e-6, 1, log=True)]
for _k in range(1, 4):
    _there = {"terms": list(range(_k, 4))} if _k > 1 else {}
    KERNELS += [categorical(f"kind{_k}", ["smooth", "rough", "periodic"], when=_there),
                real(f"length{_k}", 0.01, 100, log=True, when=_there), real(f"scale{_k}", 0.01, 100, log=True, when=_there),
                real(f"period{_k}", 0.1, 10, log=True, when={f"kind{_k}": ["periodic"]})]


def saturating(distances, _):
    """Flat far away, steep near the target."""
    r = sum(v * v for v in distances.values())
    return 1.4 * (1 - math.exp(-2.5 * r)) + 0.15 * r


def chained(distances, _):
    """A curved valley through the parameters in their order (Rosenbrock), compressed."""
    z = [2 * v for v in distances.values()]
    return math.log1p(sum(6 * (b - a * a) ** 2 + a * a for a, b in zip(z, z[1:])) + 0.5 * z[-1] ** 2)


def multiplied(distances, _):
    """Every wrong parameter multiplies the loss."""
    return math.prod(1 + 1.2 * v * v + 0.15 * abs(v) for v in distances.values()) - 1


def ackley(distances, _):
    z = list(distances.values())
    mean = sum(v * v for v in z) / len(z)
    return 2.5 * (1 - math.exp(-2 * math.sqrt(mean))) + 0.4 * (1 - sum(math.cos(8 * v) for v in z) / len(z))


def lopsided(distances, _):
    """Three times as steep above the target as below it."""
    return sum((3 * v) ** 2 * 0.6 if v > 0 else v * v * 1.2 for v in distances.values()) ** 0.8


def gait(distances, configuration):
    z = list(distances.values())
    stiff = {"walk": 1.0, "trot": 2.5, "bound": 1.5}[configuration["mode"]]
    together = sum(z) / len(z)
    return stiff * sum((v - 0.5 * together) ** 2 for v in z) + 0.8 * abs(together)


def problems():
    return [
        tree_problem("models", "validate", MODELS, sum_of(model={"svm": 0.1, "forest": 0.2, "mlp": 0.0, "knn": 0.35},
                     scale={True: 0.0, False: 0.1}), saturating, {"model": "mlp", "scale": True}, {"scale": True}),
        tree_problem("compiler", "validate", COMPILER, sum_of(level={0: 1.0, 1: 0.5, 2: 0.1, 3: 0.0},
                     vectorise={True: 0.0, False: 0.2}, prefetch={True: 0.0, False: 0.1},
                     schedule={"list": 0.2, "trace": 0.0, "super": 0.1}, allocator={"linear": 0.15, "graph": 0.0}), multiplied,
                     {"level": 3, "vectorise": True, "prefetch": True, "schedule": "trace", "allocator": "graph"}),
        tree_problem("blocks", "validate", BLOCKS, sum_of(blocks={1: 0.6, 2: 0.25, 3: 0.1, 4: 0.0, 5: 0.2},
                     head={"pool": 0.0, "dense": 0.1}), ackley, {"blocks": 4, "head": "pool"}),
        tree_problem("recipe", "validate", RECIPE, sum_of(augment={True: 0.0, False: 0.3}, average={True: 0.0, False: 0.1},
                     mix={"none": 0.15, "mixup": 0.0, "cutmix": 0.05}, regulariser={"decay": 0.0, "dropout": 0.2, "both": 0.1}), lopsided,
                     {"augment": True, "average": True, "mix": "mixup", "regulariser": "decay"}),
        tree_problem("storage", "validate", STORAGE, sum_of(layout={"lsm": 0.0, "btree": 0.1},
                     compaction={"level": 0.0, "tier": 0.15}, bloom={True: 0.0, False: 0.25}, log={True: 0.0, False: 0.1},
                     codec={"none": 0.2, "lz": 0.05, "zstd": 0.0}), chained,
                     {"layout": "lsm", "compaction": "level", "bloom": True, "codec": "zstd"}),
        tree_problem("gait", "validate", GAIT, sum_of(mode={"walk": 0.1, "trot": 0.0, "bound": 0.2}), gait, {"mode": "trot"}),
        tree_problem("kernels", "validate", KERNELS, sum_of(terms={1: 0.3, 2: 0.0, 3: 0.1},
                     kind1={"smooth": 0.0, "rough": 0.2, "periodic": 0.3}, kind2={"smooth": 0.3, "rough": 0.15, "periodic": 0.0}),
                     multiplied, {"terms": 2, "kind1": "smooth", "kind2": "periodic"}),
    ]
