#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bayesopt/calibration.h"
#include "objectives/error.h"
#include "objectives/study.h"

namespace hpo {

/// What a model says of a configuration, in the objective's unit.
struct Prediction {
  double mean = 0;
  double stddev = 0;  ///< of the objective without noise
};

/// The Gaussian process of an objective of a study, to look at: the one that the Bayesian sampler
/// would use for its next trial, made from the finished trials of any sampler; running ones tell it
/// nothing. Constraints do not matter to it.
class StudyModel {
 public:
  /// Errors: not_found, if there are too few results or all are equal; numerical.
  static Result<StudyModel> of(const Study& study, std::size_t k = 0);

  /// The predictions at the configurations. Error: usage, if one does not lie in the space.
  [[nodiscard]] Result<std::vector<Prediction>> predict(
      const std::vector<Configuration>& configurations) const;

  /// Of the objective that it is about.
  [[nodiscard]] const std::string& metric() const;
  /// Results that it has learned from.
  [[nodiscard]] std::int64_t observations() const;
  /// Standard deviation of what repeating a trial would change.
  [[nodiscard]] double noise_stddev() const;
  /// By parameter, in the space's order: how far a value has to move (the range is 1, on the
  /// parameter's scale) before the objective is another one.
  [[nodiscard]] std::vector<std::pair<std::string, double>> lengthscales() const;
  /// Before any widening.
  [[nodiscard]] const Calibration& calibration() const;

  struct Parts;  ///< bayesopt/study_model_parts.h, for what computes with it
  [[nodiscard]] const Parts& parts() const { return *parts_; }

 private:
  explicit StudyModel(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
  std::shared_ptr<const Parts> parts_;
};

}  // namespace hpo
