#include "engine/scheduling/keep.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/trial_directory.h"
#include "tests/support/fake_store.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class KeepTest : public testing::Test {
 protected:
  KeepTest() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder = fs::path(testing::TempDir()) /
             ("keep-" + std::to_string(getpid()) + "-" + test->name()) / "study";
    fs::create_directories(folder);
  }
  ~KeepTest() override { fs::remove_all(folder.parent_path()); }

  /// A trial with a model and a checkpoint on disk.
  void add(TrialState state, std::optional<double> value) {
    const auto number = static_cast<std::int64_t>(study.trials.size());
    const TrialDirectory directory = trial_directory(folder, number);
    for (const auto& path : {directory.model(), directory.checkpoints()}) {
      fs::create_directories(path);
      std::ofstream(path / "file") << "content";
    }
    const std::string artifact = is_finished(state) ? directory.model().string() : "";
    study.trials.push_back(std::make_shared<Trial>(
        Trial{.number = number, .state = state, .value = value, .artifact = artifact}));
  }

  [[nodiscard]] std::vector<std::int64_t> left(const char* what) const {
    std::vector<std::int64_t> numbers;
    for (const auto& trial : study.trials) {
      if (fs::exists(folder / std::to_string(trial->number) / what)) {
        numbers.push_back(trial->number);
      }
    }
    return numbers;
  }

  Study sweep(const KeepSpec& spec) {
    Ledger ledger(study, store);
    Keeper keeper(spec, folder);
    EXPECT_TRUE(keeper.sweep(ledger));
    EXPECT_TRUE(keeper.take_problems().empty());
    return ledger.study();
  }

  fs::path folder;
  FakeStore store = {};
  Study study = {.spec = {.objectives = {{.metric = "m", .goal = Goal::minimize}}}};
};

TEST_F(KeepTest, KeepsTheBestModels) {
  for (const double value : {3.0, 1.0, 2.0, 1.0}) add(TrialState::complete, value);
  add(TrialState::failed, std::nullopt);
  add(TrialState::pruned, 0.1);
  add(TrialState::running, std::nullopt);
  const Study after = sweep({.models = 2});
  EXPECT_THAT(left("model"), ElementsAre(1, 3, 6));
  EXPECT_EQ(after.trials[0]->artifact, "");
  EXPECT_EQ(store.trials.at(0).artifact, "");
  EXPECT_NE(after.trials[1]->artifact, "");
  EXPECT_EQ(store.trials.size(), 4U);
}

TEST_F(KeepTest, KeepsNoneIfAskedTo) {
  add(TrialState::complete, 1.0);
  sweep({.models = 0});
  EXPECT_THAT(left("model"), ElementsAre());
}

TEST_F(KeepTest, KeepsCheckpointsAsAsked) {
  add(TrialState::complete, 1.0);
  add(TrialState::waiting, std::nullopt);
  add(TrialState::running, std::nullopt);
  sweep({.checkpoints = KeepCheckpoints::all});
  EXPECT_THAT(left("checkpoints"), ElementsAre(0, 1, 2));
  sweep({.checkpoints = KeepCheckpoints::unfinished});
  EXPECT_THAT(left("checkpoints"), ElementsAre(1, 2));
  sweep({.checkpoints = KeepCheckpoints::none});
  EXPECT_THAT(left("checkpoints"), ElementsAre(2));
}

TEST_F(KeepTest, FinishesWhatACrashInterrupted) {
  add(TrialState::complete, 1.0);
  add(TrialState::complete, 2.0);
  fs::remove_all(folder / "1" / "model");  // removed, but not yet recorded
  const Study after = sweep({.models = 1});
  EXPECT_EQ(after.trials[1]->artifact, "");
  EXPECT_THAT(left("model"), ElementsAre(0));
}

TEST_F(KeepTest, TouchesNothingOutsideTheTrialsFolder) {
  const fs::path elsewhere = folder.parent_path() / "elsewhere";
  fs::create_directories(elsewhere);
  add(TrialState::complete, 1.0);
  add(TrialState::complete, 2.0);
  add(TrialState::complete, 3.0);
  fs::create_directory_symlink(elsewhere, folder / "1" / "link");
  const std::vector<std::string> artifacts = {(folder / "0" / ".." / "1" / "model").string(),
                                              (folder / "1" / "link").string(),
                                              "s3://bucket/model.tar.gz"};
  for (std::size_t i = 0; i < 3; ++i) {
    Trial trial = *study.trials[i];
    trial.artifact = artifacts[i];
    study.trials[i] = std::make_shared<Trial>(trial);
  }
  const Study after = sweep({.models = 0});
  EXPECT_THAT(left("model"), ElementsAre(0, 1, 2));
  EXPECT_TRUE(fs::exists(elsewhere));
  EXPECT_EQ(after.trials[2]->artifact, "s3://bucket/model.tar.gz");
}

TEST_F(KeepTest, RemovesAfterEachTrial) {
  add(TrialState::complete, 2.0);
  Ledger ledger(study, store);
  Keeper keeper({.models = 1}, folder);
  add(TrialState::running, std::nullopt);
  ASSERT_TRUE(ledger.create(*study.trials[1]));
  Trial better = *study.trials[1];
  better.state = TrialState::complete;
  better.value = 1.0;
  better.artifact = (folder / "1" / "model").string();
  ASSERT_TRUE(ledger.finish(better));
  ASSERT_TRUE(keeper.after(ledger, 1));
  EXPECT_THAT(left("model"), ElementsAre(1));
  EXPECT_THAT(left("checkpoints"), ElementsAre(0));  // 0 ended before this run: sweep's
}

}  // namespace
}  // namespace hpo
