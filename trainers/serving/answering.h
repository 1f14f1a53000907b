#pragma once

#include <atomic>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"
#include "trainers/serving/batcher.h"
#include "trainers/serving/metrics.h"
#include "trainers/serving/pictures.h"

namespace hpo::serving {

/// What is served: any function of photos, so that this folder needs no torch.
struct ServedModel {
  std::vector<std::string> classes = {};
  /// Probabilities of photos of limits.image_size², one row each; called by several threads at
  /// once.
  std::function<Result<std::vector<std::vector<double>>>(std::span<const Image>)> predict = {};
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
  using Rows = std::vector<std::vector<double>>;

  /// A job whose pictures could be read.
  struct Asked {
    Job job = {};
    Pictures pictures = {};
    double queue_ms = 0;
  };

  std::vector<Asked> read(std::vector<Job> jobs);
  Result<Rows> predict(std::span<const Image> photos) const;
  /// predict, and where it fails in halves: a batch may have been too large for the memory.
  void predict_each(std::span<const Image> photos, std::vector<Result<std::vector<double>>>& rows);
  void reply(Asked& asked, std::span<const Result<std::vector<double>>> rows, std::size_t batch);

  ServedModel model_;
  Metrics& metrics_;
  std::atomic<int> failures_ = 0;
};

}  // namespace hpo::serving
