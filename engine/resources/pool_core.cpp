#include "engine/resources/pool_core.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace hpo::resources {
namespace {

std::optional<int> slot_number(const ParsedLabel& label) {
  if (label.kind != "slot" || label.names.size() != 1) return std::nullopt;
  const std::string& text = label.names.front();
  int number = -1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number < 0) return std::nullopt;
  return number;
}

bool is_blocked(const SlotStatus& row) { return row.is_blocked; }

bool is_of(const std::optional<DeviceBank>& bank, const ParsedLabel& label) {
  return bank && bank->options().kind == label.kind;
}

}  // namespace

Result<bool> PoolCore::take_devices(Held& held) {
  if (banks_.cpus) {  // first: it asks no driver
    auto share = banks_.cpus->take(held.trial);
    if (!share) return share.error();
    if (!*share) return false;
    held.cpus = std::move(*share);
  }
  if (banks_.gpus) {
    auto share = banks_.gpus->take(held.trial);
    if (share && *share) {
      held.gpus = std::move(*share);
      return true;
    }
    if (held.cpus) banks_.cpus->give_back(*held.cpus);
    if (!share) return share.error();
    return false;
  }
  return true;
}

Result<std::optional<Lease>> PoolCore::take(std::int64_t trial) {
  Held held{.trial = trial};
  if (takes_devices()) {
    const auto taken = take_devices(held);
    if (!taken) return taken.error();
    if (!*taken) return std::optional<Lease>();
  } else {
    held.slot = banks_.slots.take(trial);
    if (!held.slot) return std::optional<Lease>();
  }
  return std::optional<Lease>(lease(std::move(held)));
}

Resources PoolCore::describe(const Held& held) const {
  Resources resources;
  if (held.slot) resources.label = fmt::format("slot {}", *held.slot);
  if (held.cpus) {
    resources.label = banks_.cpus->label(*held.cpus);
    resources.threads = std::max(1, banks_.cpus->options().amount.whole);
    for (const auto& part : held.cpus->parts) {
      if (!banks_.cpu_ids.empty()) resources.cpus.push_back(banks_.cpu_ids[part.device]);
    }
    std::sort(resources.cpus.begin(), resources.cpus.end());
    for (const auto& lock : held.cpus->locks) resources.locks.push_back(lock.get());
  }
  if (held.gpus) {
    resources.label = banks_.gpus->label(*held.gpus);
    for (const auto& part : held.gpus->parts) {
      resources.gpus.push_back(banks_.gpus->device(part.device).uuid);
    }
    for (const auto& lock : held.gpus->locks) resources.locks.push_back(lock.get());
  }
  if (!held.elsewhere.empty()) resources.label = held.elsewhere;
  return resources;
}

Lease PoolCore::lease(Held held) {
  Resources resources = describe(held);
  // A std::function is copyable, descriptors are not: hence shared.
  auto kept = std::make_shared<Held>(std::move(held));
  auto give_back = [core = shared_from_this(), kept] {
    core->give_back(*kept);
    *kept = Held();  // closes the locks; a supervisor that still lives keeps its own descriptors
    if (core->on_give_back_) core->on_give_back_();
  };
  return {std::move(resources), std::move(give_back)};
}

void PoolCore::give_back(const Held& held) {
  if (held.gpus) banks_.gpus->give_back(*held.gpus);
  if (held.cpus) banks_.cpus->give_back(*held.cpus);
  if (held.slot) banks_.slots.give_back(held.trial, *held.slot);
  if (held.elsewhere.empty()) return;
  const auto ends = [&held](const SlotStatus& row) {
    return row.device == held.elsewhere && row.trials.front() == held.trial;
  };
  const auto row = std::find_if(elsewhere_.begin(), elsewhere_.end(), ends);
  if (row != elsewhere_.end()) elsewhere_.erase(row);
}

Lease PoolCore::adopt(const Trial& trial) {
  Held held{.trial = trial.number};
  const ParsedLabel label = parse_share_label(trial.resource);
  const auto slot = slot_number(label);
  if (is_of(banks_.gpus, label)) {
    held.gpus = banks_.gpus->adopt(trial.number, label.names);
  } else if (is_of(banks_.cpus, label)) {
    held.cpus = banks_.cpus->adopt(trial.number, label.names);
  } else if (!takes_devices() && slot) {
    banks_.slots.adopt(trial.number, *slot);
    held.slot = slot;
  }
  const bool found = held.slot || (held.gpus && !held.gpus->parts.empty()) ||
                     (held.cpus && !held.cpus->parts.empty());
  if (!found) {  // the file's resources have changed: it runs beside the pool, and its locks count
    held = Held{.trial = trial.number, .elsewhere = trial.resource};
    elsewhere_.push_back({.device = trial.resource, .trials = {trial.number}});
  }
  return lease(std::move(held));
}

void PoolCore::set_aside(const Resources& resources, const std::string& reason) {
  const ParsedLabel label = parse_share_label(resources.label);
  if (is_of(banks_.gpus, label)) {
    banks_.gpus->set_aside(label.names, reason);
  } else if (is_of(banks_.cpus, label)) {
    banks_.cpus->set_aside(label.names, reason);
  } else if (const auto slot = slot_number(label); slot && !takes_devices()) {
    banks_.slots.set_aside(*slot, reason);
  }
}

int PoolCore::capacity() const {
  if (!takes_devices()) return banks_.slots.capacity();
  int trials = std::numeric_limits<int>::max();
  if (banks_.gpus) trials = std::min(trials, banks_.gpus->capacity());
  if (banks_.cpus) trials = std::min(trials, banks_.cpus->capacity());
  return trials;
}

std::optional<Error> PoolCore::hopeless() const {
  if (capacity() > 0) return std::nullopt;
  std::string reasons = banks_.slots.reasons();
  if (banks_.cpus) reasons = banks_.cpus->reasons();
  if (banks_.gpus && banks_.gpus->capacity() == 0) reasons = banks_.gpus->reasons();
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("no device is left that could run a trial: {}", reasons),
               .hint =
                   "`hpo doctor` shows the devices, `hpo logs STUDY TRIAL` why trials failed; "
                   "the same command goes on where this run stopped"};
}

bool PoolCore::is_blocked_by_others() const {
  return takes_devices() && (!banks_.gpus || banks_.gpus->is_free_but_for_others()) &&
         (!banks_.cpus || banks_.cpus->is_free_but_for_others());
}

std::vector<SlotStatus> PoolCore::slots(bool is_wanted) const {
  std::vector<SlotStatus> rows;
  std::string waiting = is_wanted ? "a trial is about to start" : "";
  if (banks_.gpus) {
    std::vector<SlotStatus> cpus;
    if (is_wanted && banks_.cpus && !banks_.cpus->has_free_share()) {
      cpus = banks_.cpus->rows(waiting);
      waiting = "waits for free CPUs";
    }
    rows = banks_.gpus->rows(waiting);
    const bool lacks_cpus = std::any_of(cpus.begin(), cpus.end(), is_blocked);
    for (auto& row : rows) row.is_blocked |= lacks_cpus && row.trials.empty();
  } else if (banks_.cpus) {
    rows = banks_.cpus->rows(waiting);
  } else {
    rows = banks_.slots.rows(is_wanted);
  }
  rows.insert(rows.end(), elsewhere_.begin(), elsewhere_.end());
  return rows;
}

}  // namespace hpo::resources
