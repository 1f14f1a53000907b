#include "engine/resources/slot_bank.h"

#include <fmt/format.h>

#include <algorithm>

namespace hpo::resources {
namespace {

/// Rows of idle slots are for people: no more than this where thousands are allowed.
constexpr int kMostIdleRows = 16;

}  // namespace

bool SlotBank::is_taken(int slot) const {
  return trials_.contains(slot) || set_aside_.contains(slot);
}

std::optional<int> SlotBank::take(std::int64_t trial) {
  // At most all taken ones and one more are asked.
  for (int slot = 0; slot < slots_; ++slot) {
    if (is_taken(slot)) continue;
    trials_[slot].push_back(trial);
    return slot;
  }
  return std::nullopt;
}

void SlotBank::adopt(std::int64_t trial, int slot) {
  if (slot < slots_) trials_[slot].push_back(trial);
}

void SlotBank::give_back(std::int64_t trial, int slot) {
  const auto entry = trials_.find(slot);
  if (entry == trials_.end()) return;
  std::erase(entry->second, trial);
  if (entry->second.empty()) trials_.erase(entry);
}

void SlotBank::set_aside(int slot, const std::string& reason) {
  if (slot < slots_) set_aside_.emplace(slot, reason);
}

int SlotBank::capacity() const {
  return slots_ == kUnbounded ? slots_ : slots_ - static_cast<int>(set_aside_.size());
}

std::vector<SlotStatus> SlotBank::rows(bool is_wanted) const {
  int count = slots_ == kUnbounded ? 1 : std::min(slots_, kMostIdleRows);
  if (!trials_.empty()) count = std::max(count, trials_.rbegin()->first + 1);
  std::vector<SlotStatus> rows;
  for (int slot = 0; slot < count; ++slot) {
    SlotStatus row{.device = fmt::format("slot {}", slot)};
    const auto trials = trials_.find(slot);
    const auto reason = set_aside_.find(slot);
    if (trials != trials_.end()) {
      row.trials = trials->second;
    } else if (reason != set_aside_.end()) {
      row.idle_reason = "set aside: " + reason->second;
    } else {
      row.idle_reason = is_wanted ? "a trial is about to start" : "no trial wants it";
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string SlotBank::reasons() const {
  std::string text;
  for (const auto& [slot, reason] : set_aside_) {
    text += fmt::format("{}slot {}: {}", text.empty() ? "" : "; ", slot, reason);
  }
  return text;
}

}  // namespace hpo::resources
