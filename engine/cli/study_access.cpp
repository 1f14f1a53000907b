#include "engine/cli/study_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "engine/cli/text.h"
#include "engine/cli/trial_selection.h"
#include "engine/config/suggestions.h"
#include "engine/trial_arguments.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultStorage = "hpo.db";

/// The databases of the current folder, for a hint.
std::vector<std::string> databases_here() {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(".", error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".db") names.push_back(entry->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Error no_storage(const fs::path& file) {
  const auto others = databases_here();
  const std::string remedy =
      others.empty()
          ? "`hpo run tuning.yaml` makes one; --storage FILE or HPO_STORAGE names another"
          : fmt::format("there is {} in this folder: --storage {}",
                        printable(fmt::format("{}", fmt::join(others, ", "))),
                        printable(shell_line({others.front()})));
  return {.code = ErrorCode::not_found,
          .message = fmt::format("there is no storage {}", printable(file.string())),
          .hint = remedy};
}

std::vector<std::string> names_of(const std::vector<StudySummary>& studies) {
  std::vector<std::string> names;
  names.reserve(studies.size());
  for (const auto& study : studies) names.push_back(study.name);
  return names;
}

Result<std::string> only_study(const OpenStorage& storage) {
  const auto studies = storage.reader->list();
  if (!studies) return studies.error();
  if (studies->size() == 1) return studies->front().name;
  if (studies->empty()) {
    return Error{.code = ErrorCode::not_found,
                 .message = fmt::format("there is no study in {}", storage.file.string()),
                 .hint = "`hpo run tuning.yaml` makes one"};
  }
  return Error{.message = fmt::format("there are {} studies in {}", studies->size(),
                                      printable(storage.file.string())),
               .hint = fmt::format("name one of {}", fmt::join(names_of(*studies), ", "))};
}

}  // namespace

fs::path default_storage() {
  const char* named = std::getenv("HPO_STORAGE");  // NOLINT(concurrency-mt-unsafe): nobody sets it
  return named == nullptr || *named == '\0' ? kDefaultStorage : named;
}

Result<OpenStorage> open_storage(const std::string& flag) {
  OpenStorage storage{.file = flag.empty() ? default_storage() : fs::path(flag)};
  std::error_code ignored;
  if (!fs::exists(storage.file, ignored)) return no_storage(storage.file);
  auto reader = make_sqlite_reader(storage.file);
  if (!reader) return reader.error();
  storage.reader = std::move(*reader);
  return storage;
}

Result<LoadedStudy> load_study(OpenStorage storage, const std::string& name) {
  std::string wanted = name;
  if (wanted.empty()) {
    auto only = only_study(storage);
    if (!only) return only.error();
    wanted = std::move(*only);
  }
  auto stored = storage.reader->load(wanted);
  if (stored) {
    return LoadedStudy{.file = std::move(storage.file),
                       .reader = std::move(storage.reader),
                       .stored = std::move(*stored)};
  }
  Error error = stored.error();
  const auto studies = storage.reader->list();
  if (error.code == ErrorCode::not_found && studies) {
    const auto near = config::did_you_mean(wanted, names_of(*studies));
    if (!near.empty()) error.hint = near;
  }
  return error;
}

Result<LoadedStudy> load_study(const std::string& storage_flag, const std::string& name) {
  auto storage = open_storage(storage_flag);
  if (!storage) return storage.error();
  return load_study(std::move(*storage), name);
}

Result<NamedTrials> load_words(const std::string& flag, const std::vector<std::string>& words) {
  auto storage = open_storage(flag);
  if (!storage) return storage.error();
  const auto studies = storage->reader->list();
  if (!studies) return studies.error();
  const auto names = names_of(*studies);
  const bool is_study =
      !words.empty() && std::find(names.begin(), names.end(), words[0]) != names.end();
  const bool is_trial = !words.empty() && !is_study && is_trial_word(words[0]);
  const bool has_study = !words.empty() && !is_trial;
  auto loaded = load_study(std::move(*storage), has_study ? words[0] : "");
  if (!loaded) return loaded.error();
  NamedTrials named{.loaded = std::move(*loaded)};
  named.trials.assign(words.begin() + (has_study ? 1 : 0), words.end());
  return named;
}

std::string storage_flag(const fs::path& file) {
  std::error_code error;
  if (fs::equivalent(default_storage(), file, error)) return {};
  return " --storage " + shell_line({file.string()});
}

std::string study_flags(const fs::path& file, std::string_view study) {
  return fmt::format(" {}{}", study, storage_flag(file));
}

}  // namespace hpo::cli
