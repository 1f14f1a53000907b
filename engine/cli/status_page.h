#pragma once

#include <string>

#include "engine/cli/study_text.h"

namespace hpo::cli {

/// How a study stands, as `hpo status` shows it: fields, then its devices with what their trials
/// have reported. Fits `width` columns where that is possible.
std::string status_page(const LoadedStudy& loaded, const Orphans& orphans, int width,
                        bool has_unicode);

/// The same as one line: `running: 3 complete, 1 running (of 8); best loss 0.31 (trial 2)`.
std::string standing_line(const LoadedStudy& loaded);

}  // namespace hpo::cli
