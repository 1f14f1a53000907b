"""Functions of a vector z with the minimum 0 at z = 0, as in BBOB (Hansen et al. 2009) and the usual collections.

Conditions are milder than BBOB's (1e3 to 1e4 instead of 1e6): within 100 evaluations more would hide the rest.
"""
import math
import random

from problems.rotation import dot


def _powers_of(condition, d):
    return [condition ** (i / max(1, d - 1)) for i in range(d)]


def sphere(z):
    return dot(z, z)


def griewank(z):
    z = [4 * v for v in z]
    product = math.prod(math.cos(v / math.sqrt(i + 1)) for i, v in enumerate(z))
    return sum(v * v for v in z) / 400 + 1 - product


def rastrigin(z):
    return sum(v * v + 10 * (1 - math.cos(2 * math.pi * v / 2.5)) for v in z)


def different_powers(z):
    return math.sqrt(sum(abs(v) ** (2 + 4 * i / max(1, len(z) - 1)) for i, v in enumerate(z)))


def rosenbrock(z):
    z = [1 + v / 2 for v in z]
    return sum(100 * (a * a - b) ** 2 + (a - 1) ** 2 for a, b in zip(z, z[1:]))


def ellipsoid(z):
    return sum(c * v * v for c, v in zip(_powers_of(1e4, len(z)), z))


def styblinski_tang(z):
    """Minimum 39.166165703771 per dimension below 0, at -2.903534 each; moved to z = 0."""
    total = 0.0
    for v in z:
        v = 0.7 * v - 2.903534027771178
        total += (v ** 4 - 16 * v ** 2 + 5 * v) / 2 + 39.16616570377142
    return total


def salomon(z):
    radius = math.sqrt(dot(z, z))
    return 1 - math.cos(math.pi * radius) + 0.5 * radius


def sharp_ridge(z):
    return z[0] ** 2 + 20 * math.sqrt(dot(z[1:], z[1:]))


def ackley(z):
    d = len(z)
    z = [2 * v for v in z]
    return (20 - 20 * math.exp(-0.2 * math.sqrt(dot(z, z) / d)) + math.e
            - math.exp(sum(math.cos(2 * math.pi * v / 3) for v in z) / d))


def levy(z):
    w = [1 + v / 2 for v in z]
    middle = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    return math.sin(math.pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2)


def bent_cigar(z):
    return z[0] ** 2 + 1e3 * dot(z[1:], z[1:])


def step_ellipsoid(z):
    """Plateaus half a unit wide away from the optimum, a tenth near it (BBOB f7)."""
    steps = [math.floor(0.5 + 2 * v) / 2 if abs(v) > 0.5 else math.floor(0.5 + 10 * v) / 10 for v in z]
    scaled = sum(c * v * v for c, v in zip(_powers_of(100, len(z)), steps))
    return 0.1 * max(abs(z[0]) / 1e4, scaled)


def attractive_sector(z):
    """A hundredfold steeper in one orthant (BBOB f6)."""
    total = sum((10 * v if v > 0 else v) ** 2 for v in z)
    return total ** 0.9


def schaffer(z):
    """Ripples that grow with the distance (BBOB f17)."""
    total = 0.0
    for a, b in zip(z, z[1:]):
        s = math.sqrt(a * a + b * b)
        total += math.sqrt(s) * (1 + math.sin(5 * s ** 0.4) ** 2)
    return (total / (len(z) - 1)) ** 2


def gallagher(name, d, peaks=21):
    """Gaussian peaks of random places and widths; the highest stands at z = 0 (BBOB f21)."""
    rng = random.Random(f"{name}/peaks")
    places = [[0.0] * d] + [[rng.uniform(-6, 6) for _ in range(d)] for _ in range(peaks - 1)]
    heights = [10.0] + [1.1 + 8 * k / (peaks - 2) for k in range(peaks - 1)]
    widths = [[0.25 * 8 ** rng.random() for _ in range(d)] for _ in range(peaks)]

    def base(z):
        best = 0.0
        for place, height, width in zip(places, heights, widths):
            distance = sum(w * (v - p) ** 2 for v, p, w in zip(z, place, width))
            best = max(best, height * math.exp(-distance / (2 * d)))
        return (10 - best) ** 2
    return base


def schwefel(name, d):
    """Of x in [-5, 5]^d: the best place lies far from the second best, near a corner drawn from the name."""
    rng = random.Random(f"{name}/corner")
    signs = [rng.choice((-1, 1)) for _ in range(d)]
    at = 420.96874635998199

    def function(x):
        z = [100 * s * v for s, v in zip(signs, x)]
        return sum(418.98288727243374 - v * math.sin(math.sqrt(abs(v))) for v in z)
    return function, [s * at / 100 for s in signs]
