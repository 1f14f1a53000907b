"""SMAC3's HyperparameterOptimizationFacade with its defaults, through ask and tell.

Told to be deterministic throughout: with noise it would else spend evaluations on repeating configurations.
Parameters with a step are given as an index, ordinals as ordinals.
"""
import logging
import tempfile

from ConfigSpace import (AndConjunction, Categorical, ConfigurationSpace, Float, InCondition, Integer,
                         OrdinalHyperparameter)
from smac import HyperparameterOptimizationFacade, Scenario
from smac.runhistory import TrialValue

import space as spaces


def hyperparameter(p):
    name, kind = p["name"], p["type"]
    if kind == "ordinal":
        return OrdinalHyperparameter(name, sequence=[str(value) for value in p["values"]])
    if kind in ("categorical", "bool"):
        return Categorical(name, [str(value) for value in spaces.levels(p)])
    if "step" in p:
        return Integer(name, (0, len(spaces.levels(p)) - 1))
    make = Float if kind == "float" else Integer
    return make(name, (p["min"], p["max"]), log=p.get("log", False))


def encoded(p, value):
    """hpo's value as SMAC's."""
    return value if "min" in p and "step" not in p else str(value)


def decoded(p, value):
    if "min" not in p:
        return next(level for level in spaces.levels(p) if str(level) == str(value))
    if "step" in p:
        return spaces.levels(p)[int(value)]
    return float(value) if p["type"] == "float" else int(value)


def configuration_space(space, seed):
    made = ConfigurationSpace(seed=seed)
    parameters = {p["name"]: p for p in space}
    for p in space:
        made.add(hyperparameter(p))
        conditions = [InCondition(made[p["name"]], made[parent], [encoded(parameters[parent], v) for v in values])
                      for parent, values in p.get("when", {}).items()]
        if conditions:
            made.add(conditions[0] if len(conditions) == 1 else AndConjunction(*conditions))
    return made


def never_called(config, seed=0):
    """SMAC wants to see a target function also when it is asked and told."""
    raise AssertionError


class Smac:
    def __init__(self, problem, seed, budget):
        self.space, self.folder = problem.space, tempfile.TemporaryDirectory(prefix="smac-")
        scenario = Scenario(configuration_space(problem.space, seed), deterministic=True, n_trials=budget, seed=seed,
                            output_directory=self.folder.name)
        self.facade = HyperparameterOptimizationFacade(scenario, never_called, overwrite=True,
                                                       logging_level=logging.ERROR)

    def ask(self):
        info = self.facade.ask()
        suggested = dict(info.config)
        return info, {p["name"]: decoded(p, suggested[p["name"]]) for p in self.space if p["name"] in suggested}

    def tell(self, key, value):
        self.facade.tell(key, TrialValue(cost=value), save=False)

    def close(self):
        self.folder.cleanup()


def make(problem, seed, budget, argument):
    return Smac(problem, seed, budget)
