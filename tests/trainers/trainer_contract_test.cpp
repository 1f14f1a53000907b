// What every trainer of the table must do.

#include <gmock/gmock.h>

#include "tests/trainers/training_run.h"
#include "trainers/classifier.h"
#include "trainers/images/jpeg.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

class TrainerContract : public testing::TestWithParam<std::string_view> {
 protected:
  TempFolder folder_;
  const TinyProblem problem_ = tiny_problem(GetParam(), folder_.path());

  /// The problem with the metric named that decides which epoch's model is kept.
  void expect_resumed_equals_uninterrupted(std::optional<ObjectiveSpec> objective) {
    TrainingRun whole(problem_, folder_ / "whole");
    whole.context.objective = objective;
    ASSERT_TRUE(whole.run(GetParam(), problem_.hyperparameters));
    TrainingRun parts(problem_, folder_ / "parts");
    parts.context.objective = objective;
    int stops = 0;
    while (true) {
      ASSERT_LT(stops, 1000) << "it makes no progress";
      // Every start gets one batch further than its checkpoint, plus a few now and then.
      const auto part = parts.run_until(GetParam(), problem_.hyperparameters, 1 + stops % 3);
      ASSERT_TRUE(part) << part.error().message;
      if (!part->stopped) break;
      ++stops;
    }
    EXPECT_GT(stops, 4);
    EXPECT_EQ(parts.reports, whole.reports);
    EXPECT_EQ(parts.weights(), whole.weights());
  }
};

TEST_P(TrainerContract, LowersTheLossOnATinySet) {
  TrainingRun run(problem_, folder_ / "run");
  const auto trained = run.run(GetParam(), problem_.thorough);
  ASSERT_TRUE(trained) << trained.error().message;
  const auto losses = run.values("train:loss");
  ASSERT_GT(losses.size(), 4U);
  EXPECT_LT(losses.back(), 0.7 * losses.front());
}

TEST_P(TrainerContract, GivesTheSameModelForTheSameSeedAndAnotherForAnother) {
  std::vector<std::vector<std::string>> reports;
  std::vector<Bytes> weights;
  for (const std::uint64_t seed : {5, 5, 6}) {
    TrainingRun run(problem_, folder_ / std::to_string(reports.size()));
    run.context.seed = seed;
    ASSERT_TRUE(run.run(GetParam(), problem_.hyperparameters));
    reports.push_back(run.reports);
    weights.push_back(run.weights());
  }
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(weights[0], weights[1]);
  EXPECT_NE(reports[0], reports[2]);
}

TEST_P(TrainerContract, StoppedAndResumedEqualsUninterrupted) {
  expect_resumed_equals_uninterrupted({});
}

TEST_P(TrainerContract, StoppedAndResumedKeepsTheSameBestEpoch) {
  expect_resumed_equals_uninterrupted(
      ObjectiveSpec{"validation:loss", Goal::minimize, ValueRule::best});
}

TEST_P(TrainerContract, LeavesAModelAlsoWhenItIsStopped) {
  TrainingRun run(problem_, folder_ / "run");
  const auto stopped = run.run_until(GetParam(), problem_.hyperparameters, 2);
  ASSERT_TRUE(stopped) << stopped.error().message;
  EXPECT_TRUE(stopped->stopped);
  EXPECT_TRUE(load_classifier(run.context.model, {}));
}

TEST_P(TrainerContract, ReloadedModelsAnswerAlikeAndAddUpToOne) {
  TrainingRun run(problem_, folder_ / "run");
  ASSERT_TRUE(run.run(GetParam(), problem_.hyperparameters));
  const auto photo = [&] {
    for (const auto& entry : fs::recursive_directory_iterator(problem_.train)) {
      if (entry.is_regular_file()) return read_jpeg(entry.path());
    }
    return Result<Image>();
  }();
  ASSERT_TRUE(photo);
  std::vector<std::vector<double>> answers;
  for (int i = 0; i < 2; ++i) {
    const auto model = load_classifier(run.context.model, {});
    ASSERT_TRUE(model) << model.error().message;
    const auto rows = (*model)->predict({&*photo, 1});
    ASSERT_TRUE(rows) << rows.error().message;
    answers.push_back(rows->front());
  }
  EXPECT_EQ(answers[0], answers[1]);
  double sum = 0;
  for (const double p : answers[0]) sum += p;
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST_P(TrainerContract, RefusesUnknownHyperparameters) {
  TrainingRun run(problem_, folder_ / "run");
  const auto trained = run.run(GetParam(), {{"no_such_thing", std::int64_t{1}}});
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, ErrorCode::usage);
  EXPECT_THAT(trained.error().message, testing::HasSubstr("no_such_thing"));
}

INSTANTIATE_TEST_SUITE_P(All, TrainerContract, testing::ValuesIn(trainer_names()),
                         [](const auto& param) { return std::string(param.param); });

TEST(Trainers, UnknownNamesAreAnsweredWithTheKnownOnes) {
  const auto made = make_trainer("fish_classifier");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().hint, testing::HasSubstr("bird_classifier"));
}

}  // namespace
}  // namespace hpo
