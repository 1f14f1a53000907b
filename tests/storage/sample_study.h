#pragma once

#include <cstdint>
#include <string>

#include "objectives/study.h"

namespace hpo::test {

/// A study of every kind of parameter.
StudySpec sample_spec(const std::string& name = "birds");

/// A trial whose every field differs from its default, with values that are hard to keep: -0.0, the
/// least double, integers beyond 2^53, text of every kind of character.
Trial sample_trial(std::int64_t number);

/// As sample_trial, but small: what a cheap objective stores.
Trial small_trial(std::int64_t number, TrialState state);

/// A report of one metric.
Measurement report(int attempt, std::int64_t step, const std::string& metric, double value,
                   std::int64_t event);

/// Whether two doubles have the same bits, or are both NaN.
bool is_same(double a, double b);

}  // namespace hpo::test
