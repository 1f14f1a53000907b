// The layer below the verbs: text, tables, selection of trials.

#include "engine/cli/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/cli/live_frame.h"
#include "engine/cli/table.h"
#include "engine/cli/trial_order.h"
#include "engine/cli/trial_selection.h"
#include "objectives/csv.h"

namespace hpo::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Text, EscapesWhatWouldMoveTheCursor) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(printable("two\nlines"), "two\\nlines");
  EXPECT_EQ(printable("\xff"), "\\xff");
  EXPECT_EQ(printable("grün 鳥"), "grün 鳥");
  EXPECT_EQ(printable("\u202e"), "\\xe2\\x80\\xae");
}

TEST(Text, CountsColumnsOfWideCharacters) {
  EXPECT_EQ(display_width("grün"), 4);
  EXPECT_EQ(display_width("鳥"), 2);
  EXPECT_EQ(shortened("鳥鳥鳥", 5), "鳥鳥…");
  EXPECT_EQ(shortened("short", 5), "short");
}

TEST(Text, SaysWhoHoldsTheDevicesThatNothingRunsOn) {
  std::vector<SlotStatus> slots = {
      {.device = "cpu 0", .idle_reason = "leased by pid 7", .is_blocked = true},
      {.device = "cpu 1", .idle_reason = "leased by pid 7", .is_blocked = true},
      {.device = "cpu 2", .idle_reason = "leased by pid 8", .is_blocked = true}};
  EXPECT_EQ(waiting_line(slots), "waiting: cpu 0, cpu 1 leased by pid 7; cpu 2 leased by pid 8");
  slots[1] = {.device = "cpu 1", .trials = {3}};
  EXPECT_EQ(waiting_line(slots), "");
  EXPECT_EQ(waiting_line({}), "");
}

TEST(Text, NumbersKeepSixDigits) {
  EXPECT_EQ(number_text(0.397887357), "0.397887");
  EXPECT_EQ(number_text(1e-5), "1e-05");
  EXPECT_EQ(number_text(std::optional<double>()), "-");
}

TEST(Text, CountsNouns) {
  EXPECT_EQ(counted(1, "trial"), "1 trial");
  EXPECT_EQ(counted(0, "trial"), "0 trials");
}

TEST(Table, AlignsCellsAndEndsLinesWithoutBlanks) {
  Table table({{.title = "name"}, {.title = "n", .align = Align::right}, {.title = ""}});
  table.add({"a", "1", ""});
  table.add({"long", "10", ""});
  EXPECT_EQ(table.text(80), "name   n\na      1\nlong  10\n");
}

TEST(Table, CutsLongCellsThenLeavesColumnsOut) {
  Table table({{.title = "a"},
               {.title = "b", .drop = 1},
               {.title = "c", .drop = 2},
               {.title = "why", .may_shrink = true}});
  table.add({"aaaa", "bbbb", "cccc", std::string(40, 'x')});
  const std::string narrow = table.text(24);
  EXPECT_THAT(narrow, HasSubstr("…"));
  EXPECT_THAT(narrow, Not(HasSubstr("cccc")));
  EXPECT_THAT(narrow, HasSubstr("(no room for c)"));
}

TEST(Table, FieldsWrapBehindTheirNames) {
  EXPECT_EQ(fields_text({{"best", "aaaa bbbb cccc dddd"}, {"empty", ""}}, 18),
            "best  aaaa bbbb\n      cccc dddd\n");
}

