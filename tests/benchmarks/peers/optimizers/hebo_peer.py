"""HEBO with its defaults, one suggestion at a time. It has no conditions; ordinals and steps are given as an index."""
import warnings

import numpy as np
import pandas
import torch
from hebo.design_space.design_space import DesignSpace
from hebo.optimizers.hebo import HEBO

import space as spaces


def described(p):
    name, kind = p["name"], p["type"]
    if kind == "bool":
        return {"name": name, "type": "bool"}
    if kind == "categorical":
        return {"name": name, "type": "cat", "categories": list(range(len(p["values"])))}
    if kind == "ordinal" or "step" in p:
        return {"name": name, "type": "int", "lb": 0, "ub": len(spaces.levels(p)) - 1}
    types = {("float", False): "num", ("float", True): "pow", ("int", False): "int", ("int", True): "pow_int"}
    return {"name": name, "type": types[kind, p.get("log", False)], "lb": p["min"], "ub": p["max"]}


def decoded(p, value):
    if p["type"] == "bool":
        return bool(value)
    if "min" not in p or "step" in p:
        return spaces.levels(p)[int(value)]
    value = float(value) if p["type"] == "float" else int(value)
    return min(p["max"], max(p["min"], value))


class Hebo:
    def __init__(self, problem, seed):
        warnings.filterwarnings("ignore")
        torch.set_num_threads(1)
        np.random.seed(seed)
        torch.manual_seed(seed)
        self.space = problem.space
        self.optimizer = HEBO(DesignSpace().parse([described(p) for p in self.space]), scramble_seed=seed)

    def ask(self):
        suggested = self.optimizer.suggest(n_suggestions=1)
        row = suggested.iloc[0]
        return suggested, {p["name"]: decoded(p, row[p["name"]]) for p in self.space}

    def tell(self, key, value):
        self.optimizer.observe(pandas.DataFrame(key), np.array([[value]]))

    def close(self):
        pass


def make(problem, seed, budget, argument):
    return Hebo(problem, seed)
