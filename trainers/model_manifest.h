#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/configuration.h"
#include "objectives/error.h"

namespace hpo {

enum class Backbone { mobilenet_v2, resnet50 };

/// As configurations and manifests name it; nothing for an unknown name.
const char* to_string(Backbone backbone);
std::optional<Backbone> backbone_from(std::string_view name);

/// The network's shape: what its tensors' names and sizes follow from.
struct BirdArchitecture {
  Backbone backbone = Backbone::mobilenet_v2;
  double alpha = 1;                       ///< MobileNetV2's width multiplier
  std::vector<std::int64_t> hidden = {};  ///< units of the head's hidden layers
  bool operator==(const BirdArchitecture&) const = default;
};

/// What a channel of RGB in [0, 1] is moved and scaled by before the network sees it: the mean and
/// deviation of ImageNet, on which the weights were trained.
constexpr std::array<double, 3> kImageMean = {0.485, 0.456, 0.406};
constexpr std::array<double, 3> kImageDeviation = {0.229, 0.224, 0.225};

/// manifest.json of a trained model's folder. A persistent format: only additions are allowed.
struct ModelManifest {
  BirdArchitecture architecture = {};
  std::vector<std::string> classes = {};  ///< in the order of the network's outputs
  std::int64_t image_size = 0;            ///< the whole photo is stretched to image_size²
  std::array<double, 3> mean = kImageMean;
  std::array<double, 3> deviation = kImageDeviation;
  Configuration hyperparameters = {};
  std::map<std::string, double> metrics = {};  ///< of the epoch that was kept
  bool operator==(const ModelManifest&) const = default;
};

constexpr const char* kManifestFile = "manifest.json";
constexpr const char* kWeightsFile = "weights.safetensors";

/// Writes manifest.json with the sum of the weights file that lies in `folder` already; a crash
/// leaves a model without a manifest, which is none.
Result<void> write_manifest(const std::filesystem::path& folder, const ModelManifest& manifest,
                            std::string_view weights_sha256, std::uint64_t weights_bytes);

/// A manifest and the weights that it vouches for.
struct CheckedModel {
  ModelManifest manifest = {};
  std::vector<std::uint8_t> weights = {};  ///< of weights.safetensors; their sum is right
};

/// Reads a model's folder and checks the weights' SHA-256.
/// Errors: not_found (no manifest: no finished model), corrupt, newer_version, environment.
Result<CheckedModel> read_model_folder(const std::filesystem::path& folder);

}  // namespace hpo
