#pragma once

#include <string>

#include "trainers/report/evaluation_page.h"

namespace hpo {

// The sections of the page, each a complete element; empty where the report has nothing for it.

std::string overview_section(const EvaluationReport& report);
std::string classes_section(const EvaluationReport& report);
std::string confused_section(const EvaluationReport& report);
std::string wrong_section(const EvaluationReport& report, const EvaluationPictures& pictures);
std::string right_section(const EvaluationReport& report, const EvaluationPictures& pictures);
std::string duplicates_section(const EvaluationReport& report, const EvaluationPictures& pictures);
std::string skipped_section(const EvaluationReport& report);

}  // namespace hpo
