#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objectives/error.h"
#include "storage/study_store.h"

namespace hpo::cli {

/// A storage opened for reading, with its file.
struct OpenStorage {
  std::filesystem::path file = {};
  std::unique_ptr<StudyReader> reader = {};
};

/// A study with the storage it lies in.
struct LoadedStudy {
  std::filesystem::path file = {};
  std::shared_ptr<StudyReader> reader = {};
  StoredStudy stored = {};

  [[nodiscard]] const Study& study() const { return stored.study; }
  [[nodiscard]] const std::string& name() const { return stored.study.spec.name; }
  [[nodiscard]] std::filesystem::path folder() const { return study_folder(file, name()); }
};

/// Where a verb looks without --storage: HPO_STORAGE, else hpo.db in the current folder.
std::filesystem::path default_storage();

/// `flag` as --storage gave it; empty: the default. Error: not_found with how to point to one;
/// corrupt, newer_version, environment.
Result<OpenStorage> open_storage(const std::string& flag);

/// The study of that name, or the only one of the storage where `name` is empty. Errors: not_found
/// with the nearest name; usage, if there are several to choose from.
Result<LoadedStudy> load_study(OpenStorage storage, const std::string& name);
Result<LoadedStudy> load_study(const std::string& storage_flag, const std::string& name);

/// What `[STUDY] [TRIAL...]` names.
struct NamedTrials {
  LoadedStudy loaded = {};
  std::vector<std::string> trials = {};  ///< `3`, `3-7`, `last`, `best`
};

/// The first word is the study, unless it can only be a trial: no study has that name.
Result<NamedTrials> load_words(const std::string& storage_flag,
                               const std::vector<std::string>& words);

/// ` --storage FILE` where a command needs it to find the file again; else empty.
std::string storage_flag(const std::filesystem::path& file);
/// ` NAME` and the storage's flag.
std::string study_flags(const std::filesystem::path& file, std::string_view study);

}  // namespace hpo::cli
