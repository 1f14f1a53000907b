#pragma once

#include <cstdint>
#include <vector>

#include "objectives/error.h"
#include "objectives/prior.h"
#include "storage/sqlite.h"

// The tables of other studies whose results a study knows.

namespace hpo {

/// Makes the stored uses of a study, `before`, those of `now`: ends those that ended, adds new
/// ones.
Result<void> write_prior(Sqlite& sqlite, std::int64_t study, const std::vector<PriorUse>& before,
                         const std::vector<PriorUse>& now);

/// In the order in which they came. Error: corrupt.
Result<std::vector<PriorUse>> read_prior(Sqlite& sqlite, std::int64_t study);

}  // namespace hpo
