// What the page says of a study in words.

#include "engine/report/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/report/standing.h"

namespace hpo::report {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// A reader that nothing is read from.
class NoReader final : public StudyReader {
 public:
  Result<std::vector<StudySummary>> list() override { return unused(); }
  Result<StoredStudy> load(std::string_view) override { return unused(); }
  Result<std::vector<Measurement>> measurements(std::string_view, std::int64_t) override {
    return unused();
  }
  Result<std::vector<StoredRun>> runs(std::string_view) override { return unused(); }

 private:
  static Error unused() { return {.message = "not read"}; }
};

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const auto& sentence : sentences) text += sentence + " ";
  return text;
}

class Words : public testing::Test {
 protected:
  Words() {
    stored.study.spec = {.name = "s", .objectives = {{.metric = "loss"}}};
    stored.study.spec.space.parameters = {{.name = "x", .domain = FloatParameter{}}};
  }

  void add(Trial trial) {
    trial.number = static_cast<std::int64_t>(stored.study.trials.size());
    trial.configuration = {{"x", 0.1 * static_cast<double>(trial.number)}};
    stored.study.trials.push_back(std::make_shared<const Trial>(std::move(trial)));
  }

  Answers said() {
    const StudySource source{.stored = stored, .reader = reader, .flags = " s"};
    return answers(source, knowledge_of(stored.study));
  }

  StoredStudy stored;
  NoReader reader;
};

TEST_F(Words, AnEmptyStudyHasAnAnswerToEverything) {
  const Answers a = said();
  for (const auto* answer : {&a.searched, &a.won, &a.why, &a.mattered, &a.failed, &a.next}) {
    EXPECT_FALSE(answer->empty());
  }
  EXPECT_THAT(joined(a.won), HasSubstr("none has won"));
}

TEST_F(Words, TheGainIsOverTheStartAndOverRandomTrials) {
  for (const double value : {0.8, 0.6, 0.5, 0.7, 0.9, 0.2}) {
    add({.state = TrialState::complete, .value = value, .sampler = "random"});
  }
  EXPECT_THAT(joined(said().won),
              AllOf(HasSubstr("Trial 5 won with loss = 0.2."),
                    HasSubstr("The search started at 0.8 (75 % lower)."),
                    HasSubstr("The median of 6 random configurations is 0.7 (71 % lower).")));
}

TEST_F(Words, RatiosAreSaidOnlyWhereTheyMeanSomething) {
  stored.study.spec.objectives.front().goal = Goal::maximize;
  add({.state = TrialState::complete, .value = -2});
  add({.state = TrialState::complete, .value = 1});
  EXPECT_THAT(joined(said().won), HasSubstr("The search started at -2. "));
}

TEST_F(Words, FailuresAreCountedByClassAndStoppedTrialsNamed) {
  for (int k = 0; k < 3; ++k) add({.state = TrialState::failed, .failure = FailureClass::oom});
  add({.state = TrialState::failed, .failure = FailureClass::timeout});
  add({.state = TrialState::pruned, .value = 1});
  EXPECT_THAT(joined(said().failed), AllOf(HasSubstr("4 of 5 trials failed: 3 oom and 1 timeout."),
                                           HasSubstr("1 trial was stopped early.")));
}

TEST_F(Words, OnlyAStudyThatRunsItsTrialsIsInterrupted) {
  stored.config = R"({"trial":{"command":["sh"]}})";
  EXPECT_STREQ(standing_of(stored), "interrupted");
  EXPECT_THAT(joined(said().next), HasSubstr("goes on where the study was interrupted"));
  stored.config = R"({"trial":{"retries":1}})";
  EXPECT_STREQ(standing_of(stored), "open");
  stored.progress.stop_reason = "3 trials finished";
  EXPECT_STREQ(standing_of(stored), "finished");
  EXPECT_THAT(joined(said().searched), HasSubstr("It ended: 3 trials finished."));
}

}  // namespace
}  // namespace hpo::report
