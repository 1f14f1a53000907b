#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bayesopt/study_model.h"
#include "objectives/study.h"

namespace hpo {

/// What the model expected of a suggestion when it made it, in the objective's unit.
struct Expectation {
  Prediction prediction = {};
  double noise_stddev = 0;  ///< of a result around it
  /// What was to be improved on: the best expected value so far. NaN, as the next, with two
  /// objectives and where no trial kept the constraints.
  double incumbent = 0;
  double probability_of_improvement = 0;
  std::optional<double> log_acquisition = {};       ///< as the sampler maximised it
  std::optional<double> expected_improvement = {};  ///< in units, if the trial does not fail
  /// Probability that it does not, and keeps the constraints.
  double feasibility = 1;
  bool explores = false;  ///< went where little was known, not where the best was expected
};

/// A trial that had ended by then. Similarity: the model's correlation, 1 for the same point.
struct NearTrial {
  std::int64_t number = 0;
  double value = 0;
  double similarity = 0;
};

/// What was expected of another output: a second objective, or the metric of a constraint.
struct OutputExpectation {
  std::string metric = {};
  Prediction prediction = {};
};

/// Why a trial was tried, as far as what is stored says it, and what came of it.
struct Explanation {
  std::string mode = {};    ///< the sampler's word: `design`, `exploit`, `explore`, `random`, ...;
                            ///< may be empty
  std::string search = {};  ///< where a model searched: `global`, `local`, `open`; may be empty
  std::string reason = {};  ///< for a mode that stepped in
  std::int64_t finished = 0;  ///< trials that had ended, and that ran or waited
  std::int64_t pending = 0;
  std::int64_t from_others = 0;  ///< results of identical studies that the model had
  /// Related studies by name, and how many deviations of the objective one of theirs was worth.
  std::vector<std::pair<std::string, double>> related = {};
  std::optional<Expectation> expected = {};
  std::vector<OutputExpectation> outputs = {};  ///< besides the first objective
  /// How far a value had to move (a range is 1) to be another one, shortest first.
  std::vector<std::pair<std::string, double>> lengthscales = {};
  std::shared_ptr<const Trial> best_then = {};  ///< null where none was complete
  std::vector<NearTrial> nearest = {};          ///< at most five, most similar first

  /// What the model would have taken the trial's value for: itself, or where that is worse, the
  /// bound beyond which a model tells bad values no longer apart (output_transform.h).
  std::optional<double> taken_as = {};
  std::optional<double> z = {};  ///< (taken_as - predicted)/deviation with noise
  /// What all other results of today say of the trial's value, noise included.
  std::optional<Prediction> left_out = {};
  std::optional<double> left_out_z = {};
};

/// Of trial `number` of the study. `model`: of the study, or null where there is none.
Explanation explain(const Study& study, std::int64_t number, const StudyModel* model);

}  // namespace hpo
