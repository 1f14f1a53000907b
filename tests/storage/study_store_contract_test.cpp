// What every store of storage/study_stores.cpp must do.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "storage/study_stores.h"
#include "tests/storage/sample_study.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StudyStoreContract : public testing::TestWithParam<std::string_view> {
 protected:
  StudyStoreContract() { reopen(); }

  /// What a new process would have; a store without a file is the same object still.
  void reopen() {
    if (store_ && GetParam() == "memory") return;
    store_.reset();
    auto made = make_study_store(GetParam(), folder_ / "hpo.db");
    ASSERT_TRUE(made) << made.error().message;
    store_ = std::move(*made);
  }

  OpenedStudy open(const StudySpec& spec = sample_spec(), const OpenOptions& options = {}) {
    auto opened = store_->open(spec, options);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *opened : OpenedStudy{};
  }

  void save(const Trial& trial) {
    const auto saved = store_->save(trial);
    ASSERT_TRUE(saved) << saved.error().message;
  }

  void add(std::int64_t trial, const std::vector<Measurement>& measurements) {
    const auto added = store_->add_measurements(trial, measurements);
    ASSERT_TRUE(added) << added.error().message;
  }

  std::vector<Measurement> measurements(std::int64_t trial) {
    const auto found = store_->measurements(trial);
    EXPECT_TRUE(found);
    return found ? *found : std::vector<Measurement>{};
  }

  TempFolder folder_;
  std::unique_ptr<StudyStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StudyStoreContract, testing::ValuesIn(study_store_names()),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(StudyStoreContract, CreatesAStudyWithARandomId) {
  const auto first = open();
  EXPECT_FALSE(first.resumed);
  EXPECT_THAT(first.study.trials, IsEmpty());
  EXPECT_THAT(first.study.spec.id, testing::MatchesRegex("[0-9a-f]+"));
  EXPECT_EQ(first.study.spec.id.size(), 32U);
  const auto second = open(sample_spec("other"));
  EXPECT_NE(first.study.spec.id, second.study.spec.id);
}

TEST_P(StudyStoreContract, KeepsAGivenId) {
  auto spec = sample_spec();
  spec.id = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(open(spec).study.spec.id, spec.id);
}

TEST_P(StudyStoreContract, ResumesWithItsIdAndTheNewSeed) {
  auto spec = sample_spec();
  const auto created = open(spec, {.config = "first"});
  save(sample_trial(0));
  reopen();
  spec.seed = 7;
  const auto resumed = open(spec, {.config = "second"});
  EXPECT_TRUE(resumed.resumed);
  EXPECT_EQ(resumed.previous_config, "first");
  auto expected = spec;
  expected.id = created.study.spec.id;
  EXPECT_EQ(resumed.study.spec, expected);
  ASSERT_EQ(resumed.study.trials.size(), 1U);
  reopen();
  EXPECT_EQ(open(spec).previous_config, "second");
}

TEST_P(StudyStoreContract, KeepsEveryFieldOfATrial) {
  open();
  save(sample_trial(0));
  save(Trial{.number = 1});
  reopen();
  const auto study = open().study;
  ASSERT_EQ(study.trials.size(), 2U);
  EXPECT_EQ(*study.trials[0], sample_trial(0));
  EXPECT_EQ(*study.trials[1], Trial{.number = 1});
  EXPECT_EQ(study.last_event, sample_trial(0).finished_event);
  // == cannot tell -0.0 from 0.0.
  EXPECT_TRUE(is_same(*study.trials[0]->value, -0.0));
  EXPECT_TRUE(is_same(study.trials[0]->metrics.at("minus_zero"), -0.0));
  const auto& kept = study.trials[0]->configuration.at("minus_zero");
  EXPECT_TRUE(is_same(std::get<double>(kept), -0.0));
}

TEST_P(StudyStoreContract, KeepsEveryStateAndFailure) {
  open();
  std::vector<Trial> trials;
  for (int state = 0; state <= static_cast<int>(TrialState::failed); ++state) {
    for (int failure = 0; failure <= static_cast<int>(FailureClass::stopped); ++failure) {
      Trial trial{.number = static_cast<std::int64_t>(trials.size()),
                  .state = static_cast<TrialState>(state),
                  .failure = static_cast<FailureClass>(failure)};
      save(trial);
      trials.push_back(trial);
    }
  }
  reopen();
  const auto study = open().study;
  ASSERT_EQ(study.trials.size(), trials.size());
  for (std::size_t i = 0; i < trials.size(); ++i) EXPECT_EQ(*study.trials[i], trials[i]);
}

