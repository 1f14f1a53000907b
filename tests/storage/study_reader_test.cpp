#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>

#include "storage/study_store.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class StudyReaderOfAFile : public testing::Test {
 protected:
  std::unique_ptr<StudyReader> reader() {
    auto made = make_sqlite_reader(file_);
    EXPECT_TRUE(made) << made.error().message;
    return made ? std::move(*made) : nullptr;
  }
  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(StudyReaderOfAFile, LoadsWhatTheStoreKept) {
  const auto before = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
  const StudyProgress progress{.active_s = 0.5, .stop_reason = "", .status = "{}"};
  OpenedStudy opened;
  {
    const auto open = open_store(file_, "birds", {.config = "{\"study\":\"birds\"}"});
    opened = open.opened;
    ASSERT_EQ(fault_of(open.store->save(sample_trial(0))), "");
    ASSERT_EQ(fault_of(open.store->save_progress(progress)), "");
    const auto measured = report(2, 7, "loss", 0.25, 3);
    ASSERT_EQ(fault_of(open.store->add_measurements(0, {&measured, 1})), "");
    EXPECT_EQ(reader()->load("birds").value().holder, getpid());
  }
  const auto loaded = reader()->load("birds");
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(loaded->study.spec, opened.study.spec);
  ASSERT_EQ(loaded->study.trials.size(), 1U);
  EXPECT_EQ(*loaded->study.trials[0], sample_trial(0));
  EXPECT_EQ(loaded->study.last_event, sample_trial(0).finished_event);
  EXPECT_EQ(loaded->progress, progress);
  EXPECT_EQ(loaded->config, "{\"study\":\"birds\"}");
  EXPECT_EQ(loaded->holder, std::nullopt);
  EXPECT_GT(loaded->created_at, before);
  EXPECT_LE(loaded->created_at, std::chrono::system_clock::now());
  EXPECT_THAT(reader()->measurements("birds", 0).value(),
              testing::ElementsAre(report(2, 7, "loss", 0.25, 3)));
}

TEST_F(StudyReaderOfAFile, ListsStudiesOldestFirst) {
  {
    const auto first = open_store(file_, "zebra");
    ASSERT_EQ(save_trials(*first.store, 0, 7), "");
    ASSERT_EQ(fault_of(first.store->save_progress({.stop_reason = "target reached"})), "");
  }
  const auto second = open_store(file_, "albatross");
  const auto list = reader()->list();
  ASSERT_TRUE(list) << list.error().message;
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ(list->at(0).name, "zebra");
  EXPECT_EQ(list->at(0).trials, 7);
  EXPECT_EQ(list->at(0).best_value, 0.0);
  EXPECT_EQ(list->at(0).stop_reason, "target reached");
  EXPECT_EQ(list->at(0).holder, std::nullopt);
  EXPECT_EQ(list->at(1).name, "albatross");
  EXPECT_EQ(list->at(1).id, second.opened.study.spec.id);
  EXPECT_EQ(list->at(1).best_value, std::nullopt);
  EXPECT_EQ(list->at(1).holder, getpid());
}

TEST_F(StudyReaderOfAFile, ListsTheBestValueOfCompleteTrials) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const auto goal : {Goal::minimize, Goal::maximize}) {
    auto spec = sample_spec(to_string(goal));
    spec.objectives[0].goal = goal;
    auto store = make_sqlite_store(file_);
    ASSERT_TRUE((*store)->open(spec, {}));
    const std::vector<std::pair<TrialState, double>> trials = {
        {TrialState::complete, 2.5},
        {TrialState::complete, -0.5},
        {TrialState::complete, 1},
        {TrialState::failed, 99},
        {TrialState::pruned, -99},
        {TrialState::running, kInfinity},
        {TrialState::complete, std::numeric_limits<double>::quiet_NaN()}};
    for (std::size_t i = 0; i < trials.size(); ++i) {
      Trial trial{.number = static_cast<std::int64_t>(i), .state = trials[i].first};
      trial.value = trials[i].second;
      ASSERT_EQ(fault_of((*store)->save(trial)), "");
    }
  }
  const auto list = reader()->list();
  ASSERT_TRUE(list);
  EXPECT_EQ(list->at(0).best_value, -0.5);
  EXPECT_EQ(list->at(1).best_value, 2.5);
}

