"""Conditional problems whose optimum is known by construction.

The value is the offset of the branch taken plus a response of the active parameters' distances from their targets,
which is 0 on the targets alone. One branch has the offset 0; on its targets lies the optimum.
"""
import random

import space as spaces
from problems.problem import Problem, units


def targets(name, space, fixed):
    """A value of every parameter, drawn from the problem's name except for those fixed."""
    rng = random.Random(f"{name}/targets")
    drawn = {p["name"]: spaces.from_unit(p, 0.12 + 0.76 * rng.random()) for p in space}
    return {**drawn, **fixed}


def tree_problem(name, half, space, branch, response, best_branch, fixed=None, family="conditional", noise=None):
    """branch: configuration → offset ≥ 0; response: (distances by name, configuration) → value ≥ 0.

    best_branch: values of the parents where the offset is 0. fixed: targets that a response needs to be so.
    """
    aims = targets(name, space, {**(fixed or {}), **best_branch})
    at = {p["name"]: spaces.unit(p, aims[p["name"]]) for p in space}
    parents = {parent for p in space for parent in p.get("when", {})}

    def function(configuration):
        distances = {key: u - at[key] for key, u in units(space, configuration).items() if key not in parents}
        return branch(configuration) + response(distances, configuration)

    optimizer = {}
    for p in space:
        if spaces.is_active(p, optimizer):
            optimizer[p["name"]] = aims[p["name"]]
    return Problem(name, family, half, space, function, optimizer, noise)


def sum_of(**tables):
    """The offset of a branch: of each active parent, what its table says of its value."""
    return lambda c: sum(table[c[key]] for key, table in tables.items() if key in c)
