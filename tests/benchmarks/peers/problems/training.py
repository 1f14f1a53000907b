"""Real training problems: validation losses of scikit-learn models on its bundled data sets, looked up.

training.json.xz (made by make_training.py) holds the loss on a full grid of each problem's space. Between the nodes of
floats and of wide integer ranges the table is interpolated multilinearly on the parameter's scale; the smallest entry
is therefore the optimum, exactly.
"""
import itertools
import json
import lzma
import math
from pathlib import Path

import space as spaces
from problems.noisy import gaussian
from problems.problem import Problem

FILE = Path(__file__).resolve().parent / "training.json.xz"


def position(parameter, nodes, value):
    """(index of the node below, weight of the node above) of a value on its axis."""
    if nodes is None:
        return spaces.levels(parameter).index(value), 0.0
    at = math.log if parameter.get("log") else float
    below = max((k for k, node in enumerate(nodes) if node <= value), default=0)
    if below == len(nodes) - 1:
        return below, 0.0
    low, high = at(nodes[below]), at(nodes[below + 1])
    return below, (at(value) - low) / (high - low)


def sizes(space, axes):
    return [len(axes[p["name"]]) if p["name"] in axes else len(spaces.levels(p)) for p in space]


def lookup(space, axes, values):
    """The interpolating function of a table in row-major order; axes: name → nodes of the interpolated ones."""
    counts = sizes(space, axes)
    strides = [math.prod(counts[i + 1:]) for i in range(len(counts))]
    if math.prod(counts) != len(values):
        raise ValueError(f"{len(values)} values for a grid of {counts}")

    def function(configuration):
        corners = []
        for parameter, stride in zip(space, strides):
            index, weight = position(parameter, axes.get(parameter["name"]), configuration[parameter["name"]])
            corners.append([(index * stride, 1 - weight)] + ([((index + 1) * stride, weight)] if weight else []))
        return sum(math.prod(w for _, w in corner) * values[sum(i for i, _ in corner)]
                   for corner in itertools.product(*corners))
    return function


def node(space, axes, index):
    """The configuration of the table's entry `index`."""
    configuration = {}
    for parameter, count in reversed(list(zip(space, sizes(space, axes)))):
        index, k = divmod(index, count)
        configuration[parameter["name"]] = (axes.get(parameter["name"]) or spaces.levels(parameter))[k]
    return {p["name"]: configuration[p["name"]] for p in space}


def problems():
    with lzma.open(FILE, "rt") as file:
        tables = json.load(file)
    found = []
    for name, table in tables.items():
        space, axes, values = table["space"], table["axes"], table["values"]
        best = node(space, axes, min(range(len(values)), key=values.__getitem__))
        noise = gaussian(table["noise"]) if "noise" in table else None
        found.append(Problem(name, "noisy" if noise else "training", table["half"], space,
                             lookup(space, axes, values), best, noise))
    return found
