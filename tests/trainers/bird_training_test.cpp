// What the bird trainer promises beyond the contract: weights, caches, phases, failures.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "tests/trainers/training_run.h"
#include "trainers/images/cache_room.h"
#include "trainers/safetensors.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* kName = "bird_classifier";

class BirdTraining : public testing::Test {
 protected:
  /// A channel `weights` without ImageNet: a narrow network's, trained for one epoch.
  fs::path make_weights() {
    TrainingRun run(problem_, folder_ / "pretrained");
    Configuration short_one = problem_.hyperparameters;
    short_one["fine_tuning_epochs"] = std::int64_t{0};
    EXPECT_TRUE(run.run(kName, short_one));
    fs::create_directories(folder_ / "weights");
    fs::copy_file(run.context.model / "weights.safetensors", folder_ / "weights/w.safetensors");
    return folder_ / "weights";
  }

  Configuration with(const std::string& name, const ParameterValue& value) const {
    Configuration changed = problem_.hyperparameters;
    changed[name] = value;
    return changed;
  }

  TempFolder folder_;
  const TinyProblem problem_ = tiny_problem(kName, folder_.path());
};

TEST_F(BirdTraining, ReportsFourMetricsPerEpochOverBothPhases) {
  TrainingRun run(problem_, folder_ / "run");
  ASSERT_TRUE(run.run(kName, problem_.hyperparameters));
  EXPECT_EQ(run.reports.size(), 16U);
  EXPECT_THAT(run.reports.front(), testing::StartsWith("1 train:accuracy "));
  EXPECT_THAT(run.reports.back(), testing::StartsWith("4 validation:loss "));
}

TEST_F(BirdTraining, GivesTheSameModelWithAndWithoutTheCache) {
  const fs::path weights = make_weights();
  std::vector<std::vector<std::string>> reports;
  std::vector<Bytes> weights_after;
  for (const bool cached : {true, true, false}) {
    TrainingRun run(problem_, folder_ / std::to_string(reports.size()));
    run.context.channels["weights"] = weights;
    run.context.cache = cached ? folder_ / "cache" : fs::path();
    Configuration chosen = with("cache", cached);
    chosen["fine_tune_from"] = std::int64_t{15};
    chosen["batch_size"] = std::int64_t{5};  // groups of the frozen layers are of another size
    const auto trained = run.run(kName, chosen);
    ASSERT_TRUE(trained) << trained.error().message;
    reports.push_back(run.reports);
    weights_after.push_back(run.weights());
  }
  EXPECT_EQ(reports[0], reports[1]);
  EXPECT_EQ(reports[0], reports[2]);
  EXPECT_EQ(weights_after[0], weights_after[1]);
  EXPECT_EQ(weights_after[0], weights_after[2]);
}

