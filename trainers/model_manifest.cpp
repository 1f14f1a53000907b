#include "trainers/model_manifest.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "objectives/json.h"
#include "trainers/files.h"
#include "trainers/images/file_bytes.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kFormatVersion = 1;
constexpr const char* kFormat = "hpo-model";

json metrics_json(const std::map<std::string, double>& metrics) {
  json out = json::object();
  for (const auto& [name, value] : metrics) {
    out[name] = std::isfinite(value) ? json(value) : json(nullptr);
  }
  return out;
}

json to_json(const ModelManifest& m) {
  return {{"format", kFormat},
          {"format_version", kFormatVersion},
          {"architecture",
           {{"name", to_string(m.architecture.backbone)},
            {"alpha", m.architecture.alpha},
            {"hidden", m.architecture.hidden}}},
          {"classes", m.classes},
          {"preprocessing",
           {{"image_size", m.image_size},
            {"resize", "stretch, antialiased triangle filter"},
            {"color", "RGB"},
            {"scale", "1/255"},
            {"mean", m.mean},
            {"std", m.deviation}}},
          {"hyperparameters", hpo::to_json(m.hyperparameters)},
          {"metrics", metrics_json(m.metrics)}};
}

Error damaged(const fs::path& file, const std::string& what) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{}: {}", file.string(), what),
          .hint = "copy or export the model again"};
}

/// The fields, as the format promises them. Throws json::exception where one is missing.
ModelManifest manifest_from(const json& in) {
  ModelManifest m;
  m.architecture.backbone =
      backbone_from(in.at("architecture").at("name").get<std::string>()).value_or(Backbone{});
  m.architecture.alpha = in.at("architecture").at("alpha").get<double>();
  m.architecture.hidden = in.at("architecture").at("hidden").get<std::vector<std::int64_t>>();
  m.classes = in.at("classes").get<std::vector<std::string>>();
  const json& preprocessing = in.at("preprocessing");
  m.image_size = preprocessing.at("image_size").get<std::int64_t>();
  m.mean = preprocessing.at("mean").get<std::array<double, 3>>();
  m.deviation = preprocessing.at("std").get<std::array<double, 3>>();
  m.hyperparameters = configuration_from(in.at("hyperparameters")).value_or(Configuration{});
  for (const auto& [name, value] : in.at("metrics").items()) {
    m.metrics[name] = value.is_number() ? value.get<double>() : std::nan("");
  }
  return m;
}

/// What no sane model has, and what would make the network allocate without bound.
bool is_sane(const ModelManifest& m) {
  constexpr std::int64_t kMostUnits = 1 << 16;
  constexpr std::size_t kMostLayers = 64;
  bool sane = m.architecture.alpha > 0 && m.architecture.alpha <= 10 && m.image_size >= 32 &&
              m.image_size <= 4096 && !m.classes.empty() &&
              m.architecture.hidden.size() <= kMostLayers;
  for (const std::int64_t units : m.architecture.hidden) sane &= units > 0 && units <= kMostUnits;
  for (const double deviation : m.deviation) sane &= deviation > 0;
  return sane;
}

Result<json> read_json(const fs::path& file) {
  auto text = read_text(file);
  if (!text && text.error().code == ErrorCode::not_found) {
    return Error{.code = ErrorCode::not_found,
                 .message = file.parent_path().string() + ": no trained model (no manifest.json)",
                 .hint =
                     "a model is the folder that a training wrote, or the model.tar.gz of "
                     "`hpo export`"};
  }
  if (!text) return text.error();
  json parsed = json::parse(*text, nullptr, false);
  if (!parsed.is_object()) return damaged(file, "not a JSON object");
  return parsed;
}

Result<void> check_format(const json& manifest, const fs::path& file) {
  if (manifest.value("format", "") != kFormat) return damaged(file, "not the manifest of a model");
  const int version = manifest.value("format_version", 0);
  if (version <= kFormatVersion) {
    const auto name = manifest.at("architecture").at("name").get<std::string>();
    if (backbone_from(name)) return {};
    return Error{.code = ErrorCode::newer_version,
                 .message = fmt::format("{}: a network \"{}\" is not known to this program",
                                        file.string(), name),
                 .hint = "use the version of hpo that wrote it, or a newer one"};
  }
  return Error{.code = ErrorCode::newer_version,
               .message = fmt::format("{}: format version {}, this program reads up to {}",
                                      file.string(), version, kFormatVersion),
               .hint = "use the version of hpo that wrote it, or a newer one"};
}

}  // namespace

const char* to_string(Backbone backbone) {
  switch (backbone) {
    case Backbone::mobilenet_v2:
      return "mobilenet_v2";
    case Backbone::resnet50:
      return "resnet50";
  }
  return "";
}

std::optional<Backbone> backbone_from(std::string_view name) {
  for (const Backbone backbone : {Backbone::mobilenet_v2, Backbone::resnet50}) {
    if (name == to_string(backbone)) return backbone;
  }
  return std::nullopt;
}

Result<void> write_manifest(const fs::path& folder, const ModelManifest& manifest,
                            std::string_view weights_sha256, std::uint64_t weights_bytes) {
  json out = to_json(manifest);
  out["files"] = {{kWeightsFile, {{"sha256", weights_sha256}, {"bytes", weights_bytes}}}};
  // Folder names need not be UTF-8.
  const std::string text = out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  return write_atomically(folder / kManifestFile, text);
}

Result<CheckedModel> read_model_folder(const fs::path& folder) {
  const fs::path file = folder / kManifestFile;
  auto manifest = read_json(file);
  if (!manifest) return manifest.error();
  CheckedModel model;
  std::string expected;
  try {
    if (auto known = check_format(*manifest, file); !known) return known.error();
    model.manifest = manifest_from(*manifest);
    expected = manifest->at("files").at(kWeightsFile).at("sha256").get<std::string>();
  } catch (const json::exception& e) {
    return damaged(file, e.what());
  }
  if (!is_sane(model.manifest)) return damaged(file, "describes a network that cannot be");
  auto weights = read_file_bytes(folder / kWeightsFile);
  if (!weights) return weights.error();
  if (sha256_hex(*weights) != expected) {
    return damaged(folder / kWeightsFile, "its SHA-256 is not the manifest's: the file changed");
  }
  model.weights = std::move(*weights);
  return model;
}

}  // namespace hpo
