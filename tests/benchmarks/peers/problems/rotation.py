"""Shifts and rotations drawn from a problem's name."""
import math
import random


def rotation(name, d):
    """A random orthogonal d×d matrix as a list of rows (Gram-Schmidt of a Gaussian matrix)."""
    rng = random.Random(f"{name}/rotation")
    rows = []
    while len(rows) < d:
        row = [rng.gauss(0, 1) for _ in range(d)]
        for other in rows:
            along = dot(row, other)
            row = [a - along * b for a, b in zip(row, other)]
        length = math.sqrt(dot(row, row))
        if length > 1e-3:
            rows.append([a / length for a in row])
    return rows


def shift(name, d, bound):
    """Uniform in [-bound, bound]^d."""
    rng = random.Random(f"{name}/shift")
    return [rng.uniform(-bound, bound) for _ in range(d)]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def product(rows, x):
    return [dot(row, x) for row in rows]