TEST_F(BirdTraining, GivesTheSameModelWhereTheCacheIsTooSmallOrHasAnotherCut) {
  const fs::path weights = make_weights();
  Configuration chosen = with("rotation", 0.1);
  chosen["fine_tune_from"] = std::int64_t{15};
  std::vector<Bytes> models;
  const auto train = [&](const fs::path& cache, std::uint64_t most) {
    TrainingRun run(problem_, folder_ / std::to_string(models.size()));
    run.context.channels["weights"] = weights;
    run.context.cache = cache;
    run.context.cache_max = most;
    const auto trained = run.run(kName, chosen);
    EXPECT_TRUE(trained) << trained.error().message;
    models.push_back(run.weights());
    return run.log;
  };
  train(folder_ / "cache", kNoLimit);
  const auto log = train(folder_ / "tiny", 100'000);
  EXPECT_THAT(log, Contains(HasSubstr("MiB")));
  const std::size_t seen = models.size();
  chosen["fine_tune_from"] = std::int64_t{12};  // leaves rows of an earlier block
  train(folder_ / "other", kNoLimit);
  chosen["fine_tune_from"] = std::int64_t{15};
  train(folder_ / "other", kNoLimit);
  EXPECT_EQ(models[0], models[1]);
  EXPECT_EQ(models[0], models[seen + 1]);
}

TEST_F(BirdTraining, DrawsFewViewsWithWeightsAndNewOnesFromScratch) {
  const fs::path weights = make_weights();
  const auto blobs = [&](const Configuration& chosen, const char* cache, bool pretrained) {
    TrainingRun run(problem_, folder_ / cache / "run");
    if (pretrained) run.context.channels["weights"] = weights;
    run.context.cache = folder_ / cache;
    EXPECT_TRUE(run.run(kName, chosen));
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder_ / cache)) {
      if (entry.path().extension() == ".blob") ++count;
    }
    return count;
  };
  constexpr std::size_t kPixels = 2;  // training and validation
  EXPECT_EQ(blobs(problem_.hyperparameters, "scratch", false), kPixels);
  // Two cuts, each with the photo, its mirror, and the validation photos.
  EXPECT_EQ(blobs(problem_.hyperparameters, "flip", true), kPixels + 2 * 3);
  EXPECT_EQ(blobs(with("rotation", 0.2), "turned", true), kPixels + 2 * 5);
  Configuration three = with("crop", 0.2);
  three["views"] = std::int64_t{3};
  EXPECT_EQ(blobs(three, "three", true), kPixels + 2 * 4);
  // The validation photos are cached all the same.
  EXPECT_EQ(blobs(with("views", std::int64_t{0}), "fresh", true), kPixels + 2);
}

TEST_F(BirdTraining, LeavesFrozenLayersAsTheyWere) {
  const fs::path weights = make_weights();
  TrainingRun run(problem_, folder_ / "run");
  run.context.channels["weights"] = weights;
  ASSERT_TRUE(run.run(kName, with("fine_tune_from", std::int64_t{17})));
  const auto before = read_safetensors(weights / "w.safetensors");
  const auto after = read_safetensors(run.context.model / "weights.safetensors");
  ASSERT_TRUE(before && after);
  const auto is_same = [&](const std::string& name) {
    return std::ranges::equal(before->tensors.at(name).bytes, after->tensors.at(name).bytes);
  };
  EXPECT_TRUE(is_same("features.16.conv.1.0.weight"));
  EXPECT_FALSE(is_same("features.17.conv.1.0.weight"));
  // BatchNorm keeps ImageNet's statistics, also where its scale is tuned.
  EXPECT_TRUE(is_same("features.17.conv.1.1.running_mean"));
  EXPECT_FALSE(is_same("features.17.conv.1.1.weight"));
}

TEST_F(BirdTraining, KeepsTheBestEpochsModelWhereTheObjectiveSaysSo) {
  TrainingRun run(problem_, folder_ / "run");
  run.context.objective = ObjectiveSpec{"validation:loss", Goal::minimize, ValueRule::best};
  const auto trained = run.run(kName, problem_.hyperparameters);
  ASSERT_TRUE(trained) << trained.error().message;
  const auto losses = run.values("validation:loss");
  EXPECT_EQ(trained->metrics.at("validation:loss"), *std::ranges::min_element(losses));
  EXPECT_EQ(losses[static_cast<std::size_t>(trained->epoch) - 1],
            trained->metrics.at("validation:loss"));
}

TEST_F(BirdTraining, ReportsNanAndFails) {
  TrainingRun run(problem_, folder_ / "run");
  run.context.objective = ObjectiveSpec{"validation:accuracy", Goal::maximize, ValueRule::last};
  Configuration wild = with("optimizer", std::string("sgd"));
  wild["initial_lr"] = 10.0;
  wild["initial_epochs"] = std::int64_t{60};
  wild["weight_decay"] = 1.0;
  const auto trained = run.run(kName, wild);
  ASSERT_FALSE(trained);
  EXPECT_EQ(trained.error().code, ErrorCode::numerical);
  ASSERT_FALSE(run.values("validation:accuracy").empty());
  EXPECT_TRUE(std::isnan(run.values("validation:accuracy").back()));
}

