"""The benchmark's tables as Markdown, from stored traces."""
import statistics
import sys

import scoring
import traces
from problems.registry import FAMILIES, all_problems


def load(mode, half, labels=None, committed_only=False):
    """label → (problem, seed) → regret curve, of the problems of the half; and label → its header."""
    problems, optima = all_problems(), scoring.load_optima()
    curves, headers = {}, {}
    for label in labels or traces.labels(mode, committed_only):
        header, records = traces.read(label, mode, committed_only)
        runs, changed = {}, set()
        for record in records:
            problem = problems.get(record["problem"])
            if problem is None or problem.half != half:
                continue
            if record["fingerprint"] != optima[problem.name]["fingerprint"]:
                changed.add(problem.name)
                continue
            pair = (problem.name, record["seed"])
            runs[pair] = scoring.curve(problem, optima[problem.name], record["seed"], mode, record["values"])
            header.setdefault("times", {})[pair] = record["ms"]
        if changed:
            print(f"{label}: run again, these have changed: {', '.join(sorted(changed))}", file=sys.stderr)
        if runs:
            curves[label], headers[label] = runs, header
    return curves, headers


def common(curves):
    return sorted(set.intersection(*(set(runs) for runs in curves.values())))


def grouped(curves):
    """[labels that ran everything], and a list for each that ran less: it with those that ran all of its own."""
    most = max(len(runs) for runs in curves.values())
    full = [label for label in curves if len(curves[label]) == most]
    partial = [label for label in curves if label not in full]
    groups = [full]
    for label in partial:
        group = [other for other in curves if set(curves[other]) >= set(curves[label])]
        groups += [group] if group not in groups else []
    return groups


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def header(cells):
    return [row(cells), "|" + "---|" * len(cells)]


def figure(value):
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.2f}"


def regrets(curves, headers, pairs):
    """Mean normalised regret after each number of evaluations, mean ranks, time per ask."""
    budget = min(max(len(run) for run in runs.values()) for runs in curves.values())
    columns = [k for k in scoring.AT if k <= budget]
    ranked = [k for k in (20, 60) if k <= budget]
    ranks = {k: scoring.mean_ranks(curves, pairs, k) for k in ranked}
    lines = header(["", *(f"@{k}" for k in columns), *(f"rank @{k}" for k in ranked), "ms/ask"])
    for label in sorted(curves, key=lambda name: ranks[ranked[-1]][name]):
        runs = curves[label]
        times = [headers[label]["times"][pair] for pair in pairs]
        lines.append(row([label, *(figure(scoring.mean_regret(runs, pairs, k)) for k in columns),
                          *(f"{ranks[k][label]:.2f}" for k in ranked), milliseconds(times, budget)]))
    return lines


