#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "objectives/trial.h"
#include "storage/sqlite.h"

namespace hpo {

/// Inserts or replaces the whole trial. Error: usage, if its configuration is not storable (a
/// number that is not finite, text that is not UTF-8); not_found, if the study is gone.
Result<void> write_trial(Sqlite& sqlite, std::int64_t study, const Trial& trial);

/// All trials of a study, by number. Error: corrupt, also where a number is missing.
Result<std::vector<std::shared_ptr<const Trial>>> read_trials(Sqlite& sqlite, std::int64_t study);

/// Adds what is not there yet. Error: not_found, if the trial was never saved.
Result<void> write_measurements(Sqlite& sqlite, std::int64_t study, std::int64_t trial,
                                std::span<const Measurement> measurements);

/// Ordered by (attempt, step, event).
Result<std::vector<Measurement>> read_measurements(Sqlite& sqlite, std::int64_t study,
                                                   std::int64_t trial);

/// A stored seed (schema.sql).
std::optional<std::uint64_t> seed_from(std::string_view text);
/// A stored time (schema.sql).
TimePoint time_from(std::int64_t milliseconds);

}  // namespace hpo
