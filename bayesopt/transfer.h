#pragma once

#include <map>
#include <memory>
#include <string>

#include "bayesopt/fit.h"
#include "bayesopt/related.h"

namespace hpo {

/// By how much the standardised results of related studies count: weight by the study's id.
using TransferWeights = std::map<std::string, double>;

/// Σ weight · study; null where no weight names one of them.
std::shared_ptr<const MeanFunction> transfer_mean(const RelatedStudies& studies,
                                                  const TransferWeights& weights);

/// Parameters, and what was taken from related studies with them.
struct TransferFit {
  Fit fitted = {};
  TransferWeights weights = {};
};

/// Decides which related studies help to predict the data, and by how much.
///
/// One after the other, that study is added whose mean raises the leave-one-out log density of the
/// data most, with parameters fitted to what it leaves to explain, as long as it raises it clearly.
/// `plain`: the fit without any, and what comes back where none helps.
TransferFit fit_transfer(const TrainingData& data, const RelatedStudies& studies,
                         const FitOptions& options, const Fit& plain);

}  // namespace hpo
