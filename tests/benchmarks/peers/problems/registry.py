"""All problems by name."""
import functools

from problems import conditional, conditional_validate, continuous, mixed, mixed_validate, noisy, training

FAMILIES = ["continuous", "mixed", "conditional", "noisy", "training"]
HALVES = ["tune", "validate"]


@functools.cache
def all_problems():
    modules = (continuous, mixed, mixed_validate, conditional, conditional_validate, noisy, training)
    return {problem.name: problem for module in modules for problem in module.problems()}


def quarter():
    """Every fourth validation problem without conditions: what optimizers without conditions that take hours run."""
    names = [name for name, p in all_problems().items()
             if p.half == "validate" and not any("when" in parameter for parameter in p.space)]
    return names[::4]
