#pragma once

#include "engine/cli/study_access.h"

namespace hpo::cli {

/// Shows on stdout how the study stands until no process runs it: redrawn in place on a terminal,
/// else a line for each change. `loaded` is the study as it ended. kDone then; kInterrupted or
/// kTerminated where a signal came first. The terminal is as it was, whatever ended it.
int watch(LoadedStudy& loaded);

}  // namespace hpo::cli
