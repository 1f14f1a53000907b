#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/model_manifest.h"
#include "trainers/network.h"

namespace hpo {

/// The network that training begins with, and where its features come from.
struct StartNetwork {
  BirdNetwork network;
  /// SHA-256 of the weights file; empty where the network is trained from scratch.
  std::string weights_sha256 = {};
};

/// The network for these classes: the features of the one .safetensors file in `weights`, or
/// random ones where that path is empty. The head is random.
///
/// Errors: usage (no weights file, or several), corrupt (not the tensors of this network).
Result<StartNetwork> start_network(const BirdArchitecture& architecture, std::size_t classes,
                                   const std::filesystem::path& weights, std::uint64_t seed);

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