TEST(Csv, QuotesAsRfc4180Says) {
  EXPECT_EQ(csv_line({"a", "b,c", "d\"e", "f\ng", ""}), "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
}

Study study_of(const std::vector<std::optional<double>>& values) {
  Study study;
  study.spec.name = "s";
  study.spec.objectives = {{.metric = "loss"}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    Trial trial{.number = static_cast<std::int64_t>(i), .state = TrialState::failed};
    if (values[i]) trial.state = TrialState::complete;
    trial.value = values[i];
    study.trials.push_back(std::make_shared<Trial>(trial));
  }
  return study;
}

std::vector<std::int64_t> numbers(const Trials& trials) {
  std::vector<std::int64_t> list;
  for (const auto& trial : trials) list.push_back(trial->number);
  return list;
}

TEST(TrialSelection, TakesNumbersRangesLastAndBestOnce) {
  const Study study = study_of({3, 1, 2, std::nullopt});
  const auto chosen = select_trials(study, {"last", "best", "0-1", "1,2"});
  ASSERT_TRUE(chosen);
  EXPECT_THAT(numbers(*chosen), ElementsAre(3, 1, 0, 2));
}

TEST(TrialSelection, NamesWhatIsThere) {
  const Study study = study_of({3, 1});
  EXPECT_THAT(select_trials(study, {"7"}).error().message, HasSubstr("0 to 1"));
  EXPECT_THAT(select_trials(study, {"seven"}).error().message, HasSubstr("names no trial"));
  EXPECT_THAT(select_trials(study_of({}), {"last"}).error().message, HasSubstr("none yet"));
  EXPECT_EQ(select_trials(study_of({std::nullopt}), {"best"}).error().code, ErrorCode::not_found);
  EXPECT_FALSE(select_trial(study, "0-1"));
  for (const auto* word : {"", "-1", "3-1", "1-", "1,", "0x1", "99999999999999999999"}) {
    EXPECT_FALSE(is_trial_word(word)) << word;
  }
}

TEST(TrialOrder, PutsTheBestFirstAndAbsentValuesLast) {
  const Study study = study_of({3, std::nullopt, 1, 2});
  EXPECT_THAT(numbers(*sorted_by(study, study.trials, "value")), ElementsAre(2, 3, 0, 1));
  EXPECT_THAT(numbers(*sorted_by(study, study.trials, "-value")), ElementsAre(0, 3, 2, 1));
  EXPECT_THAT(numbers(best_first(study, study.trials, 2)), ElementsAre(2, 3));
  EXPECT_THAT(sorted_by(study, study.trials, "vlaue").error().hint, HasSubstr("value"));
  EXPECT_THAT(with_states(study.trials, {"fialed"}).error().hint, HasSubstr("failed"));
}

RunFacts facts_of(int devices) {
  TuningConfig config;
  config.study.name = "many";
  config.study.objectives = {{.metric = "loss"}};
  config.limits.trials = 100;
  RunFacts facts(config, Study{}, "/nowhere");
  for (int i = 0; i < devices; ++i) {
    facts.slots.push_back({.device = "gpu " + std::to_string(i), .trials = {i}});
    facts.started({.number = i, .configuration = {{"lr", 0.1}}}, {});
  }
  return facts;
}

TEST(LiveFrame, StaysWithinTwentyLinesAndTheWindow) {
  for (const int devices : {0, 1, 8, 64}) {
    for (const int columns : {20, 80, 200}) {
      const auto lines = live_frame(facts_of(devices), {}, {.columns = columns});
      EXPECT_LE(lines.size(), 20U);
      for (const auto& line : lines) EXPECT_LE(display_width(line), columns);
    }
  }
  EXPECT_LE(live_frame(facts_of(64), {}, {.columns = 80, .lines = 5}).size(), 5U);
}

TEST(LiveFrame, ShowsDevicesWithTrialStepAndMetric) {
  RunFacts facts = facts_of(2);
  facts.reported({.number = 1}, {.step = 4, .metrics = {{"loss", 0.25}}});
  facts.slots.push_back({.device = "gpu 2", .idle_reason = "parallel is 2"});
  const auto lines = live_frame(facts, {}, {.columns = 100});
  EXPECT_THAT(lines, testing::Contains(HasSubstr("gpu 1  trial 1  1s  step 4  loss 0.25")));
  EXPECT_THAT(lines, testing::Contains(HasSubstr("idle: parallel is 2")));
  EXPECT_THAT(lines.front(), HasSubstr("0/100 trials"));
}

}  // namespace
}  // namespace hpo::cli
