#pragma once

#include "storage/study_store.h"

namespace hpo::report {

/// How a study stands: `running`, `finished`, `interrupted`, or `open` where no run ends it because
/// a program asks for its trials (ask-tell).
const char* standing_of(const StoredStudy& stored);

}  // namespace hpo::report