TEST_P(StudyStoreContract, KeepsNumbersThatAreNotFinite) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  open();
  Trial trial{.number = 0, .metrics = {{"a", kNan}, {"b", kInfinity}, {"c", -kInfinity}}};
  trial.value = kNan;
  save(trial);
  trial.number = 1;
  trial.value = -kInfinity;
  save(trial);
  add(0, {{.step = 1, .metrics = trial.metrics, .elapsed_s = kInfinity}});
  reopen();
  const auto study = open().study;
  EXPECT_TRUE(is_same(*study.trials[0]->value, kNan));
  EXPECT_TRUE(is_same(*study.trials[1]->value, -kInfinity));
  const auto reports = measurements(0);
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].elapsed_s, kInfinity);
  for (const auto& [name, value] : trial.metrics) {
    EXPECT_TRUE(is_same(study.trials[0]->metrics.at(name), value)) << name;
    EXPECT_TRUE(is_same(reports[0].metrics.at(name), value)) << name;
  }
}

TEST_P(StudyStoreContract, ReplacesAWholeTrialAndKeepsItsReports) {
  open();
  save(sample_trial(0));
  add(0, {report(1, 0, "loss", 0.5, 1)});
  save(Trial{.number = 0, .state = TrialState::running});
  reopen();
  EXPECT_EQ(*open().study.trials.at(0), (Trial{.number = 0, .state = TrialState::running}));
  EXPECT_THAT(measurements(0), ElementsAre(report(1, 0, "loss", 0.5, 1)));
}

TEST_P(StudyStoreContract, IsNotChangedByWhatItsCallersDoWithCopies) {
  auto opened = open();
  Trial trial = small_trial(0, TrialState::running);
  save(trial);
  trial.reason = "changed after the save";
  opened.study.trials.clear();
  const auto before = open().study;
  save(small_trial(0, TrialState::complete));
  EXPECT_EQ(*before.trials.at(0), small_trial(0, TrialState::running));
  EXPECT_EQ(*open().study.trials.at(0), small_trial(0, TrialState::complete));
}

TEST_P(StudyStoreContract, RefusesATrialBeforeItsPredecessor) {
  open();
  const auto saved = store_->save(Trial{.number = 1});
  ASSERT_FALSE(saved);
  EXPECT_THAT(saved.error().message, HasSubstr("trial 1 cannot be stored before trial 0"));
  save(Trial{.number = 0});
  save(Trial{.number = 1});
}

TEST_P(StudyStoreContract, OrdersReportsByAttemptAndStep) {
  open();
  save(Trial{.number = 0});
  save(Trial{.number = 1});
  add(0, {report(2, 0, "loss", 4, 4), report(1, 9, "loss", 3, 3)});
  add(0, {report(1, 10, "loss", 2, 2), report(1, -1, "loss", 1, 1)});
  add(1, {report(1, 5, "loss", 7, 7)});
  reopen();
  EXPECT_EQ(open().study.last_event, 7);
  EXPECT_THAT(measurements(0),
              ElementsAre(report(1, -1, "loss", 1, 1), report(1, 9, "loss", 3, 3),
                          report(1, 10, "loss", 2, 2), report(2, 0, "loss", 4, 4)));
  EXPECT_THAT(measurements(1), ElementsAre(report(1, 5, "loss", 7, 7)));
}

TEST_P(StudyStoreContract, KeepsAReportOfSeveralMetricsTogether) {
  const Measurement both{.step = 3,
                         .metrics = {{"loss", 0.25}, {"accuracy", 0.75}, {"鳥 =,;", -0.0}},
                         .elapsed_s = 1.0 / 3,
                         .attempt = 2,
                         .event = 5};
  open();
  save(Trial{.number = 0});
  add(0, {both});
  EXPECT_THAT(measurements(0), ElementsAre(both));
}

TEST_P(StudyStoreContract, LeavesAReportThatIsAlreadyThereAsItIs) {
  open();
  save(Trial{.number = 0});
  add(0, {report(1, 3, "loss", 0.5, 1)});
  add(0, {report(1, 3, "loss", 99, 2), report(1, 3, "accuracy", 0.9, 3)});
  add(0, {});
  EXPECT_THAT(measurements(0),
              ElementsAre(report(1, 3, "loss", 0.5, 1), report(1, 3, "accuracy", 0.9, 3)));
}

