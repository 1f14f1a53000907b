#include "engine/scheduling/ledger.h"

#include <utility>

namespace hpo {

Ledger::Ledger(Study study, StudyStore& store)
    : study_(std::move(study)), seen_(study_at(study_, study_.last_event)), store_(store) {
  for (std::size_t i = 0; i < study_.trials.size(); ++i) {
    check(study_.trials[i]->number == static_cast<std::int64_t>(i),
          "a trial's number is its place");
  }
}

std::shared_ptr<const Trial> Ledger::trial(std::int64_t number) const {
  return study_.trials.at(static_cast<std::size_t>(number));
}

Result<void> Ledger::create(Trial trial, std::optional<std::int64_t> queued) {
  check(trial.number == static_cast<std::int64_t>(study_.trials.size()), "numbers have no gaps");
  const std::int64_t event = study_.last_event + 1;
  trial.created_event = event;
  return write(std::move(trial), event, queued);
}

Result<void> Ledger::update(Trial trial) { return write(std::move(trial), study_.last_event); }

Result<void> Ledger::finish(Trial trial) {
  check(has_ended(trial.state), "only a trial that ended finishes");
  const std::int64_t event = study_.last_event + 1;
  trial.finished_event = event;
  return write(std::move(trial), event);
}

Result<void> Ledger::requeue(Trial trial) {
  check(trial.state == TrialState::waiting, "a trial in the queue waits");
  return write(std::move(trial), study_.last_event + 1);
}

Result<void> Ledger::report(std::int64_t number, Measurement& report) {
  report.event = study_.last_event + 1;
  if (auto added = store_.add_measurements(number, {&report, 1}); !added) return added;
  study_.last_event = seen_.last_event = report.event;
  return {};
}

Result<std::vector<Measurement>> Ledger::reports(std::int64_t number) {
  return store_.measurements(number);
}

Result<void> Ledger::write(Trial trial, std::int64_t event, std::optional<std::int64_t> queued) {
  auto shared = std::make_shared<const Trial>(std::move(trial));
  auto saved = queued ? store_.save_queued(*shared, *queued) : store_.save(*shared);
  if (!saved) return saved;
  const auto at = static_cast<std::size_t>(shared->number);
  if (at == study_.trials.size()) {
    study_.trials.emplace_back();
    seen_.trials.emplace_back();
  }
  seen_.trials[at] = trial_at(shared, event);
  study_.trials[at] = std::move(shared);
  study_.last_event = seen_.last_event = event;
  return {};
}

}  // namespace hpo
