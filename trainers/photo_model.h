#pragma once

#include <functional>
#include <span>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"

namespace hpo {

/// Class probabilities of one photo, in the order of the classes.
using Row = std::vector<double>;

/// A model as those see it who need no torch: any function of photos, one row for each. Called by
/// several threads at once.
using PhotoModel = std::function<Result<std::vector<Row>>(std::span<const Image>)>;

/// The model's rows, or why a photo has none.
///
/// Where the model fails on several photos it is asked again for each half of them: they may have
/// been too many for the memory, or one of them is to blame. Exceptions and probabilities that are
/// no finite numbers are failures too.
std::vector<Result<Row>> predict_each(const PhotoModel& model, std::span<const Image> photos);

}  // namespace hpo
