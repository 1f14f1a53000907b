#include "engine/tuning_config.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "engine/config/overrides.h"
#include "engine/config/sections.h"

namespace hpo {
namespace fs = std::filesystem;
namespace {

using namespace config;

constexpr std::uintmax_t kLargestFile = 4U << 20U;  // bytes; a tuning file has a few hundred
constexpr const char* kTopKeys = "study, objective, parameters, trial";

/// The file's text, or why it cannot be read.
struct ReadFile {
  std::string text = {};
  std::optional<Diagnostic> problem = {};
};

ReadFile read_file(const fs::path& file) {
  Diagnostic problem{.file = file.string()};
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status)) {
    problem.message = "there is no such file";
    problem.expected = "a tuning file";
  } else if (fs::is_directory(status)) {
    problem.message = "is a folder";
    problem.hint = fmt::format("did you mean \"{}\"?", (file / "tuning.yaml").string());
  } else if (fs::is_regular_file(status) && fs::file_size(file, error) > kLargestFile) {
    problem.message = "is too large for a tuning file";
  } else {
    std::ifstream in(file, std::ios::binary);
    std::string text(kLargestFile + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in.is_open() || in.bad()) {
      problem.message = fmt::format("cannot be read: {}", std::strerror(errno));  // NOLINT
    } else {
      text.resize(static_cast<std::size_t>(in.gcount()));
      return {.text = std::move(text)};
    }
  }
  return {.problem = std::move(problem)};
}

std::string read_study_name(Section& root) {
  const std::string form =
      "letters, digits, \".\", \"_\" and \"-\", at most 63, not starting with a sign";
  root.require("study", "the study's name: " + form);
  const auto name = root.text("study");
  if (!name) return {};
  static const RE2 kPattern("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  if (!RE2::FullMatch(*name, kPattern)) {
    root.error("study",
               {.message = fmt::format("\"{}\" is no name for a study", *name), .expected = form});
  }
  return *name;
}

/// `ask-tell` runs no trials: what only says how they run is nothing to it, right or wrong.
void ignore_sections_about_trials(YamlNode& tree) {
  for (const auto* key : {"limits", "trial", "resources", "keep", "cache", "export", "sagemaker"}) {
    if (const auto at = tree.index_of(key)) remove_entry(tree, *at);
  }
}

/// Fills `config` with what the tree says, collecting everything that is wrong with it.
void read_tree(const YamlNode& tree, ConfigUse use, Findings& findings, TuningConfig& config) {
  const bool is_study = use != ConfigUse::training;
  Section root(&tree, "", "keys such as study, objective, parameters, trial", findings);
  if (!root.is_valid()) return;
  config.study.name = read_study_name(root);
  config.study.objectives = read_objectives(root, is_study);
  config.study.constraints = read_constraints(root);
  const auto space = read_space(root, is_study);
  if (space) config.study.space = *space;
  config.strategy =
      read_strategy(root, space ? &*space : nullptr, config.folder, config.study.seed);
  config.storage = read_storage(root, config.folder);
  for (auto& source : config.strategy.warm_start) {
    if (source.storage.empty()) source.file = config.storage;
  }
  if (use == ConfigUse::ask_tell) {
    check_demands(config, root);
    return root.finish();
  }
  config.limits = read_limits(root);
  config.trial = read_trial(root, config.folder);
  config.resources = read_resources(root);
  config.sagemaker = read_sagemaker(root);
  config.keep = read_keep(root);
  config.cache = read_cache(root);
  config.export_to = read_export(root, config.folder);
  check_demands(config, root);
  check_together(config, use, space.has_value(), root);
  if (config.sagemaker) check_sagemaker_limits(config, root);
  root.finish();
  if (findings.has_errors()) return;
  if (is_study) complete_limits(config, root);
  advise(config, root);
}

}  // namespace

LoadedConfig load_tuning_config(const fs::path& file, const std::vector<Override>& overrides,
                                ConfigUse use) {
  LoadedConfig loaded;
  const ReadFile content = read_file(file);
  if (content.problem) {
    loaded.errors = {*content.problem};
    return loaded;
  }
  Findings findings(file.string(), content.text, overrides);
  auto parsed = parse_yaml(content.text);
  TuningConfig config;
  config.folder = fs::absolute(file).lexically_normal().parent_path();
  if (parsed.problem) {
    findings.error(parsed.problem->place,
                   {.message = parsed.problem->message, .hint = parsed.problem->hint});
  } else if (parsed.root.is_null() && overrides.empty()) {
    findings.error({}, {.message = "is empty", .expected = std::string("at least ") + kTopKeys});
  } else {
    check_keys(parsed.root, "", findings);
    apply_overrides(parsed.root, overrides, findings);
    if (use == ConfigUse::ask_tell) ignore_sections_about_trials(parsed.root);
    read_tree(parsed.root, use, findings, config);
  }
  loaded.errors = findings.errors();
  loaded.advice = findings.advice();
  if (loaded.errors.empty()) loaded.config = std::move(config);
  return loaded;
}

}  // namespace hpo
