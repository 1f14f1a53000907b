#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/model_manifest.h"
#include "trainers/network.h"

namespace hpo {

/// The pretrained features of a channel.
struct WeightsFile {
  std::string name = {};
  std::string sha256 = {};
  Safetensors tensors = {};
};

/// Reads the one .safetensors or .pth file of the folder, checked against `<file>.sha256` where
/// that lies beside it. Errors: usage (none, or several), corrupt, environment.
Result<WeightsFile> read_weights(const std::filesystem::path& folder);

/// The network that training begins with: its features those of the file, or random ones where
/// there is none. The head is random. Error: corrupt (not the tensors of this network, by name and
/// shape).
Result<BirdNetwork> start_network(const BirdArchitecture& architecture, std::size_t classes,
                                  const WeightsFile* weights, std::uint64_t seed);

/// Writes weights.safetensors and manifest.json. Error: environment.
Result<void> write_bird_model(const std::filesystem::path& folder, const BirdNetwork& network,
                              const ModelManifest& manifest);

/// A model's folder, read: weights checked against the manifest.
struct LoadedModel {
  ModelManifest manifest = {};
  BirdNetwork network = {};  ///< on the CPU
};

/// Errors: not_found (no model), corrupt, newer_version, environment.
Result<LoadedModel> load_bird_model(const std::filesystem::path& folder);

}  // namespace hpo