def milliseconds(times, budget):
    """Median over the runs of the mean time of the last ten asks."""
    value = statistics.median(blocks[min(len(blocks), budget // 10) - 1] for blocks in times if blocks)
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


def families(curves, pairs):
    """Per family: mean normalised regret and mean rank, after 20 and 60 evaluations."""
    problems = all_problems()
    lines = header(["regret @20/@60, rank @20/@60", *FAMILIES])
    cells = {label: [] for label in curves}
    for family in FAMILIES:
        own = [pair for pair in pairs if problems[pair[0]].family == family]
        if not own:
            for label in curves:
                cells[label].append("–")
            continue
        ranks = {k: scoring.mean_ranks(curves, own, k) for k in (20, 60)}
        for label, runs in curves.items():
            regret = "/".join(figure(scoring.mean_regret(runs, own, k)) for k in (20, 60))
            cells[label].append(f"{regret}, {ranks[20][label]:.1f}/{ranks[60][label]:.1f}")
    order = scoring.mean_ranks(curves, pairs, 60)
    return lines + [row([label, *cells[label]]) for label in sorted(curves, key=order.__getitem__)]


def against(reference, curves, pairs):
    """What the reference needs of each peer's budget, and problems won, with the interval of the mean difference."""
    lines = header([f"{reference} against", "share of its budget", "@20 won/tied/lost", "@20 difference (95 %)",
                    "@60 won/tied/lost", "@60 difference (95 %)", "@60 ratio of regrets"])
    ours = curves[reference]
    for label, theirs in curves.items():
        if label == reference:
            continue
        share = scoring.share_needed(ours, theirs, pairs)
        cells = [label, f"{share:.2f}" if share <= 1 else "not reached"]
        for k in (20, 60):
            v = scoring.versus(ours, theirs, pairs, k)
            cells += [f"{v['won']}/{v['tied']}/{v['lost']}", f"{v['difference']:+.3f} ({v['low']:+.3f} to {v['high']:+.3f})"]
        worse = scoring.mean_regret(theirs, pairs, 60)
        lines.append(row(cells + [f"{scoring.mean_regret(ours, pairs, 60) / worse:.2f}" if worse else "–"]))
    return lines


def against_by_family(reference, curves, pairs):
    """Per family: the share of a peer's budget, problems won and lost after 20 and 60, and where that is significant."""
    problems = all_problems()
    present = [family for family in FAMILIES if any(problems[name].family == family for name, _ in pairs)]
    lines = header([f"{reference} against: share, won–lost @20, @60", *present])
    for label, theirs in curves.items():
        if label == reference:
            continue
        cells = [label]
        for family in present:
            own = [pair for pair in pairs if problems[pair[0]].family == family]
            share = scoring.share_needed(curves[reference], theirs, own)
            cell = f"{share:.2f}" if share <= 1 else "–"
            for k in (20, 60):
                v = scoring.versus(curves[reference], theirs, own, k)
                mark = "+" if v["high"] < 0 else "−" if v["low"] > 0 else ""
                cell += f", {v['won']}–{v['lost']}{mark}"
            cells.append(cell)
        lines.append(row(cells))
    return lines


def detail(reference, curves, headers, pairs):
    """The tables of all figures, family by family."""
    problems, lines = all_problems(), []
    for family in FAMILIES:
        own = [pair for pair in pairs if problems[pair[0]].family == family]
        if own:
            lines += [f"{family}:", "", *regrets(curves, headers, own), ""]
            if reference in curves and len(curves) > 1:
                lines += against(reference, curves, own) + [""]
    return lines


def section(mode, half, labels=None, committed_only=False, reference="hpo", with_detail=False):
    """All tables of a mode and half, as Markdown lines; labels: these, on the runs that all of them have."""
    curves, headers = load(mode, half, labels, committed_only)
    if not curves:
        return []
    lines = []
    groups = [list(curves)] if labels else grouped(curves)
    for names in groups:
        chosen = {label: curves[label] for label in names}
        pairs = common(chosen)
        count = len({name for name, _ in pairs})
        lines += [f"**{mode}, {half}**: {count} problems, {len(pairs)} runs each", ""]
        lines += regrets(chosen, headers, pairs) + [""]
        is_whole = count == sum(p.half == half for p in all_problems().values())
        if is_whole:
            lines += families(chosen, pairs) + [""]
        if reference in chosen and len(chosen) > 1:
            lines += against(reference, chosen, pairs) + [""]
            lines += against_by_family(reference, chosen, pairs) + [""] if is_whole else []
        lines += detail(reference, chosen, headers, pairs) if with_detail else []
    return lines


def versions(committed_only=True):
    found = {}
    for mode in traces.MODES:
        for label in traces.labels(mode, committed_only):
            found[label] = traces.read(label, mode, committed_only)[0].get("version", "?")
    return [row([label, version]) for label, version in sorted(found.items())]


def per_problem(mode, half, labels=None):
    curves, _ = load(mode, half, labels)
    pairs = common(curves)
    means = {(label, k): scoring.by_problem(runs, pairs, k) for label, runs in curves.items() for k in (20, 60)}
    lines = header([f"{mode}, {half}: regret @20/@60", *curves])
    for problem in sorted({name for name, _ in pairs}):
        lines.append(row([problem, *(f"{figure(means[label, 20][problem])}/{figure(means[label, 60][problem])}"
                                     for label in curves)]))
    return lines + [""]
