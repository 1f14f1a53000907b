#pragma once

#include <filesystem>

#include "objectives/error.h"
#include "trainers/images/photo_source.h"

namespace hpo {

/// Whether the folder has the lists of CUB-200-2011.
bool is_cub_folder(const std::filesystem::path& folder);

/// The photos that images.txt names, with the channels of train_test_split.txt, also where only
/// some of the 200 species are there. Error: corrupt, naming file and line; not_found for a list.
///
/// Wah, Branson, Welinder, Perona, Belongie, "The Caltech-UCSD Birds-200-2011 Dataset",
/// CNS-TR-2011-001.
Result<PhotoSource> open_cub(const std::filesystem::path& folder);

}  // namespace hpo
