#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "objectives/error.h"
#include "trainers/batch/inputs.h"
#include "trainers/photo_model.h"

namespace hpo::batch {

struct PipelineOptions {
  std::size_t threads = 1;
  std::size_t models = 1;  ///< calls of the model at a time: `threads` on CPUs, one on a GPU
  std::size_t max_batch = 16;
  int image_size = 224;                   ///< photos are stretched to its square before the model
  std::int64_t max_pixels = 100'000'000;  ///< of one photo
};

/// What became of a photo.
struct Predicted {
  const Input& input;
  const Row* row = nullptr;       ///< nothing where it could not be read
  std::string_view problem = {};  ///< then
};

/// Predicts all photos and hands the results on in the inputs' order, one at a time, on any of its
/// threads.
///
/// Every thread does what is due: it computes a batch where one is full (and not too many compute
/// already), else it reads and decodes the next photo. So the model never waits for a decoder that
/// could run, no core is used twice, and only the photo in each thread's hands has its full size.
/// Memory is bounded whatever the number of photos. Errors: what `use` or the model answered.
Result<void> predict_photos(std::span<const Input> inputs, const PhotoModel& model,
                            const PipelineOptions& options,
                            const std::function<Result<void>(const Predicted&)>& use);

}  // namespace hpo::batch
