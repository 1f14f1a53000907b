#!/usr/bin/env python3
"""Writes problems/optima.json: each problem's optimum and the median of its random configurations.

    python3 tests/benchmarks/peers/generate/optima.py [NAME...]

Where the optimum is not known by construction it is the best of a long search: random configurations, then from the best
twelve, descents that mutate one to three parameters by ever smaller steps. Problems that have not changed and are not named are kept.
"""
import json
import random
import statistics
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import space as spaces  # noqa: E402
from problems.registry import all_problems  # noqa: E402
from scoring import OPTIMA  # noqa: E402

RANDOM, STARTS, STEPS = 20000, 12, 12000


def mutated(space, configuration, width, rng):
    """One to three active parameters moved; children that become active are drawn anew."""
    active = [p for p in space if p["name"] in configuration]
    moved = {p["name"] for p in rng.sample(active, min(len(active), rng.choice((1, 1, 2, 3))))}
    result = {}
    for p in space:
        name = p["name"]
        if not spaces.is_active(p, result):
            continue
        if name not in configuration or (name in moved and p["type"] in ("categorical", "bool")):
            result[name] = spaces.from_unit(p, rng.random())
        elif name in moved:
            result[name] = neighbour(p, configuration[name], width, rng)
        else:
            result[name] = configuration[name]
    return result


def neighbour(p, value, width, rng):
    finite = spaces.levels(p)
    if finite and rng.random() < 0.5:
        at = finite.index(value) if value in finite else 0
        return finite[min(len(finite) - 1, max(0, at + rng.choice((-1, 1))))]
    return spaces.from_unit(p, spaces.unit(p, value) + width * rng.gauss(0, 1))


def search(problem, rng):
    """(best configuration, its value)"""
    drawn = [spaces.sample(problem.space, rng) for _ in range(RANDOM)]
    starts = sorted(((problem.value(c), k, c) for k, c in enumerate(drawn)))[:STARTS]
    best = starts[0][2], starts[0][0]
    for value, _, configuration in starts:
        for step in range(STEPS):
            width = 10 ** (-0.5 - 6 * step / STEPS * rng.random())
            tried = mutated(problem.space, configuration, width, rng)
            found = problem.value(tried)
            if found <= value:
                configuration, value = tried, found
        if value < best[1]:
            best = configuration, value
    return best


def entry(problem):
    rng = random.Random(f"{problem.name}/optimum")
    median = statistics.median(problem.value(spaces.sample(problem.space, rng)) for _ in range(4001))
    if problem.optimizer is not None:
        best = problem.optimizer, problem.value(problem.optimizer)
    else:
        best = search(problem, rng)
    return {"fingerprint": problem.fingerprint(), "optimum": best[1], "median": median,
            "exact": problem.optimizer is not None, "configuration": best[0]}


def main():
    known = json.loads(OPTIMA.read_text()) if OPTIMA.exists() else {}
    found = {}
    for name, problem in all_problems().items():
        is_known = name in known and known[name]["fingerprint"] == problem.fingerprint()
        found[name] = known[name] if is_known and name not in sys.argv[1:] else entry(problem)
        if not is_known:
            print(name, {**found[name], "configuration": None}, flush=True)
    OPTIMA.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
