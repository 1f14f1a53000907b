"""The problems are what they say: spaces that hpo takes, optima that are reached, the same everywhere."""
import math
import random
import unittest

import scoring
import space as spaces
from problems import training
from problems.registry import FAMILIES, all_problems, quarter

PROBLEMS = all_problems()
OPTIMA = scoring.load_optima()


class Spaces(unittest.TestCase):
    def test_hpo_would_take_every_space(self):
        for name, problem in PROBLEMS.items():
            self.assertEqual(spaces.faults(problem.space), [], name)

    def test_random_configurations_lie_in_the_space_and_have_finite_values(self):
        for name, problem in PROBLEMS.items():
            rng = random.Random(7)
            for _ in range(20):
                configuration = spaces.checked(problem.space, spaces.sample(problem.space, rng))
                self.assertTrue(math.isfinite(problem.value(configuration)), name)

    def test_configurations_outside_are_refused(self):
        space = [spaces.integer("n", 1, 9, step=2), spaces.real("x", 0, 1, when={"n": [3]})]
        for wrong in ({"n": 2}, {"n": 3}, {"n": 1, "x": 0.5}, {"n": True}, {"n": 3, "x": 1.5}, {"n": 1, "y": 1}, {}):
            with self.assertRaises(ValueError, msg=str(wrong)):
                spaces.checked(space, wrong)
        self.assertEqual(spaces.checked(space, {"x": 1, "n": 3}), {"n": 3, "x": 1.0})

    def test_faults_name_the_parameter(self):
        space = [spaces.real("x", 0, 1, log=True), spaces.integer("n", 1, 3, when={"x": [0.5]}), spaces.real("x", 2, 1)]
        self.assertEqual([fault.partition(":")[0] for fault in spaces.faults(space)], ["x", "n", "x", "x"])

    def test_ends_of_integer_ranges_get_as_much_as_the_rest(self):
        for p in (spaces.integer("n", 1, 8), spaces.integer("n", 1, 8, log=True)):
            counts = [0] * 9
            for k in range(800):
                counts[spaces.from_unit(p, (k + 0.5) / 800)] += 1
            self.assertGreaterEqual(min(counts[1:]), 35 if p.get("log") else 100)


class Problems(unittest.TestCase):
    def test_each_family_has_enough_problems_in_both_halves(self):
        for family in FAMILIES:
            count = {half: sum(p.family == family and p.half == half for p in PROBLEMS.values())
                     for half in ("tune", "validate")}
            self.assertGreaterEqual(count["tune"], 5, family)
            self.assertGreaterEqual(count["validate"], 6, family)

    def test_stored_optima_are_of_these_problems_and_are_reached(self):
        self.assertEqual(set(OPTIMA), set(PROBLEMS))
        for name, problem in PROBLEMS.items():
            entry = OPTIMA[name]
            self.assertEqual(entry["fingerprint"], problem.fingerprint(), f"{name}: run generate/optima.py")
            value = problem.value(spaces.checked(problem.space, entry["configuration"]))
            self.assertAlmostEqual(value, entry["optimum"], delta=1e-9 * max(1, abs(value)), msg=name)
            self.assertLess(entry["optimum"], entry["median"], name)

    def test_no_random_configuration_is_better_than_the_optimum(self):
        for name, problem in PROBLEMS.items():
            rng = random.Random(11)
            for _ in range(200):
                value = problem.value(spaces.sample(problem.space, rng))
                self.assertGreaterEqual(value, OPTIMA[name]["optimum"] - 1e-9, name)

    def test_noise_belongs_to_the_trial_not_to_the_optimizer(self):
        for problem in PROBLEMS.values():
            first, again, other = (problem.observe(1.0, 3, number) for number in (5, 5, 6))
            self.assertEqual(first, again)
            self.assertEqual(first != other, problem.family == "noisy", problem.name)

    def test_conditional_trees_are_of_ten_to_twenty_parameters(self):
        for problem in PROBLEMS.values():
            if problem.family == "conditional":
                self.assertTrue(10 <= len(problem.space) <= 20, problem.name)
                self.assertTrue(any("when" in p for p in problem.space), problem.name)

    def test_the_quarter_has_no_conditions_and_every_other_family(self):
        families = [PROBLEMS[name].family for name in quarter()]
        self.assertEqual(set(families), set(FAMILIES) - {"conditional"})


class Interpolation(unittest.TestCase):
    def test_is_exact_at_the_nodes_and_linear_between_them(self):
        space = [spaces.real("x", 1, 100, log=True), spaces.categorical("c", ["a", "b"])]
        value = training.lookup(space, {"x": [1.0, 10.0, 100.0]}, [1, 2, 3, 4, 9, 8])
        self.assertEqual(value({"x": 10.0, "c": "b"}), 4)
        self.assertEqual(value({"x": 100.0, "c": "a"}), 9)
        self.assertAlmostEqual(value({"x": math.sqrt(1000), "c": "a"}), 6)

    def test_a_node_is_the_configuration_of_its_entry(self):
        space = [spaces.real("x", 0, 1), spaces.boolean("b"), spaces.integer("n", 1, 3)]
        axes = {"x": [0.0, 0.5, 1.0]}
        values = list(range(18))
        value = training.lookup(space, axes, values)
        self.assertEqual([value(training.node(space, axes, k)) for k in values], values)


if __name__ == "__main__":
    unittest.main()
