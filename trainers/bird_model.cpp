#include "trainers/bird_model.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "trainers/files.h"
#include "trainers/images/file_bytes.h"
#include "trainers/torch_checkpoint.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

bool is_weights(const fs::path& file) {
  const fs::path extension = file.extension();
  return extension == ".safetensors" || extension == ".pth" || extension == ".pt";
}

Result<fs::path> only_weights(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder, none)) {
    if (is_weights(entry.path())) found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  return Error{
      .code = ErrorCode::usage,
      .message = fmt::format("{}: the channel weights must hold exactly one .safetensors or .pth "
                             "file, found {}",
                             folder.string(), found.size()),
      .hint = "without that channel the network is trained from scratch"};
}

/// Success unless `<file>.sha256`, as sha256sum writes it, lies beside the file and differs.
Result<void> check_sum(const fs::path& file, const std::string& sha256) {
  std::ifstream in(file.string() + ".sha256");
  std::string expected;
  if (!(in >> expected) || expected == sha256) return {};
  return Error{.code = ErrorCode::corrupt,
               .message = fmt::format("{}: its SHA-256 is {}, but {}.sha256 says {}", file.string(),
                                      sha256, file.filename().string(), expected),
               .hint = "copy or download the file again"};
}

}  // namespace

Result<WeightsFile> read_weights(const fs::path& folder) {
  auto file = only_weights(folder);
  if (!file) return file.error();
  auto bytes = read_file_bytes(*file);
  if (!bytes) return bytes.error();
  const std::string sum = sha256_hex(*bytes);
  if (auto right = check_sum(*file, sum); !right) return right.error();
  auto tensors = file->extension() == ".safetensors"
                     ? parse_safetensors(std::move(*bytes), file->string())
                     : read_torch_checkpoint(*file);
  if (!tensors) return tensors.error();
  return WeightsFile{.name = file->string(), .sha256 = sum, .tensors = std::move(*tensors)};
}

Result<BirdNetwork> start_network(const BirdArchitecture& architecture, std::size_t classes,
                                  const WeightsFile* weights, std::uint64_t seed) {
  BirdNetwork network = make_network(architecture, static_cast<std::int64_t>(classes), seed);
  if (weights == nullptr) return network;
  const Shapes shapes = block_shapes(network.blocks);
  auto fits = check_tensors(weights->tensors, shapes, weights->name, is_spare_tensor);
  if (!fits) return fits.error();
  for (auto& [name, tensor] : to_tensors(weights->tensors, shapes)) network.tensors[name] = tensor;
  return network;
}

Result<void> write_bird_model(const fs::path& folder, const BirdNetwork& network,
                              const ModelManifest& manifest) {
  const auto bytes = to_safetensors_bytes(network.tensors, {});
  if (auto written = write_atomically(folder / kWeightsFile, bytes); !written) return written;
  return write_manifest(folder, manifest, sha256_hex(bytes), bytes.size());
}

Result<LoadedModel> load_bird_model(const fs::path& folder) {
  auto model = read_model_folder(folder);
  if (!model) return model.error();
  const std::string name = (folder / kWeightsFile).string();
  const auto& architecture = model->manifest.architecture;
  const auto classes = static_cast<std::int64_t>(model->manifest.classes.size());
  BirdNetwork network{.architecture = architecture,
                      .blocks = blocks_of(architecture),
                      .head = head_layers(architecture, classes)};
  auto parsed = parse_safetensors(std::move(model->weights), name);
  if (!parsed) return parsed.error();
  const Shapes shapes = network_shapes(network);
  if (auto fits = check_tensors(*parsed, shapes, name); !fits) return fits.error();
  network.tensors = to_tensors(*parsed, shapes);
  return LoadedModel{.manifest = std::move(model->manifest), .network = std::move(network)};
}

}  // namespace hpo
