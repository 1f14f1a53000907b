"""Optuna's TPESampler and GPSampler with their defaults, through study.ask and study.tell."""
import optuna

import space as spaces


class Optuna:
    def __init__(self, problem, sampler):
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.space, self.study = problem.space, optuna.create_study(sampler=sampler)

    def ask(self):
        trial, configuration = self.study.ask(), {}
        for p in self.space:
            if spaces.is_active(p, configuration):
                configuration[p["name"]] = suggest(trial, p)
        return trial, configuration

    def tell(self, key, value):
        self.study.tell(key, value)

    def close(self):
        pass


def suggest(trial, p):
    """Ordinals are suggested as an index, so that Optuna knows their order."""
    if p["type"] == "float":
        return trial.suggest_float(p["name"], p["min"], p["max"], log=p.get("log", False), step=p.get("step"))
    if p["type"] == "int":
        return trial.suggest_int(p["name"], p["min"], p["max"], log=p.get("log", False), step=p.get("step", 1))
    if p["type"] == "ordinal":
        return p["values"][trial.suggest_int(p["name"], 0, len(p["values"]) - 1)]
    return trial.suggest_categorical(p["name"], spaces.levels(p))


def make(problem, seed, budget, kind):
    if kind == "tpe":
        return Optuna(problem, optuna.samplers.TPESampler(seed=seed))
    import torch
    torch.set_num_threads(1)
    return Optuna(problem, optuna.samplers.GPSampler(seed=seed, warn_independent_sampling=False))
