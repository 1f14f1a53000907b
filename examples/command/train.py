#!/usr/bin/env python3
"""A plain training program: it knows nothing of hpo and runs the same by hand, as a trial, or in SageMaker.

Learns to tell two interleaved half-moons apart with one hidden layer, in plain Python. Prints its metrics
after every epoch; at its end and on SIGTERM it saves a checkpoint, from which the next start goes on.

    python3 train.py --learning-rate 0.1 --hidden 8 --momentum 0.9 --epochs 20
"""
import argparse
import json
import math
import os
import random
import signal
import sys
from pathlib import Path


def half_moons(count, noise, seed):
    rng = random.Random(seed)
    points = []
    for i in range(count):
        angle, upper = math.pi * rng.random(), i % 2
        x, y = (math.cos(angle), math.sin(angle)) if upper else (1 - math.cos(angle), 0.5 - math.sin(angle))
        points.append(((x + rng.gauss(0, noise), y + rng.gauss(0, noise)), upper))
    return points


class Network:
    """x → tanh(W x) → sigmoid: weights are rows [w1, w2, bias, out], the last row is the output's bias."""

    def __init__(self, hidden, rng):
        self.weights = [[rng.gauss(0, 1), rng.gauss(0, 1), rng.gauss(0, 0.1), rng.gauss(0, 0.5)] for _ in range(hidden)]
        self.bias = 0.0
        self.speed = [[0.0] * 4 for _ in range(hidden)]
        self.bias_speed = 0.0

    def forward(self, x):
        units = [math.tanh(w[0] * x[0] + w[1] * x[1] + w[2]) for w in self.weights]
        z = sum(w[3] * u for w, u in zip(self.weights, units)) + self.bias
        return units, 1 / (1 + math.exp(-max(-60.0, min(60.0, z))))

    def step(self, x, label, rate, momentum):
        units, p = self.forward(x)
        error = p - label
        for w, s, u in zip(self.weights, self.speed, units):
            back = error * w[3] * (1 - u * u)
            for i, gradient in enumerate((back * x[0], back * x[1], back, error * u)):
                s[i] = momentum * s[i] - rate * gradient
                w[i] += s[i]
        self.bias_speed = momentum * self.bias_speed - rate * error
        self.bias += self.bias_speed


def evaluate(network, points):
    loss = correct = 0
    for x, label in points:
        _, p = network.forward(x)
        p = min(max(p, 1e-12), 1 - 1e-12)
        loss -= math.log(p if label else 1 - p)
        correct += (p > 0.5) == bool(label)
    return loss / len(points), correct / len(points)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--hidden", type=int, default=8)
    parser.add_argument("--momentum", type=float, default=0.0)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "."))
    parser.add_argument("--checkpoints", type=Path, default=base / "checkpoints")
    parser.add_argument("--model", type=Path, default=Path(os.environ.get("SM_MODEL_DIR", base / "model")))
    args = parser.parse_args()

    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    train, validation = half_moons(200, 0.25, 11), half_moons(200, 0.25, 12)
    network, first = Network(args.hidden, random.Random(args.seed)), 1
    checkpoint = args.checkpoints / "state.json"
    if checkpoint.exists():
        state = json.loads(checkpoint.read_text())
        first = state.pop("epoch") + 1
        vars(network).update(state)

    def save(path, state):
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(state))
        new.replace(path)

    for epoch in range(first, args.epochs + 1):
        order = random.Random(args.seed * 1000 + epoch).sample(train, len(train))
        for x, label in order:
            network.step(x, label, args.learning_rate, args.momentum)
        loss, accuracy = evaluate(network, validation)
        print(f"epoch {epoch}: validation_loss: {loss:.6f} validation_accuracy: {accuracy:.4f}", flush=True)
        if stopping:
            save(checkpoint, {"epoch": epoch, **vars(network)})
            print(f"stopped: checkpoint of epoch {epoch} saved", flush=True)
            return 0
    save(checkpoint, {"epoch": max(args.epochs, first - 1), **vars(network)})  # a longer run goes on from here
    print(f"weights: {4 * args.hidden + 1}", flush=True)
    save(args.model / "model.json", {"weights": network.weights, "bias": network.bias})
    return 0


if __name__ == "__main__":
    sys.exit(main())
