"""Runs, traces and figures: the order of events, what is stored, how it is scored; and the README's tables."""
import json
import stat
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import readme_section
import runner
import scoring
import space as spaces
import traces
from optimizers.hpo_program import HpoProgram, tuning_file
from optimizers.random_search import RandomSearch
from problems.problem import Problem
from problems.registry import all_problems

LINE = Problem("line", "continuous", "tune", [spaces.real("x", 0, 1)], lambda c: c["x"], {"x": 0.0})

# The protocol's other end, as little of it as a run needs: three suggestions, then the space is exhausted.
STAND_IN = """#!{python}
import json, sys
asked = 0
for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "ask" and asked == 3:
        print(json.dumps({{"exhausted": True}}), flush=True)
    elif request["op"] == "ask":
        print(json.dumps({{"number": asked, "parameters": {{"x": (asked + 1) / 4}}}}), flush=True)
        asked += 1
    elif request["value"] > 1:
        print(json.dumps({{"error": "above one"}}), flush=True)
    else:
        print(json.dumps({{"number": request["number"], "state": "complete"}}), flush=True)
"""


class Recorder:
    """Asks are numbered; what happened is kept in order."""

    def __init__(self):
        self.events, self.count = [], 0

    def ask(self):
        self.count += 1
        self.events.append(("ask", self.count - 1))
        return self.count - 1, {"x": (self.count - 1) / 100}

    def tell(self, key, value):
        self.events.append(("tell", key))


class VirtualTime(unittest.TestCase):
    def test_one_worker_is_told_before_it_asks_again(self):
        recorder = Recorder()
        values, _ = runner.run(LINE, recorder, 0, "sequential", 3)
        self.assertEqual(recorder.events, [(what, n) for n in range(3) for what in ("ask", "tell")])
        self.assertEqual(values, [0.0, 0.01, 0.02])

    def test_eight_workers_start_together_and_results_come_in_order_of_their_end(self):
        recorder = Recorder()
        values, _ = runner.run(LINE, recorder, 4, "asynchronous", 30)
        self.assertEqual(recorder.events[:8], [("ask", n) for n in range(8)])
        told = [n for what, n in recorder.events if what == "tell"]
        self.assertEqual(told, runner.completion_order("line", 4, 30, 8))
        self.assertEqual(values, [n / 100 for n in told])

    def test_a_free_worker_starts_the_next_trial_at_once(self):
        ends, free = {}, [0.0] * 8
        for n in range(50):
            worker = min(range(8), key=free.__getitem__)
            free[worker] += runner.duration("line", 1, n)
            ends[n] = free[worker]
        self.assertEqual(runner.completion_order("line", 1, 50, 8), sorted(ends, key=ends.__getitem__))

    def test_durations_are_of_problem_seed_and_trial(self):
        self.assertEqual(runner.duration("a", 1, 2), runner.duration("a", 1, 2))
        self.assertEqual(len({runner.duration(*key) for key in (("a", 1, 2), ("b", 1, 2), ("a", 2, 2), ("a", 1, 3))}), 4)


class AskTell(unittest.TestCase):
    def run_with(self, problem, budget):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "hpo"
            program.write_text(STAND_IN.format(python=sys.executable))
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            optimizer = HpoProgram(problem, 0, "bayesian", {"hpo": str(program)})
            try:
                return runner.run(problem, optimizer, 0, "asynchronous", budget)[0]
            finally:
                optimizer.close()

    def test_a_run_ends_where_the_space_is_exhausted(self):
        self.assertEqual(sorted(self.run_with(LINE, 3)), [0.25, 0.5, 0.75])
        self.assertLess(len(self.run_with(LINE, 20)), 4)

    def test_an_error_of_the_program_ends_the_run(self):
        steep = Problem("steep", "continuous", "tune", LINE.space, lambda c: 10 * c["x"])
        with self.assertRaisesRegex(RuntimeError, "above one"):
            self.run_with(steep, 3)

    def test_the_file_has_what_ask_tell_reads(self):
        space = [spaces.real("x", 1, 9, log=True), spaces.boolean("b"), spaces.integer("n", 1, 9, step=2, when={"b": [True]})]
        file = json.loads(tuning_file(space, {"name": "tpe", "seed": 3}))
        self.assertEqual(file["strategy"], {"name": "tpe", "seed": 3})
        self.assertEqual(file["parameters"], {
            "x": {"type": "float", "min": 1.0, "max": 9.0, "scale": "log"}, "b": {"type": "bool"},
            "n": {"type": "int", "min": 1, "max": 9, "step": 2, "when": {"b": [True]}}})


