#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "objectives/study.h"

namespace hpo::cli {

/// What repeating a trial changes of its value.
struct Noise {
  double stddev = 0;  ///< of one trial, in the objective's unit
  std::int64_t repetitions =
      0;                   ///< trials beyond the first of their configuration; 0: by the model
  double quantile = 1.96;  ///< of |t| that only 5 % of equal trials exceed

  /// Whether two trials' values differ by more than 95 % of equal trials do.
  [[nodiscard]] bool is_exceeded_by(double difference) const;
};

/// From complete trials of the same configuration, pooled over the configurations; where none is
/// repeated the model's estimate; nothing where there is no model either, or the study is too large
/// to make one in passing.
std::optional<Noise> noise_of(const Study& study);

/// `0.02, from 3 repetitions`.
std::string noise_text(const Noise& noise);

}  // namespace hpo::cli
