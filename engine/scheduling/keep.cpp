#include "engine/scheduling/keep.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/trial_directory.h"
#include "objectives/front.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

// Whether `path` lies within `folder` and is not the folder itself; also through links.
bool is_inside(const fs::path& path, const fs::path& folder) {
  std::error_code failure;
  const fs::path real = fs::weakly_canonical(path, failure);
  if (failure) return false;
  const fs::path root = fs::weakly_canonical(folder, failure);
  if (failure) return false;
  const auto [end, at] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
  return end == root.end() && at != real.end();
}

}  // namespace

std::vector<std::int64_t> surplus_models(const Study& study, std::int64_t models) {
  std::vector<std::int64_t> surplus;
  for (const auto& trial : study.trials) {
    if (!has_ended(trial->state) || trial->artifact.empty()) continue;
    if (trial->state != TrialState::complete || !trial->value) surplus.push_back(trial->number);
  }
  // Whoever has two objectives chooses from the whole front.
  const bool has_front = study.spec.objectives.size() > 1 && models > 0;
  const std::size_t least = has_front ? study.front().size() : 0;
  std::size_t kept = 0;
  for (const auto& trial : best_first(study)) {
    if (trial->artifact.empty()) continue;
    if (kept++ >= std::max(static_cast<std::size_t>(models), least)) {
      surplus.push_back(trial->number);
    }
  }
  std::sort(surplus.begin(), surplus.end());
  return surplus;
}

Keeper::Keeper(const KeepSpec& spec, fs::path folder) : spec_(spec), folder_(std::move(folder)) {}

Result<void> Keeper::sweep(Ledger& ledger) {
  std::error_code absent;
  if (!fs::is_directory(folder_, absent)) return {};
  for (const auto& trial : ledger.study().trials) remove_checkpoints(*trial);
  return remove_models(ledger);
}

Result<void> Keeper::after(Ledger& ledger, std::int64_t number) {
  const auto trial = ledger.trial(number);
  remove_checkpoints(*trial);
  if (trial->artifact.empty()) return {};
  return remove_models(ledger);
}

std::vector<std::string> Keeper::take_problems() { return std::exchange(problems_, {}); }

Result<void> Keeper::remove_models(Ledger& ledger) {
  for (const auto number : surplus_models(ledger.study(), spec_.models)) {
    Trial trial = *ledger.trial(number);
    const fs::path own = trial_directory(folder_, number).root;
    if (!is_inside(trial.artifact, own) || !remove(trial.artifact)) continue;
    trial.artifact.clear();
    if (auto saved = ledger.update(std::move(trial)); !saved) return saved;
  }
  return {};
}

void Keeper::remove_checkpoints(const Trial& trial) {
  const bool over = is_finished(trial.state);
  const bool unwanted = spec_.checkpoints == KeepCheckpoints::none ||
                        (spec_.checkpoints == KeepCheckpoints::unfinished && over);
  if (!unwanted || (!over && trial.state != TrialState::waiting)) return;
  remove(trial_directory(folder_, trial.number).checkpoints());
}

bool Keeper::remove(const fs::path& path) {
  std::error_code failure;
  fs::remove_all(path, failure);
  if (!failure) return true;
  problems_.push_back(fmt::format("{} could not be removed: {}", path.string(), failure.message()));
  return false;
}

}  // namespace hpo
