#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image_folder.h"
#include "trainers/images/photo_source.h"

namespace hpo {

/// The parts of each class that are held out, in [0, 1).
struct SplitFractions {
  double validation = 0.2;  ///< of the training photos
  double test = 0.2;        ///< of all photos; unused where the photos have a test split
};

/// Gives each photo its channel, class by class: the photos in the order of a hash of seed and
/// path, the first ones to test, the next ones to validation. A channel with a fraction gets at
/// least one photo of every class. Error: usage, where a class has too few photos to train on;
/// it names those of the class that were `skipped`.
Result<void> split(PhotoSource& source, const SplitFractions& fractions, std::uint64_t seed,
                   const std::vector<SkippedFile>& skipped = {});

}  // namespace hpo
