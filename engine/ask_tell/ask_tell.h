#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bayesopt/sampler.h"
#include "engine/ask_tell/request.h"
#include "engine/scheduling/clock.h"
#include "engine/scheduling/ledger.h"
#include "engine/scheduling/median_rule.h"
#include "engine/scheduling/reports.h"
#include "engine/scheduling/user_points.h"
#include "engine/tuning_config.h"
#include "storage/study_store.h"

namespace hpo {

/// The optimizer as a conversation, for programs that run their trials themselves: each line is one
/// JSON object with an `op` (ask, tell, report, best, pending, enqueue), and is answered by one
/// line, `ask` with a count by as many. A line that is wrong is answered by `{"error":"..."}` and
/// changes nothing. What was asked and not told is pending, also in the next conversation about the
/// study.
///
/// An answer is given after the store has what it says.
class AskTell {
 public:
  /// Takes one line of an answer, without its end; false: nobody listens any more.
  using AnswerFn = std::function<bool(std::string_view)>;

  /// `opened` comes from store.open().
  AskTell(const TuningConfig& config, OpenedStudy opened, Sampler& sampler, StudyStore& store);
  ~AskTell();
  AskTell(const AskTell&) = delete;
  AskTell& operator=(const AskTell&) = delete;

  /// Loads what early stopping compares with; once, before the first line. Errors: the store's.
  Result<void> prepare();

  void handle(std::string_view line, const AnswerFn& answer);

  [[nodiscard]] const Study& study() const { return ledger_.study(); }

 private:
  Result<void> carry_out(const AskRequest& request, const AnswerFn& answer);
  Result<void> carry_out(const TellRequest& request, const AnswerFn& answer);
  Result<void> carry_out(const ReportRequest& request, const AnswerFn& answer);
  Result<void> carry_out(const BestRequest& request, const AnswerFn& answer);
  Result<void> carry_out(const PendingRequest& request, const AnswerFn& answer);
  Result<void> carry_out(const EnqueueRequest& request, const AnswerFn& answer);

  Result<std::shared_ptr<const Trial>> new_trial();
  Result<NextTrial> choose();
  [[nodiscard]] Result<std::shared_ptr<const Trial>> pending(std::int64_t number) const;
  [[nodiscard]] Result<Trial> told(const TellRequest& tell, Trial trial,
                                   const TrialReports& reports) const;
  /// The trial as complete, with the value and what else the study needs of it.
  [[nodiscard]] Result<Trial> completed(Trial trial, std::optional<double> value) const;
  Result<TrialReports*> reports_of(std::int64_t number);

  std::string strategy_;
  ObjectiveSpec objective_;  ///< the first
  Sampler& sampler_;
  Ledger ledger_;
  std::int64_t earlier_;  ///< trials of earlier conversations
  std::unique_ptr<SchedulerClock> clock_;
  UserPoints points_;
  std::optional<MedianRule> median_ = {};
  std::map<std::int64_t, TrialReports> reports_ = {};  ///< of pending trials that reported
};

}  // namespace hpo
