#include "engine/cli/model_export.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/cli/model_program.h"
#include "engine/cli/remote_model.h"
#include "engine/cli/text.h"
#include "engine/cli/trial_json.h"
#include "engine/cli/trial_selection.h"
#include "objectives/json.h"
#include "storage/model_package.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Trials named in the error that says that a model was not kept.
constexpr std::size_t kNamed = 8;

/// A folder beside the package that goes away: on its file system there must be room anyway.
class StagingFolder {
 public:
  static Result<StagingFolder> beside(const fs::path& out) {
    const fs::path folder = out.has_parent_path() ? out.parent_path() : fs::path(".");
    std::string pattern = (folder / ".hpo-export-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) return StagingFolder(pattern);
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot write in {}: {}", printable(folder.string()),
                                        std::error_code(errno, std::generic_category()).message())};
  }
  StagingFolder() = default;
  StagingFolder(StagingFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  StagingFolder& operator=(StagingFolder&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~StagingFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit StagingFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_ = {};
};

/// Whether the folder is a model of the built-in trainer.
bool is_own_model(const fs::path& folder) {
  std::ifstream in(folder / "manifest.json");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto manifest = parse_json(text);
  return manifest && manifest->is_object() && manifest->value("format", json()) == "hpo-model";
}

Error not_kept(const LoadedStudy& loaded, const Trial& trial) {
  std::vector<std::int64_t> others;
  for (const auto& other : loaded.study().trials) {
    if (kept_model(*other)) others.push_back(other->number);
  }
  std::string hint = "keep.models in the tuning file says how many stay";
  if (!loaded.stored.config.empty() && others.empty()) {
    hint = "a trial's program writes its model to SM_MODEL_DIR; an in-process objective has none";
  }
  if (!others.empty()) {
    const bool is_cut = others.size() > kNamed;
    others.resize(std::min(others.size(), kNamed));
    hint =
        fmt::format("these trials have one: {}{}", fmt::join(others, ", "), is_cut ? ", ..." : "");
  }
  return {.code = ErrorCode::not_found,
          .message = fmt::format("the model of trial {} was not kept", trial.number),
          .hint = hint};
}

json provenance(const LoadedStudy& loaded, const Trial& trial) {
  const StudySpec& spec = loaded.study().spec;
  return {{"study", spec.name},
          {"study_id", spec.id},
          {"trial", trial.number},
          {"attempt", trial.attempt},
          {"configuration", to_json(trial.configuration)},
          {"value", trial.value ? json(*trial.value) : json()},
          {"metric", spec.objectives.empty() ? "" : spec.objectives.front().metric},
          {"hpo_version", HPO_VERSION},
          {"created_at", to_iso8601(current_time())}};
}

/// A copy of the model with its TorchScript, which hpo-model derives.
Result<void> stage_own_model(const fs::path& model, const fs::path& staging) {
  std::error_code error;
  fs::copy(model, staging, fs::copy_options::recursive, error);
  if (error) {
    return Error{
        .code = ErrorCode::environment,
        .message = fmt::format("cannot copy {}: {}", printable(model.string()), error.message())};
  }
  return run_model_program({"torchscript", staging.string(), (staging / "model.pt").string()});
}

Result<PackageSummary> pack_own_model(const LoadedStudy& loaded, const Trial& trial,
                                      const fs::path& model, const fs::path& out) {
  const auto staging = StagingFolder::beside(out);
  if (!staging) return staging.error();
  if (auto staged = stage_own_model(model, staging->path()); !staged) return staged.error();
  // Packed beside, checked, and only then put in its place.
  const fs::path packed = staging->path().string() + ".tar.gz";
  auto summary = write_model_package(staging->path(), provenance(loaded, trial), packed);
  if (!summary) return summary.error();
  std::error_code error;
  if (auto loads = run_model_program({"check", packed.string()}); !loads) {
    fs::remove(packed, error);
    return loads.error();
  }
  fs::rename(packed, out, error);
  if (!error) return summary;
  return Error{
      .code = ErrorCode::environment,
      .message = fmt::format("cannot write {}: {}", printable(out.string()), error.message())};
}

}  // namespace

Result<ExportedModel> export_model(const LoadedStudy& loaded, const std::string& word,
                                   const fs::path& out) {
  const auto trial = select_trial(loaded.study(), word);
  if (!trial) return trial.error();
  const auto model = kept_model(**trial);
  if (!model) return not_kept(loaded, **trial);
  // A training job's model lies in S3.
  StagingFolder fetched;
  fs::path folder = *model;
  if (model->starts_with("s3://")) {
    auto staging = StagingFolder::beside(out);
    if (!staging) return staging.error();
    fetched = *std::move(staging);
    folder = fetched.path() / "model";
    if (auto got = fetch_model(*model, folder); !got) return got.error();
  }
  const bool is_own = is_own_model(folder);
  const auto summary = is_own ? pack_own_model(loaded, **trial, folder, out)
                              : write_model_package(folder, provenance(loaded, **trial), out);
  if (!summary) return summary.error();
  return ExportedModel{.file = out,
                       .trial = (*trial)->number,
                       .bytes = summary->bytes,
                       .files = summary->files,
                       .sha256 = summary->sha256,
                       .is_loaded = is_own};
}

}  // namespace hpo::cli
