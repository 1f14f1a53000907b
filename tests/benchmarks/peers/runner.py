"""Runs one optimizer on one problem: one trial at a time, or eight workers at once in virtual time."""
import heapq
import math
import random
import time

import space as spaces

WORKERS = {"sequential": 1, "asynchronous": 8}
BLOCK = 10  # evaluations whose mean time per ask is kept


def duration(problem, seed, number):
    """Virtual seconds of a trial, log-normal: a function of problem, seed and trial, the same for every optimizer."""
    return math.exp(0.5 * random.Random(f"{problem}/duration/{seed}/{number}").gauss(0, 1))


def completion_order(problem, seed, count, workers):
    """The trial numbers in the order in which they finish when a free worker starts the next at once."""
    running = [(duration(problem, seed, number), number) for number in range(min(workers, count))]
    heapq.heapify(running)
    order, following = [], len(running)
    while running:
        now, number = heapq.heappop(running)
        order.append(number)
        if following < count:
            heapq.heappush(running, (now + duration(problem, seed, following), following))
            following += 1
    return order


def run(problem, optimizer, seed, mode, budget):
    """(values without noise in the order of completion, mean milliseconds of ask and tell per block of evaluations).

    The optimizer has ask() → (key, configuration), or None where the space is exhausted, and tell(key, observed value).
    """
    spent, begun, values, seconds = [0.0], [], [], []

    def ask():
        started = time.perf_counter()
        asked = optimizer.ask()
        spent[0] += time.perf_counter() - started
        if asked is not None:
            configuration = spaces.checked(problem.space, asked[1])
            begun.append((asked[0], problem.value(configuration)))

    workers = WORKERS[mode]
    for _ in range(min(workers, budget)):
        ask()
    for number in completion_order(problem.name, seed, budget, workers):
        if number >= len(begun):
            break  # exhausted: nothing more was asked
        key, value = begun[number]
        started = time.perf_counter()
        optimizer.tell(key, problem.observe(value, seed, number))
        spent[0] += time.perf_counter() - started
        values.append(float(f"{value:.6g}"))
        if len(begun) < budget:
            ask()
        seconds.append(spent[0])
        spent[0] = 0.0
    blocks = [seconds[k:k + BLOCK] for k in range(0, len(seconds), BLOCK)]
    return values, [float(f"{1000 * sum(block) / len(block):.3g}") for block in blocks]
