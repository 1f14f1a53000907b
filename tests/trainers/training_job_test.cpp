#include "trainers/training_job.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <map>

#include "tests/trainers/images/photo_files.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Environment variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(TrainingJob, ReadsHyperparametersAsSageMakerWritesThem) {
  TempFolder folder;
  write_file(folder / "input/config/hyperparameters.json",
             std::string(R"({"lr":"0.001","epochs":"3","optimizer":"\"adam\"","raw":"sgd",)"
                         R"("flag":"true","list":"[1,2]","number":7})"));
  const auto job = read_training_job(folder.path(), variables({}));
  ASSERT_TRUE(job) << job.error().message;
  const Configuration expected = {{"lr", 0.001},
                                  {"epochs", std::int64_t{3}},
                                  {"optimizer", std::string("adam")},
                                  {"raw", std::string("sgd")},
                                  {"flag", true},
                                  {"list", std::string("[1,2]")},
                                  {"number", std::int64_t{7}}};
  EXPECT_EQ(job->hyperparameters, expected);
}

TEST(TrainingJob, ReadsFoldersAndVariables) {
  TempFolder folder;
  fs::create_directories(folder / "input/data/train");
  fs::create_directories(folder / "photos");
  fs::create_directory_symlink(folder / "photos", folder / "input/data/validation");
  const auto job =
      read_training_job(folder.path(), variables({{"HPO_SEED", "18446744073709551615"},
                                                  {"HPO_CACHE_DIR", "/cache"},
                                                  {"HPO_CACHE_MAX", "77"},
                                                  {"OMP_NUM_THREADS", "3"},
                                                  {"HPO_OBJECTIVE_METRIC", "validation:loss"},
                                                  {"HPO_OBJECTIVE_GOAL", "maximize"},
                                                  {"HPO_OBJECTIVE_VALUE", "best"}}));
  ASSERT_TRUE(job) << job.error().message;
  EXPECT_EQ(job->context.channels.size(), 2U);
  EXPECT_TRUE(job->context.channels.contains("validation"));
  EXPECT_EQ(job->context.seed, 18446744073709551615U);
  EXPECT_EQ(job->context.threads, 3);
  EXPECT_EQ(job->context.cache, "/cache");
  EXPECT_EQ(job->context.cache_max, 77U);
  const ObjectiveSpec objective{"validation:loss", Goal::maximize, ValueRule::best};
  EXPECT_EQ(job->context.objective, objective);
}

TEST(TrainingJob, SaysWhatCannotBeRead) {
  TempFolder folder;
  const auto message = [&](std::map<std::string, std::string> values) {
    return read_training_job(folder.path(), variables(std::move(values))).error().message;
  };
  EXPECT_THAT(message({{"HPO_SEED", "12x"}}), HasSubstr("HPO_SEED=12x"));
  EXPECT_THAT(message({{"OMP_NUM_THREADS", "0"}}), HasSubstr("OMP_NUM_THREADS"));
  EXPECT_THAT(message({{"HPO_OBJECTIVE_METRIC", "m"}, {"HPO_OBJECTIVE_GOAL", "up"}}),
              HasSubstr("minimize or maximize"));
  write_file(folder / "input/config/hyperparameters.json", std::string("[1]"));
  EXPECT_THAT(message({}), HasSubstr("one JSON object"));
  EXPECT_EQ(read_training_job(folder / "none", variables({})).error().code, ErrorCode::not_found);
}

TEST(TrainingJob, HasAGpuOnlyWhereOneIsLeased) {
  EXPECT_FALSE(is_gpu_leased(variables({})));
  EXPECT_FALSE(is_gpu_leased(variables({{"CUDA_VISIBLE_DEVICES", ""}})));
  EXPECT_FALSE(is_gpu_leased(variables({{"CUDA_VISIBLE_DEVICES", "-1"}})));
  EXPECT_TRUE(is_gpu_leased(variables({{"CUDA_VISIBLE_DEVICES", "GPU-1"}})));
}

TEST(TrainingJob, PrintsMetricsAsJsonThatAlsoKnowsNan) {
  EXPECT_EQ(metric_line("validation:loss", 0.5, 3),
            R"({"metric":"validation:loss","value":0.5,"step":3})");
  EXPECT_THAT(metric_line("m", std::nan(""), 1), HasSubstr(":NaN,"));
  EXPECT_THAT(metric_line("m", -std::numeric_limits<double>::infinity(), 1),
              HasSubstr(":-Infinity,"));
}

TEST(TrainingJob, CutsTheFailureAtWhatSageMakerShows) {
  TempFolder folder;
  const Error error{.message = std::string(2000, 'x'), .hint = "try again"};
  ASSERT_TRUE(write_failure(folder / "output/failure", error));
  EXPECT_EQ(file_content(folder / "output/failure").size(), 1024U);
}

}  // namespace
}  // namespace hpo
