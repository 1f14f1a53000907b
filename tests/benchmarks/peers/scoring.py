"""From values to figures: regret curves, ranks, shares of budget, bootstrap intervals.

Normalised regret after k evaluations is (value of the incumbent − optimum) / (median of random configurations − optimum),
at most 1 and at least 0: 1 is what one random guess gives in the median, 0 the best value known. The incumbent is the
configuration with the best *observed* value among the first k completed; its value is taken without noise.
"""
import json
import random
import statistics
from pathlib import Path

from runner import WORKERS, completion_order

OPTIMA = Path(__file__).resolve().parent / "problems/optima.json"
AT = [10, 20, 40, 60, 100]
SAME = 1e-6  # regrets nearer than this tie


def load_optima():
    return json.loads(OPTIMA.read_text())


def normalised(value, optimum, median):
    return min(1.0, max(0.0, (value - optimum) / (median - optimum)))


def curve(problem, optimum, seed, mode, values):
    """Normalised regret after 1, 2, ... completed evaluations."""
    order = completion_order(problem.name, seed, len(values), WORKERS[mode])
    best, regret, regrets = None, 1.0, []
    for number, value in zip(order, values):
        observed = problem.observe(value, seed, number)
        if best is None or observed < best:
            best, regret = observed, normalised(value, optimum["optimum"], optimum["median"])
        regrets.append(regret)
    return regrets


def at(curve, k):
    """The regret after k evaluations; of an exhausted space its last."""
    return curve[min(k, len(curve)) - 1]


def ranks(values):
    """label → rank from 1, ties shared."""
    return {label: 1 + sum(other < value - SAME for other in values.values())
            + sum(abs(other - value) <= SAME for key, other in values.items() if key != label) / 2
            for label, value in values.items()}


def mean_ranks(curves, pairs, k):
    """curves: label → (problem, seed) → curve. The mean over problems and seeds of each label's rank after k."""
    each = [ranks({label: at(runs[pair], k) for label, runs in curves.items()}) for pair in pairs]
    return {label: statistics.fmean(rank[label] for rank in each) for label in curves}


def mean_regret(runs, pairs, k):
    return statistics.fmean(at(runs[pair], k) for pair in pairs)


def share_needed(ours, theirs, pairs):
    """The share of its budget a peer spent to reach its final value that we need: median over problems of the median
    over seeds; infinite where we never reach it. A peer's last improvements below 1e-6 are no feat to match."""
    by_problem = {}
    for pair in pairs:
        final = theirs[pair][-1] + SAME
        reached = next((k + 1 for k, regret in enumerate(ours[pair]) if regret <= final), None)
        by_problem.setdefault(pair[0], []).append(reached / len(theirs[pair]) if reached else float("inf"))
    return statistics.median_low(statistics.median_low(shares) for shares in by_problem.values())


def by_problem(runs, pairs, k):
    """problem → mean regret over its seeds."""
    found = {}
    for pair in pairs:
        found.setdefault(pair[0], []).append(at(runs[pair], k))
    return {problem: statistics.fmean(values) for problem, values in found.items()}


def versus(ours, theirs, pairs, k, resamples=2000):
    """Our problems won, tied, lost; mean difference of regret (negative: we are better) with its 95 % interval."""
    mine, other = by_problem(ours, pairs, k), by_problem(theirs, pairs, k)
    differences = [mine[problem] - other[problem] for problem in sorted(mine)]
    rng = random.Random(0)
    means = sorted(statistics.fmean(rng.choices(differences, k=len(differences))) for _ in range(resamples))
    return {"won": sum(d < -SAME for d in differences), "tied": sum(abs(d) <= SAME for d in differences),
            "lost": sum(d > SAME for d in differences), "difference": statistics.fmean(differences),
            "low": means[int(0.025 * resamples)], "high": means[int(0.975 * resamples) - 1]}
