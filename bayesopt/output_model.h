#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "bayesopt/surrogate.h"

namespace hpo {

/// What is known of one output, and how its values are transformed.
struct OutputData {
  const Dataset& dataset;
  const std::vector<double>& y;   ///< of the dataset's observations
  const RelatedStudies& related;  ///< may tell something of it
  std::function<std::optional<OutputTransform>(const Eigen::VectorXd& y)> transform_of = {};
};

/// The rows of the dataset that a study's models are conditioned on, the same for all outputs.
std::vector<std::size_t> model_rows(Regime::Kind kind, const Dimensions& dimensions,
                                    const Dataset& dataset, const Eigen::VectorXd& lengthscales);

/// Fits the output's parameters where a fit is due, and takes `previous` otherwise. Nothing where
/// all its values are equal. Error: numerical.
Result<std::optional<OutputModel>> fit_output(const Dimensions& dimensions, const OutputData& data,
                                              const Regime& regime,
                                              const std::optional<FittedParameters>& previous,
                                              std::uint64_t seed);

/// Conditions its process on the rows. Error: numerical.
Result<void> condition_output(const Dimensions& dimensions, const OutputData& data,
                              const Regime& regime, const std::vector<std::size_t>& rows,
                              FactorCache& factors, OutputModel& model);

}  // namespace hpo
