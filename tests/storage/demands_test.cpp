// Two objectives and constraints: kept by every store, and another study where they change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/study_stores.h"
#include "tests/storage/sample_study.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

using testing::HasSubstr;

StudySpec demanding_spec(const std::string& name = "birds") {
  StudySpec spec = sample_spec(name);
  spec.objectives = {{.metric = "accuracy", .goal = Goal::maximize}, {.metric = "latency"}};
  spec.constraints = {{.metric = "size", .max = 0.1}, {.metric = "recall", .min = -0.0, .max = 1}};
  return spec;
}

class DemandsContract : public testing::TestWithParam<std::string_view> {
 protected:
  DemandsContract() : store_(make_study_store(GetParam(), folder_ / "hpo.db").value()) {}
  TempFolder folder_;
  std::unique_ptr<StudyStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, DemandsContract, testing::ValuesIn(study_store_names()),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(DemandsContract, ComeBackAsTheyWere) {
  ASSERT_TRUE(store_->open(demanding_spec(), {}));
  Trial trial = small_trial(0, TrialState::complete);
  trial.metrics = {{"accuracy", 0.9}, {"latency", 3}, {"size", 0.05}, {"recall", 0.5}};
  trial.value = 0.9;
  ASSERT_TRUE(store_->save(trial));
  const auto again = store_->open(demanding_spec(), {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->study.spec.objectives, demanding_spec().objectives);
  EXPECT_EQ(again->study.spec.constraints, demanding_spec().constraints);
  ASSERT_EQ(again->study.front().size(), 1U);
  EXPECT_EQ(objective_values(again->study.spec, *again->study.front()[0]),
            (std::vector<double>{0.9, 3}));
}

TEST_P(DemandsContract, MakeAnotherStudyWhereTheyChange) {
  ASSERT_TRUE(store_->open(demanding_spec(), {}));
  auto bound = demanding_spec();
  bound.constraints[0].max = 0.2;
  auto goal = demanding_spec();
  goal.objectives[1].goal = Goal::maximize;
  auto fewer = demanding_spec();
  fewer.constraints.clear();
  const auto message = [&](const StudySpec& spec) {
    const auto refused = store_->open(spec, {});
    return refused ? std::string("opened") : refused.error().message;
  };
  EXPECT_THAT(message(bound), HasSubstr("constraints.0.max: was 0.1, now 0.2"));
  EXPECT_THAT(message(goal), HasSubstr("objective.1.goal: was \"minimize\", now \"maximize\""));
  EXPECT_THAT(message(fewer), HasSubstr("constraints: there were 2, now 0"));
  EXPECT_TRUE(store_->open(demanding_spec(), {}));
}

TEST(DemandsOfAFile, TheBestValueInAListKeepsTheConstraints) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  StudySpec one = demanding_spec("one");
  one.objectives.pop_back();
  for (const auto& spec : {one, demanding_spec("two")}) {
    auto store = make_sqlite_store(file);
    ASSERT_TRUE((*store)->open(spec, {}));
    for (const double accuracy : {0.5, 0.7, 0.9}) {
      Trial trial{.number = accuracy < 0.6   ? 0
                            : accuracy < 0.8 ? 1
                                             : 2,
                  .state = TrialState::complete,
                  .metrics = {{"size", accuracy > 0.8 ? 1.0 : 0.1}, {"recall", 0.5}},
                  .value = accuracy};
      ASSERT_EQ(fault_of((*store)->save(trial)), "");
    }
  }
  const auto list = (*make_sqlite_reader(file))->list();
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->at(0).best_value, 0.7);
  EXPECT_EQ(list->at(1).best_value, std::nullopt);
}

}  // namespace
}  // namespace hpo::test