TEST_F(StudyReaderOfAFile, NamesTheStudiesThatThereAre) {
  ASSERT_EQ(make_file(file_, 1), "");
  ASSERT_EQ(open_store(file_, "branin").fault, "");
  for (const auto& error :
       {reader()->load("brids").error(), reader()->measurements("brids", 0).error(),
        remove_study(file_, "brids").error()}) {
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_THAT(error.message, HasSubstr("no study \"brids\"; there are: birds, branin"));
    EXPECT_EQ(error.hint, "did you mean \"birds\"?");
  }
  EXPECT_THAT(reader()->load("something else").error().hint, HasSubstr("hpo studies"));
  const auto no_trial = reader()->measurements("birds", 5);
  ASSERT_FALSE(no_trial);
  EXPECT_EQ(no_trial.error().code, ErrorCode::not_found);
  EXPECT_THAT(no_trial.error().message, HasSubstr("study \"birds\" has no trial 5"));
}

TEST_F(StudyReaderOfAFile, FollowsAFileThatWasReplaced) {
  ASSERT_EQ(make_file(file_, 2), "");
  const auto open = reader();
  EXPECT_EQ(open->load("birds").value().study.trials.size(), 2U);
  for (const auto& part : {"", "-wal", "-shm"}) fs::remove(file_.string() + part);
  ASSERT_EQ(make_file(file_, 5), "");
  EXPECT_EQ(open->load("birds").value().study.trials.size(), 5U);
}

TEST_F(StudyReaderOfAFile, CopesWithAnyFileName) {
  for (const auto& name : {"a b?c#d%20&e.db", "Eisvögel 鳥.db", ":memory:", "no_extension"}) {
    file_ = folder_ / name;
    ASSERT_EQ(make_file(file_, 1), "") << name;
    EXPECT_EQ(reader()->load("birds").value().study.trials.size(), 1U) << name;
    EXPECT_TRUE(fs::exists(file_)) << name;
  }
}

TEST_F(StudyReaderOfAFile, IsNotNeededToMakeAFolder) {
  EXPECT_EQ(study_folder("/data/hpo.db", "birds"), "/data/hpo.runs/birds");
  EXPECT_EQ(study_folder("/data/my.study.db", "b"), "/data/my.study.runs/b");
  EXPECT_EQ(study_folder("hpo.db", "birds"), fs::current_path() / "hpo.runs/birds");
}

TEST_F(StudyReaderOfAFile, RemovalTakesTheRowsOfOneStudyOnly) {
  ASSERT_EQ(make_file(file_, 3), "");
  {
    const auto other = open_store(file_, "other");
    ASSERT_EQ(save_trials(*other.store, 0, 4), "");
  }
  ASSERT_EQ(fault_of(remove_study(file_, "birds")), "");
  const auto list = reader()->list();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 1U);
  EXPECT_EQ(list->front().name, "other");
  EXPECT_EQ(list->front().trials, 4);
  EXPECT_EQ(reader()->measurements("other", 3).value().size(), 1U);
  EXPECT_TRUE(fs::exists(study_folder(file_, "birds"))) << "folders are the caller's";
  EXPECT_EQ(remove_study(file_, "birds").error().code, ErrorCode::not_found);
  const auto again = open_store(file_);
  EXPECT_FALSE(again.opened.resumed);
  EXPECT_THAT(again.store->measurements(0).value(), IsEmpty());
}

TEST_F(StudyReaderOfAFile, RemovalRefusesAStudyThatRuns) {
  const auto open = open_store(file_);
  const auto refused = remove_study(file_, "birds");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::held);
  EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(getpid())));
  EXPECT_EQ(save_trials(*open.store, 0, 1), "");
}

}  // namespace
}  // namespace hpo::test