TEST_P(StudyStoreContract, RefusesReportsOfATrialThatItDoesNotHave) {
  open();
  const auto added = store_->add_measurements(0, std::vector{report(1, 0, "loss", 1, 1)});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, ErrorCode::not_found);
  EXPECT_THAT(measurements(0), IsEmpty());
}

TEST_P(StudyStoreContract, KeepsProgress) {
  EXPECT_EQ(open().progress, StudyProgress{});
  const StudyProgress progress{.active_s = 1.0 / 3, .stop_reason = "target", .status = "{\"a\":1}"};
  ASSERT_TRUE(store_->save_progress({.active_s = 1, .stop_reason = "x"}));
  ASSERT_TRUE(store_->save_progress(progress));
  reopen();
  EXPECT_EQ(open().progress, progress);
}

TEST_P(StudyStoreContract, SavesDurably) {
  open();
  ASSERT_TRUE(store_->save(sample_trial(0), Durability::power));
  ASSERT_TRUE(store_->save(sample_trial(1), Durability::process));
  reopen();
  EXPECT_EQ(open().study.trials.size(), 2U);
}

TEST_P(StudyStoreContract, RefusesAnotherProblemAndShowsTheDifference) {
  open();
  save(sample_trial(0));
  auto changed = sample_spec();
  changed.objectives[0].goal = Goal::maximize;
  std::get<FloatParameter>(changed.space.parameters[0].domain).max = 0.5;
  changed.space.parameters[5].name = "mixup";
  const auto refused = store_->open(changed, {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  const auto& message = refused.error().message;
  EXPECT_THAT(message, HasSubstr("objective.goal: was \"minimize\", now \"maximize\""));
  EXPECT_THAT(message, HasSubstr("parameters.lr.max: was 0.30000000000000004, now 0.5"));
  EXPECT_THAT(message, HasSubstr("parameters.augment: was there, now absent"));
  EXPECT_THAT(message, HasSubstr("parameters.mixup: was absent, now there"));
  EXPECT_THAT(refused.error().hint, HasSubstr("--fresh"));
  EXPECT_EQ(open().study.trials.size(), 1U);
}

TEST_P(StudyStoreContract, ResumesWhenOnlyTheOrderOfParametersChanged) {
  open();
  auto reordered = sample_spec();
  std::swap(reordered.space.parameters[0], reordered.space.parameters[1]);
  // The samplers' dimensions stay what they were.
  EXPECT_EQ(open(reordered).study.spec.space, sample_spec().space);
}

TEST_P(StudyStoreContract, FreshRenamesTheOldStudy) {
  const auto old_id = open().study.spec.id;
  save(sample_trial(0));
  reopen();
  const auto fresh = open(sample_spec(), {.fresh = true});
  EXPECT_EQ(fresh.renamed_to, "birds-1");
  EXPECT_FALSE(fresh.resumed);
  EXPECT_THAT(fresh.study.trials, IsEmpty());
  EXPECT_NE(fresh.study.spec.id, old_id);
  EXPECT_EQ(open(sample_spec(), {.fresh = true}).renamed_to, "birds-2");
  reopen();
  const auto old = open(sample_spec("birds-1"));
  EXPECT_EQ(old.study.spec.id, old_id);
  EXPECT_EQ(old.study.trials.size(), 1U);
}

TEST_P(StudyStoreContract, FreshWithoutAnOldStudyJustCreates) {
  const auto fresh = open(sample_spec(), {.fresh = true});
  EXPECT_EQ(fresh.renamed_to, "");
  EXPECT_FALSE(fresh.resumed);
}

TEST_P(StudyStoreContract, FreshKeepsALongNameWithinItsLimit) {
  const std::string longest(63, 'x');
  open(sample_spec(longest));
  const auto fresh = open(sample_spec(longest), {.fresh = true});
  EXPECT_EQ(fresh.renamed_to, std::string(61, 'x') + "-1");
}

TEST_P(StudyStoreContract, RefusesNamesThatAreNoFolders) {
  const std::string too_long(64, 'x');
  for (const auto& name : {std::string(), std::string("../x"), std::string("a/b"),
                           std::string(".hidden"), std::string("a b"), too_long}) {
    const auto refused = store_->open(sample_spec(name), {});
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
  }
}

TEST(StudyStores, NamesTheKnownStores) {
  const auto unknown = make_study_store("postgres", "x.db");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().hint, HasSubstr("sqlite, memory"));
}

}  // namespace
}  // namespace hpo::test
