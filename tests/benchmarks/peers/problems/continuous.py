"""Continuous problems without noise: shifted, rotated, x in [-5, 5]^d; the optimum lies in [-4, 4]^d."""
import random

import space as spaces
from problems import bases
from problems.problem import Problem
from problems.rotation import product, rotation, shift


def cube(d, bound=5):
    return [spaces.real(f"x{i + 1}", -bound, bound) for i in range(d)]


def vector(configuration):
    return list(configuration.values())


def rotated(name, half, base, d):
    rows, best = rotation(name, d), shift(name, d, 4)
    offset = round(random.Random(f"{name}/offset").uniform(-100, 100), 2)

    def function(configuration):
        return offset + base(product(rows, [x - b for x, b in zip(vector(configuration), best)]))
    optimizer = {f"x{i + 1}": value for i, value in enumerate(best)}
    return Problem(name, "continuous", half, cube(d), function, optimizer)


def cornered(name, half, d):
    base, best = bases.schwefel(name, d)
    optimizer = {f"x{i + 1}": value for i, value in enumerate(best)}
    return Problem(name, "continuous", half, cube(d), lambda c: base(vector(c)), optimizer)


def problems():
    return [
        rotated("griewank_2", "tune", bases.griewank, 2),
        rotated("salomon_2", "tune", bases.salomon, 2),
        rotated("rastrigin_5", "tune", bases.rastrigin, 5),
        rotated("powers_5", "tune", bases.different_powers, 5),
        rotated("styblinski_5", "tune", bases.styblinski_tang, 5),
        rotated("rosenbrock_10", "tune", bases.rosenbrock, 10),
        rotated("ellipsoid_10", "tune", bases.ellipsoid, 10),
        rotated("ridge_20", "tune", bases.sharp_ridge, 20),
        cornered("schwefel_2", "validate", 2),
        rotated("gallagher_2", "validate", bases.gallagher("gallagher_2", 2), 2),
        rotated("levy_5", "validate", bases.levy, 5),
        rotated("cigar_5", "validate", bases.bent_cigar, 5),
        rotated("ackley_10", "validate", bases.ackley, 10),
        rotated("steps_10", "validate", bases.step_ellipsoid, 10),
        rotated("schaffer_10", "validate", bases.schaffer, 10),
        rotated("sector_20", "validate", bases.attractive_sector, 20),
    ]
