"""Random search, uniform on each parameter's scale."""
import random

import space as spaces


class RandomSearch:
    def __init__(self, problem, seed):
        self.space, self.rng = problem.space, random.Random(f"{problem.name}/random/{seed}")

    def ask(self):
        return None, spaces.sample(self.space, self.rng)

    def tell(self, key, value):
        pass

    def close(self):
        pass


def make(problem, seed, budget, argument):
    return RandomSearch(problem, seed)


