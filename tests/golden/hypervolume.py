"""Makes hypervolume.json: ln of expected hypervolume improvements, by integration.

EHVI = ∫∫ P(y0 <= u) P(y1 <= v) over what the front leaves open below the reference: whoever lies
left of and below a point of it gains that point. Needs mpmath.

    python3 hypervolume.py > hypervolume.json
"""

import json

import mpmath

mpmath.mp.dps = 40


def integral(low, high, mean, sigma):
    """Of the distribution function from low (None: -infinity) to high."""
    mean, sigma, high = mpmath.mpf(mean), mpmath.mpf(sigma), mpmath.mpf(high)
    bottom = mean - 60 * sigma - abs(high - mean) if low is None else mpmath.mpf(low)
    cdf = lambda u: mpmath.erfc((mean - u) / sigma / mpmath.sqrt(2)) / 2
    steps = [high - sigma * s for s in (0.01, 0.05, 0.2, 0.5, 1, 2, 5, 10, 20, 40)]
    inner = sorted([s for s in steps if bottom < s] + ([mean] if bottom < mean < high else []))
    return mpmath.quad(cdf, [bottom] + inner + [high])


def case(front, reference, mean, sigma):
    total = mpmath.mpf(0)
    left, top = None, reference[1]
    for y0, y1 in sorted(front):
        total += integral(left, y0, mean[0], sigma[0]) * integral(None, top, mean[1], sigma[1])
        left, top = y0, y1
    total += integral(left, reference[0], mean[0], sigma[0]) * integral(
        None, top, mean[1], sigma[1]
    )
    return {
        "front": front,
        "reference": reference,
        "mean": mean,
        "sigma": sigma,
        "log_improvement": float(mpmath.log(total)),
    }


three = [[-1.5, 0.5], [-0.5, -0.25], [0.75, -1.25]]
print(
    json.dumps(
        [
            case([], [1.0, 1.0], [0.0, 0.0], [1.0, 1.0]),
            case([[0.0, 0.0]], [1.0, 1.0], [0.2, -0.1], [0.5, 0.3]),
            case(three, [1.0, 1.0], [0.0, 0.0], [1.0, 0.7]),
            case(three, [1.0, 1.0], [-1.0, -1.0], [0.05, 0.05]),
            case(three, [1.0, 1.0], [0.5, 0.5], [0.1, 0.2]),
            case(three, [1.0, 1.0], [2.0, 2.0], [0.1, 0.1]),
            case(three, [1.0, 1.0], [3.0, 4.0], [0.02, 0.05]),
            case([[-1.0, 0.5], [-0.999999, 0.4], [0.5, -1.0]], [1.0, 1.0], [0.0, 0.3], [0.3, 0.2]),
        ],
        indent=1,
    )
)
