#include "engine/ask_tell/ask_tell.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/config/given_configuration.h"
#include "engine/scheduling/proposer.h"
#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

std::string error_line(const Error& error) {
  constexpr std::size_t kMostShown = 1000;  // a parser's message repeats what it could not read
  std::string text =
      error.hint.empty() ? error.message : fmt::format("{} ({})", error.message, error.hint);
  if (text.size() > kMostShown) text = text.substr(0, kMostShown) + "...";
  return json{{"error", text}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string parameters_text(const Trial& trial) { return to_json(trial.configuration).dump(); }

std::string trial_text(const Trial& trial) {
  return fmt::format(R"({{"number":{},"parameters":{}}})", trial.number, parameters_text(trial));
}

/// A trial on the front of two objectives, with all its values.
std::string front_text(const StudySpec& spec, const Trial& trial) {
  json values = json::object();
  const auto numbers = objective_values(spec, trial).value_or(std::vector<double>());
  for (std::size_t k = 0; k < numbers.size(); ++k) values[spec.objectives[k].metric] = numbers[k];
  return fmt::format(R"({{"number":{},"value":{},"parameters":{}}})", trial.number, values.dump(),
                     parameters_text(trial));
}

std::string state_line(const Trial& trial) {
  return fmt::format(R"({{"number":{},"state":"{}"}})", trial.number, to_string(trial.state));
}

}  // namespace

AskTell::AskTell(const TuningConfig& config, OpenedStudy opened, Sampler& sampler,
                 StudyStore& store)
    : strategy_(config.strategy.name),
      objective_(config.study.objectives.at(0)),
      sampler_(sampler),
      ledger_(std::move(opened.study), store),
      earlier_(static_cast<std::int64_t>(ledger_.study().trials.size())),
      clock_(make_system_clock()),
      points_(config.strategy.initial) {
  if (config.strategy.early_stopping == "median") median_.emplace(objective_.goal);
}

AskTell::~AskTell() = default;

Result<void> AskTell::prepare() {
  return median_ ? median_->add_complete(ledger_) : Result<void>();
}

void AskTell::handle(std::string_view line, const AnswerFn& answer) {
  const auto request = parse_request(line, objective_.metric);
  if (!request) {
    answer(error_line(request.error()));
    return;
  }
  const auto done = std::visit([&](const auto& what) { return carry_out(what, answer); }, *request);
  if (!done) answer(error_line(done.error()));
}

Result<void> AskTell::carry_out(const AskRequest& request, const AnswerFn& answer) {
  for (std::int64_t i = 0; i < request.count; ++i) {
    const auto trial = new_trial();
    if (!trial && trial.error().code == ErrorCode::exhausted) {
      answer(R"({"exhausted":true})");
      return {};
    }
    if (!trial) return trial.error();
    if (!answer(trial_text(**trial))) return {};
  }
  return {};
}

Result<std::shared_ptr<const Trial>> AskTell::new_trial() {
  auto next = choose();
  if (!next) return next.error();
  next->trial.state = TrialState::running;
  next->trial.started_at = clock_->now();
  const std::int64_t number = next->trial.number;
  if (auto saved = ledger_.create(std::move(next->trial), next->queued); !saved) {
    return saved.error();
  }
  return ledger_.trial(number);
}

// The user's configurations come before the sampler's.
Result<NextTrial> AskTell::choose() {
  auto given = points_.next(ledger_);
  if (!given) return given.error();
  if (*given) return std::move(**given);
  auto trial = propose_next(sampler_, strategy_, ledger_.seen());
  if (!trial) return trial.error();
  return NextTrial{.trial = std::move(*trial)};
}

Result<std::shared_ptr<const Trial>> AskTell::pending(std::int64_t number) const {
  const auto& trials = ledger_.study().trials;
  if (number >= static_cast<std::int64_t>(trials.size())) {
    return Error{.message = trials.empty()
                                ? fmt::format("there is no trial {}: none was asked yet", number)
                                : fmt::format("there is no trial {}: the last one asked is {}",
                                              number, trials.size() - 1)};
  }
  auto trial = ledger_.trial(number);
  if (is_finished(trial->state)) {
    return Error{.message = fmt::format("trial {} was told already, it is {}", number,
                                        to_string(trial->state))};
  }
  return trial;
}

// Those of earlier conversations are in the store.
Result<TrialReports*> AskTell::reports_of(std::int64_t number) {
  auto known = reports_.find(number);
  if (known == reports_.end()) {
    TrialReports reports(objective_, ledger_.trial(number)->attempt);
    if (number < earlier_) {
      const auto stored = ledger_.reports(number);
      if (!stored) return stored.error();
      reports.load(*stored);
    }
    known = reports_.emplace(number, std::move(reports)).first;
  }
  return &known->second;
}

Result<void> AskTell::carry_out(const ReportRequest& report, const AnswerFn& answer) {
  const auto trial = pending(report.number);
  if (!trial) return trial.error();
  const auto reports = reports_of(report.number);
  if (!reports) return reports.error();
  Measurement measurement{
      .step = report.step, .metrics = report.metrics, .attempt = (*trial)->attempt};
  TrialReports after = **reports;
  if (after.add(measurement)) {
    if (auto stored = ledger_.report(report.number, measurement); !stored) return stored.error();
    **reports = std::move(after);
  }
  const auto value = report.metrics.find(objective_.metric);
  const bool stops = median_ && value != report.metrics.end() &&
                     median_->judge(report.step, value->second).has_value();
  answer(fmt::format(R"({{"number":{},"stop":{}}})", report.number, stops));
  return {};
}

Result<void> AskTell::carry_out(const TellRequest& tell, const AnswerFn& answer) {
  const auto trial = pending(tell.number);
  if (!trial) return trial.error();
  const auto reports = reports_of(tell.number);
  if (!reports) return reports.error();
  auto ended = told(tell, **trial, **reports);
  if (!ended) return ended.error();
  ended->finished_at = clock_->now();
  if (auto saved = ledger_.finish(std::move(*ended)); !saved) return saved.error();
  const auto now = ledger_.trial(tell.number);
  if (median_ && now->state == TrialState::complete) median_->add((*reports)->curve());
  reports_.erase(tell.number);
  answer(state_line(*now));
  return {};
}

// The value is the one that is told, else what the reports amount to.
Result<Trial> AskTell::told(const TellRequest& tell, Trial trial,
                            const TrialReports& reports) const {
  trial.metrics = reports.metrics();
  for (const auto& [name, value] : tell.metrics) trial.metrics[name] = value;
  const auto named = tell.metrics.find(objective_.metric);
  const auto value = named == tell.metrics.end() ? reports.value() : std::optional(named->second);
  trial.state = tell.state;
  trial.reason = tell.reason;
  if (tell.state == TrialState::failed) return trial;
  if (tell.state == TrialState::complete) return completed(std::move(trial), value);
  if (value && std::isfinite(*value)) trial.value = value;
  return trial;
}

Result<Trial> AskTell::completed(Trial trial, std::optional<double> value) const {
  std::vector<std::pair<std::string, std::optional<double>>> needed = {{objective_.metric, value}};
  for (auto& name : further_metrics(ledger_.study().spec)) {
    const auto at = trial.metrics.find(name);
    const auto last = at == trial.metrics.end() ? std::nullopt : std::optional(at->second);
    needed.emplace_back(std::move(name), last);
  }
  for (const auto& [name, told] : needed) {
    if (told) continue;
    return Error{.message = fmt::format("trial {} has no value of \"{}\": tell {}, or "
                                        "\"state\":\"failed\"",
                                        trial.number, name,
                                        needed.size() == 1 ? "one" : "an object of metrics")};
  }
  for (const auto& [name, told] : needed) {
    if (std::isfinite(*told)) continue;
    trial.state = TrialState::failed;
    trial.failure = FailureClass::nan;
    if (trial.reason.empty()) trial.reason = fmt::format("\"{}\" was {}", name, *told);
    return trial;
  }
  trial.value = value;
  return trial;
}

Result<void> AskTell::carry_out(const BestRequest&, const AnswerFn& answer) {
  const auto& spec = ledger_.study().spec;
  const auto best = ledger_.study().best_trial();
  if (spec.objectives.size() > 1) {
    std::string list;
    for (const auto& trial : ledger_.study().front()) {
      list += (list.empty() ? "" : ",") + front_text(spec, *trial);
    }
    answer(fmt::format(R"({{"number":{},"front":[{}]}})",
                       best ? std::to_string(best->number) : "null", list));
    return {};
  }
  answer(best ? fmt::format(R"({{"number":{},"value":{},"parameters":{}}})", best->number,
                            json(*best->value).dump(), parameters_text(*best))
              : R"({"number":null,"value":null,"parameters":null})");
  return {};
}

Result<void> AskTell::carry_out(const PendingRequest&, const AnswerFn& answer) {
  std::string list;
  for (const auto& trial : ledger_.study().trials) {
    if (is_finished(trial->state)) continue;
    if (!list.empty()) list += ',';
    list += trial_text(*trial);
  }
  answer(fmt::format(R"({{"pending":[{}]}})", list));
  return {};
}

Result<void> AskTell::carry_out(const EnqueueRequest& enqueue, const AnswerFn& answer) {
  const auto point = config::configuration_in(ledger_.study().spec.space, enqueue.parameters);
  if (!point) return point.error();
  const auto waiting = ledger_.enqueue(*point);
  if (!waiting) return waiting.error();
  answer(fmt::format(R"({{"queued":{}}})", *waiting));
  return {};
}

}  // namespace hpo
