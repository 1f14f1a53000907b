#include "engine/cli/file_args.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/trial_arguments.h"

namespace hpo::cli {
namespace {

/// A path as a YAML scalar, made absolute: the file takes relative ones from its own folder.
std::string yaml_path(const std::string& path) {
  const auto whole = std::filesystem::absolute(path).lexically_normal().string();
  return nlohmann::json(whole).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

LoadedConfig load_file(const FileArgs& args, ConfigUse use) {
  std::vector<Override> overrides;
  std::vector<Diagnostic> malformed;
  for (const auto& text : args.set) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      malformed.push_back({.message = fmt::format("--set {}: expected KEY=VALUE", text),
                           .hint = "for example --set limits.trials=12"});
      continue;
    }
    overrides.push_back({.key = text.substr(0, equals), .value = text.substr(equals + 1)});
  }
  if (!args.storage.empty()) {
    overrides.push_back({.key = "storage", .value = yaml_path(args.storage)});
  }
  LoadedConfig loaded = load_tuning_config(args.file, overrides, use);
  if (malformed.empty()) return loaded;
  loaded.config.reset();
  loaded.errors.insert(loaded.errors.begin(), malformed.begin(), malformed.end());
  return loaded;
}

std::string file_flags(const FileArgs& args) {
  std::string text = " " + shell_line({args.file});
  for (const auto& set : args.set) text += " --set " + shell_line({set});
  if (!args.storage.empty()) text += " --storage " + shell_line({args.storage});
  return text;
}

}  // namespace hpo::cli
