"""One problem: a space and a function of its configurations, to be minimised."""
import hashlib
import json
import random
from dataclasses import dataclass
from typing import Callable, Optional

import space as spaces


@dataclass(frozen=True)
class Problem:
    name: str
    family: str  # continuous | mixed | conditional | noisy | training
    half: str  # tune | validate
    space: list
    function: Callable  # configuration → value without noise
    optimizer: Optional[dict] = None  # where the optimum is known by construction
    noise: Optional[Callable] = None  # (value, rng) → observed value

    def value(self, configuration):
        return self.function(configuration)

    def observe(self, value, seed, number):
        """What the optimizer is told of the trial `number`: the same noise for every optimizer."""
        if self.noise is None:
            return value
        return self.noise(value, random.Random(f"{self.name}/noise/{seed}/{number}"))

    def fingerprint(self):
        """Changes with the problem; stored with each trace, so that none is compared with another problem's."""
        rng = random.Random(f"{self.name}/fingerprint")
        values = [self.value(spaces.sample(self.space, rng)) for _ in range(16)]
        observed = [self.observe(value, 0, number) for number, value in enumerate(values)]
        text = json.dumps([self.name, self.space, [f"{v:.6g}" for v in values + observed]], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def units(space, configuration):
    """name → place in its domain, 0 to 1, of the active parameters."""
    return {p["name"]: spaces.unit(p, configuration[p["name"]]) for p in space if p["name"] in configuration}
