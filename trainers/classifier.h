#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image.h"
#include "trainers/model_manifest.h"

namespace hpo {

/// Which places of a photo made the model take it for a class: two maps of size × size in [0, 1],
/// rows from the top, stretched over the whole photo; each scaled so that its greatest is 1.
struct Saliency {
  int size = 0;
  /// Where the last layers' features speak for the class: coarse, and about objects.
  std::vector<float> grad_cam = {};
  /// How much the class's logit changes with each pixel: fine, and about edges.
  std::vector<float> gradient = {};
};

/// A trained model that answers. No torch in this header: whoever predicts needs none.
class Classifier {
 public:
  virtual ~Classifier() = default;
  [[nodiscard]] virtual const ModelManifest& manifest() const = 0;

  /// Class probabilities of photos of any size: one row per photo, in the order of
  /// manifest().classes, each summing to 1. Error: environment (memory, device).
  virtual Result<std::vector<std::vector<double>>> predict(std::span<const Image> photos) = 0;

  /// Why it would take each photo for the class at the same place of `classes`. Error: environment.
  virtual Result<std::vector<Saliency>> explain(std::span<const Image> photos,
                                                std::span<const int> classes) = 0;
};

/// Where and how a loaded model computes.
struct ClassifierOptions {
  int threads = 1;
  bool gpu = false;  ///< leased: it is used, or loading fails
};

/// Loads a model's folder: weights checked against the manifest.
/// Errors: not_found, corrupt, newer_version, environment.
Result<std::unique_ptr<Classifier>> load_classifier(const std::filesystem::path& folder,
                                                    const ClassifierOptions& options);

/// The options of this process: OMP_NUM_THREADS (default: its CPUs) and the GPU lease.
ClassifierOptions classifier_options_from_environment();

}  // namespace hpo
