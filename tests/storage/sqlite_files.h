#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "storage/study_store.h"
#include "tests/storage/sample_study.h"

namespace hpo::test {

/// What went wrong, or empty.
inline std::string fault_of(const Result<void>& result) {
  return result ? std::string() : result.error().message;
}

/// A store with an open study, or what kept it from that.
struct OpenStore {
  std::unique_ptr<StudyStore> store = {};
  OpenedStudy opened = {};
  std::string fault = {};
  ErrorCode code = {};
};

inline OpenStore open_store(const std::filesystem::path& file, const std::string& name = "birds",
                            const OpenOptions& options = {}) {
  auto made = make_sqlite_store(file);
  if (!made) return {.fault = made.error().message, .code = made.error().code};
  auto opened = (*made)->open(sample_spec(name), options);
  if (!opened) return {.fault = opened.error().message, .code = opened.error().code};
  return {.store = std::move(*made), .opened = std::move(*opened)};
}

/// Saves trials from `first` on, each complete with one report; stops at the first fault.
inline std::string save_trials(StudyStore& store, std::int64_t first, std::int64_t end) {
  for (auto number = first; number < end; ++number) {
    for (const auto state : {TrialState::running, TrialState::complete}) {
      auto fault = fault_of(store.save(small_trial(number, state)));
      if (!fault.empty()) return fault;
      const auto measured = report(1, 0, "value", static_cast<double>(number), 2 * number + 1);
      fault = fault_of(store.add_measurements(number, {&measured, 1}));
      if (!fault.empty()) return fault;
    }
  }
  return {};
}

/// A file with `trials` trials of the study "birds", closed.
inline std::string make_file(const std::filesystem::path& file, std::int64_t trials) {
  auto made = open_store(file);
  return made.store ? save_trials(*made.store, 0, trials) : made.fault;
}

}  // namespace hpo::test
