#pragma once

#include <string>
#include <vector>

#include "engine/report/knowledge.h"
#include "engine/report/study_source.h"

namespace hpo::report {

/// What a reader wants to know of a study, in the order in which he asks.
struct Answers {
  std::vector<std::string> searched = {};
  std::vector<std::string> won = {};
  std::vector<std::string> why = {};
  std::vector<std::string> mattered = {};
  std::vector<std::string> failed = {};
  std::vector<std::string> next = {};
};

/// Each a few sentences of plain text; none is empty.
Answers answers(const StudySource& source, const Knowledge& known);

}  // namespace hpo::report
