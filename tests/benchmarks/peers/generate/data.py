"""The data of the training problems: scikit-learn's bundled sets and patches of its two bundled photos."""
import numpy as np
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split


def digits():
    """600 to train on and 600 to validate with, pixels in [0, 1]."""
    X, y = datasets.load_digits(return_X_y=True)
    return _split(X / 16, y, 600)


def flower():
    """A pixel's brightness from the 24 around it, of the flower's photo with noise: 500 and 500 patches."""
    grey = datasets.load_sample_image("flower.jpg").mean(axis=2) / 255
    X = _patches(grey + np.random.default_rng(1).normal(0, 0.05, grey.shape), 1000, 2)
    return _split(np.delete(X, 12, axis=1), X[:, 12], 500, stratify=False)


def scenes():
    """Which of the two photos a patch of 25 pixels, its mean removed, is from: 500 and 500 patches."""
    parts = []
    for label, name in enumerate(("china.jpg", "flower.jpg")):
        X = _patches(datasets.load_sample_image(name).mean(axis=2) / 255, 500, 3 + label)
        parts.append((X - X.mean(axis=1, keepdims=True), np.full(len(X), label)))
    return _split(np.vstack([X for X, _ in parts]), np.concatenate([y for _, y in parts]), 500)


def folds(loader, count=3):
    """Train and validation parts of a small set, as many as folds."""
    X, y = loader(return_X_y=True)
    kind = KFold if loader is datasets.load_diabetes else StratifiedKFold
    if loader is datasets.load_diabetes:
        y = (y - y.mean()) / y.std()
    return [(X[a], y[a], X[b], y[b]) for a, b in kind(count, shuffle=True, random_state=0).split(X, y)]


def _split(X, y, train, stratify=True):
    X1, X2, y1, y2 = train_test_split(X, y, train_size=train, test_size=min(train, len(X) - train), random_state=0,
                                      stratify=y if stratify else None)
    return [(X1, y1, X2, y2)]


def _patches(grey, count, seed):
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, grey.shape[0] - 5, count)
    columns = rng.integers(0, grey.shape[1] - 5, count)
    return np.array([grey[r:r + 5, c:c + 5].ravel() for r, c in zip(rows, columns)])
