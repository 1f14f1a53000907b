#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/scheduling/ledger.h"
#include "engine/tuning_config.h"

namespace hpo {

/// The trials whose model is to be removed: ended ones with an artifact that are not among the
/// `models` best complete ones (the earlier of equals is better). In order of their numbers.
std::vector<std::int64_t> surplus_models(const Study& study, std::int64_t models);

/// Removes what `keep:` does not keep: models beyond the best, and checkpoints of ended trials
/// (`unfinished`) or also of waiting ones (`none`: a stopped trial then starts from its beginning).
/// Removes a folder first and records it then: after a crash in
/// between the next sweep does it again. Never touches what is not inside a trial's own folder.
class Keeper {
 public:
  /// `folder`: of the study.
  Keeper(const KeepSpec& spec, std::filesystem::path folder);

  /// At the start of a run: what an earlier one left undone.
  Result<void> sweep(Ledger& ledger);
  /// After an attempt of that trial ended. Errors: the store's.
  Result<void> after(Ledger& ledger, std::int64_t number);

  /// What could not be removed, for people; the next sweep tries again. Empties the list.
  std::vector<std::string> take_problems();

 private:
  Result<void> remove_models(Ledger& ledger);
  void remove_checkpoints(const Trial& trial);
  bool remove(const std::filesystem::path& path);

  KeepSpec spec_;
  std::filesystem::path folder_;
  std::vector<std::string> problems_ = {};
};

}  // namespace hpo
