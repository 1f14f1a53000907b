"""What `bench`'s verbs do."""
import multiprocessing
import sys
import time

import readme_section
import runner
import scoring
import table as tables
import traces
from optimizers import catalogue
from problems.registry import all_problems, quarter

SEEDS = {"tune": 3, "validate": 5, "quarter": 1}


def chosen_problems(args):
    problems = all_problems()
    if args.problems:
        return [problems[name] for name in args.problems.split(",")]
    names = quarter() if args.half == "quarter" else [name for name, p in problems.items() if p.half == args.half]
    return [problems[name] for name in names if args.family in (None, problems[name].family)]


def one_run(task):
    """In a process of the pool: (mode, record)."""
    name, options, problem_name, seed, mode, budget, fingerprint = task
    problem = all_problems()[problem_name]
    optimizer = catalogue.make(name, problem, seed, budget, options)
    try:
        values, milliseconds = runner.run(problem, optimizer, seed, mode, budget)
    finally:
        optimizer.close()
    return mode, {"problem": problem_name, "seed": seed, "fingerprint": fingerprint, "values": values, "ms": milliseconds}


def run(args):
    label = args.label or args.optimizer.replace(":", "-")
    options = {"hpo": args.hpo, "strategy": args.strategy}
    optima = scoring.load_optima()
    modes = traces.MODES if args.mode == "both" else [args.mode]
    version = catalogue.version(args.optimizer, options)
    tasks, writers = [], {}
    done = set()
    for mode in modes:
        if args.again:
            traces.working_file(label, mode).unlink(missing_ok=True)
        else:
            done |= {(r["problem"], r["seed"], mode) for r in traces.read(label, mode)[1]
                     if r["fingerprint"] == optima[r["problem"]]["fingerprint"] and len(r["values"]) >= args.budget}
        writers[mode] = traces.Writer(label, mode, {"label": label, "optimizer": args.optimizer, "version": version})
    for seed in range(args.seeds or SEEDS[args.half]):  # seeds outermost: a run that is ended has whole seeds
        tasks += [(args.optimizer, options, p.name, seed, mode, args.budget, optima[p.name]["fingerprint"])
                  for mode in modes for p in chosen_problems(args) if (p.name, seed, mode) not in done]
    started = time.time()
    with multiprocessing.Pool(args.jobs) as pool:
        for count, (mode, record) in enumerate(pool.imap_unordered(one_run, tasks), 1):
            writers[mode].append(record)
            if count % 20 == 0 or count == len(tasks):
                print(f"{label}: {count} of {len(tasks)} runs, {time.time() - started:.0f} s", file=sys.stderr, flush=True)
    return 0


def table(args):
    labels = args.labels.split(",") if args.labels else None
    for mode in traces.MODES if args.mode == "both" else [args.mode]:
        lines = (tables.per_problem(mode, args.half, labels) if args.per_problem
                 else tables.section(mode, args.half, labels, reference=args.reference, with_detail=args.detail))
        print("\n".join(lines))
    return 0


def pack(args):
    for mode in traces.MODES:
        for label in args.labels or traces.labels(mode):
            file = traces.pack(label, mode)
            if file:
                print(f"{file.name}: {file.stat().st_size} bytes")
    return 0


def readme(args):
    text = readme_section.FILE.read_text()
    wanted = readme_section.replaced(text)
    if args.check:
        if text != wanted:
            print("README.md is not what the traces print: tests/benchmarks/peers/bench readme", file=sys.stderr)
        return int(text != wanted)
    readme_section.FILE.write_text(wanted)
    return 0


def problems(args):
    optima = scoring.load_optima()
    for name, p in all_problems().items():
        entry = optima[name]
        print(f"{p.half:9}{p.family:12}{name:24}{len(p.space):3} parameters, optimum {entry['optimum']:.6g}"
              f"{'' if entry['exact'] else ' (best known)'}, median {entry['median']:.6g}")
    return 0
