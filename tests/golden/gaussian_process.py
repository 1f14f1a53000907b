"""Writes gaussian_process.json: posteriors and likelihoods of scikit-learn's Gaussian process, and
functions of the normal distribution by mpmath with 60 digits.

    python3 -m venv venv && venv/bin/pip install numpy scipy scikit-learn mpmath
    venv/bin/python tests/golden/gaussian_process.py > tests/golden/gaussian_process.json
"""

import json

import mpmath
import numpy as np
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern


def posterior_case(n, lengthscales, signal_variance, noise_variance, seed):
    """The posterior with the mean m = (1'K^-1 y)/(1'K^-1 1), which scikit-learn lacks, taken off."""
    rng = np.random.default_rng(seed)
    d = len(lengthscales)
    X = rng.random((n, d)).round(6)
    y = (np.sin(5 * X[:, 0]) + X.sum(axis=1) ** 2 + 0.1 * rng.standard_normal(n)).round(6)
    X_star = rng.random((6, d)).round(6)
    kernel = ConstantKernel(signal_variance) * Matern(length_scale=lengthscales, nu=2.5)
    K = kernel(X) + noise_variance * np.eye(n)
    ones = np.linalg.solve(K, np.ones(n))
    m = ones @ y / ones.sum()
    gp = GaussianProcessRegressor(kernel=kernel, alpha=noise_variance, optimizer=None)
    gp.fit(X, y - m)
    mean, covariance = gp.predict(X_star, return_cov=True)
    return {
        "lengthscales": list(lengthscales),
        "signal_variance": signal_variance,
        "noise_variance": noise_variance,
        "X": X.tolist(),
        "y": y.tolist(),
        "X_star": X_star.tolist(),
        "m": m,
        "mean": (mean + m).tolist(),
        "variance": np.diag(covariance).tolist(),
        "log_likelihood": gp.log_marginal_likelihood_value_,
    }


def normal_case(z):
    mpmath.mp.dps = 60
    z = mpmath.mpf(z)
    phi = mpmath.exp(-z * z / 2) / mpmath.sqrt(2 * mpmath.pi)
    Phi = mpmath.erfc(-z / mpmath.sqrt(2)) / 2
    h = phi + z * Phi
    return {
        "z": float(z),
        "log_h": float(mpmath.log(h)),
        "log_h_slope": float(Phi / h),
        "log_cdf": float(mpmath.log(Phi)),
        "log_cdf_slope": float(phi / Phi),
    }


print(
    json.dumps(
        {
            "posteriors": [
                posterior_case(8, [0.3, 0.8, 1.5], 1.3, 1e-3, 1),
                posterior_case(20, [0.2, 0.5], 0.4, 1e-6, 2),
                posterior_case(15, [2.0, 0.9, 0.6, 4.0], 2.5, 0.2, 3),
            ],
            "normal": [
                normal_case(z)
                for z in (
                    "30", "8", "2.5", "1", "0", "-0.5", "-1", "-2", "-4", "-4.999", "-5", "-5.001",
                    "-7", "-10", "-25", "-40", "-100", "-1000", "-1e6",
                )
            ],
        },
        indent=1,
    )
)
