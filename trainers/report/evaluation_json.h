#pragma once

#include <string>

#include "trainers/report/evaluation_report.h"

namespace hpo {

/// The report as one JSON object, indented. Keys are only ever added. Bytes of file names that are
/// not UTF-8 are replaced.
std::string evaluation_json(const EvaluationReport& report);

}  // namespace hpo