class Traces(unittest.TestCase):
    RECORDS = [{"problem": "b", "seed": 0, "fingerprint": "f", "values": [1.5, 2e-7], "ms": [0.1]},
               {"problem": "a", "seed": 1, "fingerprint": "f", "values": [3.0], "ms": []}]

    def test_come_back_as_they_were(self):
        header, records = traces.decode(traces.encode({"label": "l"}, self.RECORDS))
        self.assertEqual(header, {"label": "l"})
        self.assertEqual(records, sorted(self.RECORDS, key=lambda r: r["problem"]))

    def test_later_runs_replace_packed_ones(self):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.multiple(traces, PACKED=Path(folder) / "packed", WORKING=Path(folder) / "working"):
            for values in ([1.0], [2.0]):
                writer = traces.Writer("l", "sequential", {"label": "l"})
                writer.append({**self.RECORDS[0], "values": values})
                writer.file.close()
                traces.pack("l", "sequential")
            self.assertEqual([r["values"] for r in traces.read("l", "sequential")[1]], [[2.0]])
            self.assertEqual(traces.labels("sequential", committed_only=True), ["l"])
            self.assertFalse(traces.working_file("l", "sequential").exists())

    def test_runs_go_on_while_they_are_packed(self):
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.multiple(traces, PACKED=Path(folder) / "packed", WORKING=Path(folder) / "working"):
            writer = traces.Writer("l", "sequential", {"label": "l"})
            writer.append(self.RECORDS[0])
            traces.pack("l", "sequential")
            writer.append(self.RECORDS[1])
            writer.file.close()
            traces.pack("l", "sequential")
            self.assertEqual({r["problem"] for r in traces.read("l", "sequential")[1]}, {"a", "b"})
            self.assertFalse(traces.working_file("l", "sequential").exists())


class Scores(unittest.TestCase):
    def test_regret_is_one_at_the_median_and_zero_at_the_optimum(self):
        self.assertEqual([scoring.normalised(v, 2.0, 4.0) for v in (9.0, 4.0, 3.0, 2.0, 1.9)], [1.0, 1.0, 0.5, 0.0, 0.0])

    def test_the_incumbent_is_the_best_observed_and_scored_without_noise(self):
        noise = {0: 0.0, 1: -0.6, 2: 0.0}
        noisy = Problem("noisy", "noisy", "tune", LINE.space, LINE.function)
        with mock.patch.object(Problem, "observe", lambda self, value, seed, number: value + noise[number]):
            regrets = scoring.curve(noisy, {"optimum": 0.0, "median": 1.0}, 0, "sequential", [0.5, 0.9, 0.4])
        self.assertEqual(regrets, [0.5, 0.9, 0.9])

    def test_equal_results_share_a_rank(self):
        self.assertEqual(scoring.ranks({"a": 0.1, "b": 0.1, "c": 0.5}), {"a": 1.5, "b": 1.5, "c": 3})

    def test_the_share_counts_evaluations_until_the_final_value_is_reached(self):
        pairs = [("p", 0), ("q", 0), ("r", 0)]
        theirs = {pair: [0.9, 0.5, 0.2, 0.2] for pair in pairs}
        ours = {("p", 0): [0.9, 0.2, 0.1, 0.0], ("q", 0): [0.1] * 4, ("r", 0): [0.9] * 4}
        self.assertEqual(scoring.share_needed(ours, theirs, pairs), 0.5)

    def test_the_interval_holds_the_mean_difference(self):
        pairs = [(f"p{k}", 0) for k in range(9)]
        ours, theirs = {p: [0.1 * k] for k, p in enumerate(pairs)}, {p: [0.4] for p in pairs}
        found = scoring.versus(ours, theirs, pairs, 20, resamples=200)
        self.assertEqual((found["won"], found["tied"], found["lost"]), (4, 1, 4))
        self.assertTrue(found["low"] < found["difference"] < found["high"])


class Stored(unittest.TestCase):
    def test_random_search_comes_out_again_as_it_is_stored(self):
        _, records = traces.read("random", "asynchronous", committed_only=True)
        self.assertTrue(records)
        problems = all_problems()
        for record in records[::40]:
            problem = problems[record["problem"]]
            search = RandomSearch(problem, record["seed"])
            values, _ = runner.run(problem, search, record["seed"], "asynchronous", len(record["values"]))
            self.assertEqual(values, record["values"], record["problem"])

    def test_traces_are_of_the_problems_as_they_are(self):
        problems, optima = all_problems(), scoring.load_optima()
        for mode in traces.MODES:
            for label in traces.labels(mode, committed_only=True):
                for record in traces.read(label, mode, committed_only=True)[1]:
                    self.assertIn(record["problem"], problems, label)
                    self.assertEqual(record["fingerprint"], optima[record["problem"]]["fingerprint"], record["problem"])

    def test_the_readme_shows_what_the_traces_print(self):
        text = readme_section.FILE.read_text()
        self.assertEqual(text, readme_section.replaced(text), "run tests/benchmarks/peers/bench readme")


if __name__ == "__main__":
    unittest.main()
