#pragma once

#include <vector>

#include "objectives/error.h"
#include "trainers/images/photo_source.h"
#include "trainers/images/prepare.h"

namespace hpo {

/// The channel's folder: `train`, `validation`, `test`.
const char* channel_name(Channel channel);

/// Photos of each class in each channel.
std::vector<ClassCounts> count_channels(const PhotoSource& source);

/// Error: usage, for a fraction that is not in [0, 1).
Result<void> check_fractions(double validation, double test);

}  // namespace hpo
