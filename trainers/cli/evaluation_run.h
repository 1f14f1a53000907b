#pragma once

#include <memory>
#include <vector>

#include "trainers/classifier.h"
#include "trainers/cli/verbs.h"
#include "trainers/report/evaluation_report.h"

namespace hpo::cli {

/// The models of the command line: one, or two of the same classes.
/// Errors: those of load_model; usage, where the classes differ.
Result<std::vector<std::unique_ptr<Classifier>>> load_models(const EvaluateArgs& args);

/// Has them judge all photos and searches the training folder for duplicates.
/// Errors: usage (no photo can be read, a class that was not trained), environment.
Result<EvaluationReport> run_evaluation(const EvaluateArgs& args,
                                        const std::vector<std::unique_ptr<Classifier>>& models);

}  // namespace hpo::cli
