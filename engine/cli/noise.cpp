#include "engine/cli/noise.h"

#include <fmt/format.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <vector>

#include "bayesopt/study_model.h"
#include "engine/cli/text.h"

namespace hpo::cli {
namespace {

/// A Gaussian process of so many results is made within a second.
constexpr std::int64_t kMostResults = 500;

/// Values of complete trials by their configuration.
std::map<std::string, std::vector<double>> repeated(const Study& study) {
  std::map<std::string, std::vector<double>> values;
  for (const auto& trial : study.trials) {
    if (trial->state != TrialState::complete || !std::isfinite(trial->value.value_or(NAN)))
      continue;
    values[canonical_key(trial->configuration)].push_back(*trial->value);
  }
  return values;
}

/// s² = Σ (y − ȳ of its configuration)² / (n − configurations).
std::optional<Noise> noise_of_repetitions(const Study& study) {
  double squares = 0;
  std::int64_t repetitions = 0;
  for (const auto& [key, values] : repeated(study)) {
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (const double value : values) squares += (value - mean) * (value - mean);
    repetitions += static_cast<std::int64_t>(values.size()) - 1;
  }
  if (repetitions == 0) return std::nullopt;
  const auto freedom = static_cast<double>(repetitions);
  return Noise{.stddev = std::sqrt(squares / freedom),
               .repetitions = repetitions,
               .quantile = boost::math::quantile(boost::math::students_t(freedom), 0.975)};
}

}  // namespace

bool Noise::is_exceeded_by(double difference) const {
  return std::abs(difference) > quantile * std::sqrt(2.0) * stddev;
}

std::optional<Noise> noise_of(const Study& study) {
  if (auto noise = noise_of_repetitions(study)) return noise;
  if (study.count(TrialState::complete) > kMostResults) return std::nullopt;
  const auto model = StudyModel::of(study);
  if (!model) return std::nullopt;
  return Noise{.stddev = model->noise_stddev()};
}

std::string noise_text(const Noise& noise) {
  return fmt::format("{}, {}", number_text(noise.stddev),
                     noise.repetitions > 0
                         ? "from " + counted(noise.repetitions, "repeated trial")
                         : std::string("estimated by the model: no trial was repeated"));
}

}  // namespace hpo::cli
