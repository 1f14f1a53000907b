// Learning rates, early stops, class weights and backbones in whole trainings.

#include <gmock/gmock.h>

#include "tests/trainers/training_run.h"
#include "trainers/classifier.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* kName = "bird_classifier";

class TrainingScheduleTest : public testing::Test {
 protected:
  Configuration with(const Configuration& changes) const {
    Configuration all = problem_.hyperparameters;
    for (const auto& [name, value] : changes) all[name] = value;
    return all;
  }

  TempFolder folder_;
  const TinyProblem problem_ = tiny_problem(kName, folder_.path());
};

TEST_F(TrainingScheduleTest, EndsPhasesEarlyAndSaysTheModelIsWhole) {
  TrainingRun run(problem_, folder_ / "run");
  // At this rate nothing moves by a ten thousandth.
  const auto trained = run.run(kName, with({{"initial_lr", 1e-12},
                                            {"fine_tuning_lr", 1e-12},
                                            {"batch_size", std::int64_t{12}},
                                            {"augment", std::string("none")},
                                            {"dropout", 0.0},
                                            {"initial_epochs", std::int64_t{50}},
                                            {"fine_tuning_epochs", std::int64_t{50}},
                                            {"early_stop", std::int64_t{2}}}));
  ASSERT_TRUE(trained) << trained.error().message;
  EXPECT_FALSE(trained->stopped);
  EXPECT_LT(trained->epoch, 100);
  EXPECT_THAT(run.log, Contains(HasSubstr("no better loss for 2 epochs")));
}

TEST_F(TrainingScheduleTest, StoppedAndResumedEqualsUninterrupted) {
  const Configuration chosen = with({{"lr_schedule", std::string("plateau")},
                                     {"lr_patience", std::int64_t{1}},
                                     {"initial_epochs", std::int64_t{4}},
                                     {"class_weights", std::string("balanced")},
                                     {"early_stop", std::int64_t{3}}});
  TrainingRun whole(problem_, folder_ / "whole");
  ASSERT_TRUE(whole.run(kName, chosen));
  TrainingRun parts(problem_, folder_ / "parts");
  for (int stops = 0;; ++stops) {
    ASSERT_LT(stops, 100);
    const auto part = parts.run_until(kName, chosen, 3 + stops % 2);
    ASSERT_TRUE(part) << part.error().message;
    if (!part->stopped) break;
  }
  EXPECT_EQ(parts.reports, whole.reports);
  EXPECT_EQ(parts.weights(), whole.weights());
}

TEST_F(TrainingScheduleTest, SchedulesAndWeightsChangeTheTraining) {
  // The classes have as many photos each, so that balanced weights are all 1: one loses a photo.
  fs::remove(*fs::recursive_directory_iterator(fs::directory_iterator(problem_.train)->path()));
  std::vector<Bytes> models;
  for (const Configuration& changes :
       {Configuration{}, Configuration{{"lr_schedule", std::string("cosine")}},
        Configuration{{"class_weights", std::string("balanced")}}}) {
    TrainingRun run(problem_, folder_ / std::to_string(models.size()));
    ASSERT_TRUE(run.run(kName, with(changes)));
    models.push_back(run.weights());
  }
  EXPECT_NE(models[0], models[1]);
  EXPECT_NE(models[0], models[2]);
}

TEST_F(TrainingScheduleTest, TakesTheWidthOfTheWeights) {
  TrainingRun first(problem_, folder_ / "first");
  ASSERT_TRUE(first.run(kName, with({{"alpha", 0.35}, {"fine_tuning_epochs", std::int64_t{0}}})));
  fs::create_directories(folder_ / "weights");
  fs::copy_file(first.context.model / "weights.safetensors", folder_ / "weights/w.safetensors");
  TrainingRun run(problem_, folder_ / "run");
  run.context.channels["weights"] = folder_ / "weights";
  Configuration open = with({});
  open.erase("alpha");
  ASSERT_TRUE(run.run(kName, open));
  const auto model = load_classifier(run.context.model, {});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->manifest().architecture.alpha, 0.35);
}

TEST_F(TrainingScheduleTest, TrainsAResNet50) {
  TrainingRun run(problem_, folder_ / "run");
  const auto trained = run.run(kName, with({{"backbone", std::string("resnet50")},
                                            {"initial_epochs", std::int64_t{1}},
                                            {"fine_tuning_epochs", std::int64_t{0}}}));
  ASSERT_TRUE(trained) << trained.error().message;
  const auto model = load_classifier(run.context.model, {});
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ((*model)->manifest().architecture.backbone, Backbone::resnet50);
  // To MobileNetV2 these are not its tensors.
  TrainingRun other(problem_, folder_ / "other");
  other.context.channels["weights"] = run.context.model;
  const auto refused = other.run(kName, problem_.hyperparameters);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("features.0.0.weight"));
}

}  // namespace
}  // namespace hpo
