// The small sections: limits, resources, keep, cache, storage, export.

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "engine/config/files.h"
#include "engine/config/sections.h"

namespace hpo::config {
namespace {

/// Bounds that no machine reaches, so that counts fit an int.
constexpr std::int64_t kMostParallel = 100'000;
constexpr std::int64_t kMostGpus = 4096;
constexpr double kMostCpus = 1e6;

void check_gpus(Section& section, const ResourceSpec& resources) {
  const double share = resources.gpus_per_trial;
  if (share < 0 || share > static_cast<double>(kMostGpus)) {
    section.error("gpus_per_trial",
                  {.message = fmt::format("must be from 0 to {}, got {}", kMostGpus, share)});
  } else if (share > 1 && share != std::floor(share)) {
    section.error("gpus_per_trial",
                  {.message = fmt::format("must be a fraction of one GPU or a whole "
                                          "number of them, got {}",
                                          share)});
  } else if (resources.gpus && *resources.gpus > 0 && share > *resources.gpus) {
    section.error("gpus_per_trial",
                  {.message = fmt::format("a trial takes {} GPUs, but resources.gpus is {}", share,
                                          *resources.gpus)});
  }
}

/// Bytes of a size such as `20GiB`; nothing for another text, or 0.
std::optional<std::uint64_t> bytes_in(const std::string& text) {
  constexpr double kMost = 9e18;  // fits 64 bits
  double number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (code != std::errc() || !(number > 0)) return std::nullopt;
  double scale = 0;
  if (unit == "MiB") scale = 0x1p20;
  if (unit == "GiB") scale = 0x1p30;
  if (unit == "TiB") scale = 0x1p40;
  if (scale == 0 || number * scale > kMost) return std::nullopt;
  return static_cast<std::uint64_t>(number * scale);
}

/// What is wrong with an output file, under the key that names it.
void check_output(Section& section, const char* key, const std::filesystem::path& path) {
  if (auto finding = check_output_file(path); !finding.message.empty()) {
    section.error(key, std::move(finding));
  }
}

}  // namespace

Limits read_limits(Section& root) {
  Section section(root.find("limits"), "limits", "such as {trials: 30, parallel: 4}",
                  root.findings());
  Limits limits;
  limits.trials = section.integer("trials", {.min = 1});
  limits.parallel =
      static_cast<int>(section.integer("parallel", {.min = 1, .max = kMostParallel}).value_or(1));
  limits.runtime_s = section.duration_s("runtime");
  limits.target = section.number("target");
  limits.no_improvement = section.integer("no_improvement", {.min = 1});
  limits.regret = section.number("regret");
  if (limits.regret && !(*limits.regret > 0)) {
    section.error("regret", {.message = fmt::format("must be > 0, got {}", *limits.regret),
                             .expected = "a distance to the optimum in the objective's unit"});
  }
  limits.convergence = section.boolean("convergence").value_or(false);
  section.finish();
  return limits;
}

ResourceSpec read_resources(Section& root) {
  Section section(root.find("resources"), "resources", "such as {gpus: auto, cpus_per_trial: 1}",
                  root.findings());
  ResourceSpec resources;
  const YamlNode* gpus = section.find("gpus");
  if (gpus != nullptr && !(gpus->is_scalar() && gpus->text == "auto")) {
    const auto count = section.integer("gpus", {.min = 0, .max = kMostGpus});
    if (count) resources.gpus = static_cast<int>(*count);
  }
  if (const auto share = section.number("gpus_per_trial")) {
    resources.gpus_per_trial = *share;
    check_gpus(section, resources);
  }
  if (const auto cpus = section.number("cpus_per_trial")) {
    resources.cpus_per_trial = *cpus;
    if (*cpus < 0 || *cpus > kMostCpus) {
      section.error("cpus_per_trial",
                    {.message = fmt::format("must be from 0 to {}, got {}", kMostCpus, *cpus)});
    }
  }
  section.finish();
  return resources;
}

KeepSpec read_keep(Section& root) {
  Section section(root.find("keep"), "keep", "such as {models: 5, checkpoints: unfinished}",
                  root.findings());
  KeepSpec keep;
  keep.models = section.integer("models", {.min = 0}).value_or(keep.models);
  const auto checkpoints = section.choice("checkpoints", {"none", "unfinished", "all"});
  if (checkpoints == "none") keep.checkpoints = KeepCheckpoints::none;
  if (checkpoints == "all") keep.checkpoints = KeepCheckpoints::all;
  section.finish();
  return keep;
}

CacheSpec read_cache(Section& root) {
  Section section(root.find("cache"), "cache", "such as {max: 20GiB}", root.findings());
  CacheSpec cache;
  if (const auto text = section.text("max")) {
    const auto bytes = bytes_in(*text);
    if (bytes) {
      cache.max_bytes = *bytes;
    } else {
      section.error("max", {.message = fmt::format("\"{}\" is no size", *text),
                            .expected = "a number with MiB, GiB or TiB, such as 20GiB"});
    }
  }
  section.finish();
  return cache;
}

std::filesystem::path read_storage(Section& root, const std::filesystem::path& folder) {
  const auto name = root.text("storage");
  const auto path = resolve(folder, name.value_or("hpo.db"));
  if (name) check_output(root, "storage", path);
  return path;
}

std::optional<std::filesystem::path> read_export(Section& root,
                                                 const std::filesystem::path& folder) {
  const YamlNode* node = root.find("export");
  Section section(node, "export", "such as {to: model.tar.gz}", root.findings());
  if (!section.is_valid()) return std::nullopt;
  section.require("to", "the file to write, such as model.tar.gz");
  const auto name = section.text("to");
  section.finish();
  if (!name) return std::nullopt;
  auto path = resolve(folder, *name);
  check_output(section, "to", path);
  return path;
}

}  // namespace hpo::config
