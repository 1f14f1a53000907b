#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trainers/calibration.h"
#include "trainers/evaluation.h"
#include "trainers/images/duplicates.h"
#include "trainers/images/image_folder.h"

namespace hpo {

/// What a model made of one photo.
struct JudgedPhoto {
  std::string path = {};  ///< below the data's folder
  int label = 0;
  int predicted = 0;
  std::vector<double> probabilities = {};

  [[nodiscard]] bool is_right() const { return label == predicted; }
  [[nodiscard]] double confidence() const {
    return probabilities[static_cast<std::size_t>(predicted)];
  }
};

/// Photos of the data that were found in the training folder too.
struct DuplicateSearch {
  struct Pair {
    std::string photo = {};     ///< below the data's folder
    std::string training = {};  ///< below the training folder
    bool is_other_class = false;
    Likeness likeness = Likeness::same_bytes;
    double resemblance = 1;  ///< of the pictures, at most 1
  };
  std::string folder = {};
  std::size_t photos = 0;  ///< in that folder
  std::vector<Pair> pairs = {};
};

/// A second model on the same photos.
struct Rival {
  std::string model = {};
  Evaluation evaluation = {};
  Comparison comparison = {};
};

/// Everything that `hpo evaluate` says about a model, as a page, as JSON or as a table.
struct EvaluationReport {
  std::string model = {};
  std::string data = {};
  std::vector<std::string> classes = {};
  std::int64_t image_size = 0;
  std::vector<JudgedPhoto> photos = {};
  std::vector<SkippedFile> skipped = {};
  Evaluation evaluation = {};
  std::vector<double> top_k = {};  ///< accuracies of the k most probable, k = 1 to 5 or classes
  Calibration calibration = {};
  std::vector<ConfusedPair> confused = {};
  std::optional<DuplicateSearch> duplicates = {};
  std::optional<Rival> against = {};

  /// Indices of the photos that were judged wrongly (or rightly), the surest answers first.
  [[nodiscard]] std::vector<std::size_t> wrong() const;
  [[nodiscard]] std::vector<std::size_t> right() const;
};

/// Fills what follows from `photos` and `classes`: evaluation, top_k, calibration, confused.
void summarise(EvaluationReport& report);

}  // namespace hpo
