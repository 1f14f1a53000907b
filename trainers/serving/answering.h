#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/photo_model.h"
#include "trainers/serving/batcher.h"
#include "trainers/serving/metrics.h"
#include "trainers/serving/pictures.h"

namespace hpo::serving {

struct ServedModel {
  std::vector<std::string> classes = {};
  PhotoModel predict = {};  ///< of photos of limits.image_size²
  PictureLimits limits = {};
  std::size_t max_photos = 16;  ///< of one call of predict
};

/// A worker's part: from the jobs' bodies to their answers.
class Answering {
 public:
  Answering(ServedModel model, Metrics& metrics) : model_(std::move(model)), metrics_(metrics) {}

  /// Answers every job: 200, or 400 for bad pictures, 500 where the model failed, 503 where memory
  /// ran out. One bad job harms no other of its batch.
  void answer(std::vector<Job> jobs);

  /// Whether the model failed several times in a row and not once succeeded since.
  [[nodiscard]] bool is_failing() const;

 private:
  /// A job whose pictures could be read.
  struct Asked {
    Job job = {};
    Pictures pictures = {};
    double queue_ms = 0;
  };

  std::vector<Asked> read(std::vector<Job> jobs);
  std::vector<Result<Row>> predict(std::span<const Image> photos);
  [[nodiscard]] HttpResponse response_to(const Asked& asked,
                                         std::span<const Result<Row>> rows) const;
  void reply(const Asked& asked, std::span<const Result<Row>> rows, std::size_t batch) const;

  ServedModel model_;
  Metrics& metrics_;
  std::atomic<int> failures_ = 0;
};

}  // namespace hpo::serving