TEST_F(BirdTraining, BeginsAnewWhereTheCheckpointIsDamagedOrForeign) {
  TrainingRun whole(problem_, folder_ / "whole");
  ASSERT_TRUE(whole.run(kName, problem_.hyperparameters));
  TrainingRun run(problem_, folder_ / "run");
  ASSERT_TRUE(run.run_until(kName, problem_.hyperparameters, 6));
  for (const auto& entry : fs::directory_iterator(run.context.checkpoints)) {
    if (entry.path().extension() != ".safetensors") continue;
    Bytes bytes = file_content(entry.path());
    bytes[bytes.size() / 2] ^= 1;
    write_file(entry.path(), bytes);
  }
  ASSERT_TRUE(run.run(kName, problem_.hyperparameters));
  EXPECT_THAT(run.log, Contains(HasSubstr("SHA-256 is wrong; training begins anew")));
  EXPECT_EQ(run.weights(), whole.weights());
  ASSERT_TRUE(run.run(kName, with("dropout", 0.1)));
  EXPECT_THAT(run.log, Contains(HasSubstr("other hyperparameters or data")));
  Configuration shorter = with("dropout", 0.1);
  shorter["fine_tuning_epochs"] = std::int64_t{1};
  ASSERT_TRUE(run.run(kName, shorter));
  EXPECT_THAT(run.log, Contains(HasSubstr("beyond the epochs asked for")));
  EXPECT_EQ(run.values("train:loss").size(), 3U);
}

TEST_F(BirdTraining, GoesOnWithMoreEpochs) {
  TrainingRun whole(problem_, folder_ / "whole");
  const Configuration longer = with("fine_tuning_epochs", std::int64_t{4});
  ASSERT_TRUE(whole.run(kName, longer));
  TrainingRun run(problem_, folder_ / "run");
  ASSERT_TRUE(run.run(kName, problem_.hyperparameters));
  ASSERT_TRUE(run.run(kName, longer));
  EXPECT_EQ(run.reports, whole.reports);
  EXPECT_EQ(run.weights(), whole.weights());
}

TEST_F(BirdTraining, RefusesWeightsThatDoNotFit) {
  const fs::path weights = make_weights();
  TrainingRun run(problem_, folder_ / "run");
  run.context.channels["weights"] = weights;
  const auto wider = run.run(kName, with("alpha", 1.0));
  ASSERT_FALSE(wider);
  EXPECT_EQ(wider.error().code, ErrorCode::corrupt);
  EXPECT_THAT(wider.error().message, HasSubstr("expected [32, 3, 3, 3]"));
  write_file(weights / "second.safetensors", Bytes{1});
  const auto two = run.run(kName, problem_.hyperparameters);
  ASSERT_FALSE(two);
  EXPECT_THAT(two.error().message, HasSubstr("exactly one .safetensors or .pth file, found 2"));
}

TEST_F(BirdTraining, NeedsATrainingChannelOfSeveralClasses) {
  TrainingRun run(problem_, folder_ / "run");
  run.context.channels.clear();
  EXPECT_THAT(run.run(kName, problem_.hyperparameters).error().message,
              HasSubstr("no channel train"));
  write_file(folder_ / "one/a/1.jpg", jpeg_bytes(1));
  run.context.channels["train"] = folder_ / "one";
  EXPECT_THAT(run.run(kName, problem_.hyperparameters).error().message, HasSubstr("single class"));
}

TEST_F(BirdTraining, SkipsDamagedPhotosAndSaysSo) {
  TrainingRun run(problem_, folder_ / "run");
  write_file(fs::directory_iterator(problem_.train)->path() / "png.jpg", png_bytes());
  ASSERT_TRUE(run.run(kName, problem_.hyperparameters));
  EXPECT_THAT(run.log, Contains(HasSubstr("png.jpg")));
}

TEST_F(BirdTraining, TrainsWithoutAValidationChannel) {
  TrainingRun run(problem_, folder_ / "run");
  run.context.channels.erase("validation");
  ASSERT_TRUE(run.run(kName, problem_.hyperparameters));
  EXPECT_EQ(run.reports.size(), 8U);
}

}  // namespace
}  // namespace hpo
