#pragma once

#include "trainers/classifier.h"
#include "trainers/cli/verbs.h"
#include "trainers/report/evaluation_page.h"

namespace hpo::cli {

/// Reads the photos that the page shows again and draws what the model looked at: the 60 wrong
/// answers that it was surest of, the surest right one of up to 9 classes, up to 24 duplicates.
/// Error: environment.
Result<EvaluationPictures> draw_pictures(const EvaluationReport& report, const EvaluateArgs& args,
                                         Classifier& model);

}  // namespace hpo::cli
