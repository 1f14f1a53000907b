#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "trainers/batch/inputs.h"

namespace hpo::batch {

/// The photos of a list, in its order. `base` is the folder that relative paths begin at.
///
/// Lines with one path each (or, as `find -print0` writes them, texts that zeros end); SageMaker's
/// manifest ([{"prefix": "photos/"}, "a.jpg", ...]) and its augmented one ({"source-ref": "a.jpg"}
/// in each line). `name` is how messages call the list. Error: usage, with the line.
Result<std::vector<Input>> read_list(std::string_view text, const std::filesystem::path& base,
                                     std::string_view name);

}  // namespace hpo::batch
