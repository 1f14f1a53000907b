#pragma once

#include <string>

#include "trainers/report/evaluation_report.h"

namespace hpo {

// Inline SVG, coloured by the page's own style, so that it follows light and dark.

/// The accuracy on a scale from 0 to 100 % with its interval and the accuracy of guessing.
std::string accuracy_scale(const EvaluationReport& report);

/// The confusion matrix: rows are the true classes, each row's shades are shares of its photos.
/// Beyond 30 classes the cells bear no numbers, and names are shown by pointing at a cell.
std::string confusion_chart(const EvaluationReport& report);

/// Accuracy against confidence in bins, and how many photos lie in each.
std::string calibration_chart(const Calibration& calibration);

}  // namespace hpo
