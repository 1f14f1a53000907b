#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "storage/study_store.h"

namespace hpo {

/// Names that make_study_store knows, in the table's order.
std::vector<std::string_view> study_store_names();

/// The store of that name; `file` is for those that keep one. Error: unknown name, with the known
/// ones, and what the store's own factory says.
Result<std::unique_ptr<StudyStore>> make_study_store(std::string_view name,
                                                     const std::filesystem::path& file);

}  // namespace hpo
