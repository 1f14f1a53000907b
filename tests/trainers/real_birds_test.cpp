// On real photos, where HPO_BIRDS names the folder that holds CUB_200_2011/ and weights/.

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/trainers/program.h"
#include "tests/trainers/training_run.h"
#include "trainers/images/prepare.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

TEST(RealBirds, SixSpeciesAreToldApartWithTheDefaults) {
  const char* birds = std::getenv("HPO_BIRDS");
  if (birds == nullptr) GTEST_SKIP() << "HPO_BIRDS is not set";
  TempFolder folder;
  const auto made = prepare_channels({.source = fs::path(birds) / "CUB_200_2011",
                                      .out = folder / "data",
                                      .validation = 1.0 / 3,
                                      .seed = 1});
  ASSERT_TRUE(made) << made.error().message;
  write_file(folder / "trial/input/config/hyperparameters.json",
             std::string(R"({"fine_tuning_epochs":"3"})"));
  fs::create_directories(folder / "trial/input/data");
  for (const char* channel : {"train", "validation"}) {
    fs::create_directory_symlink(folder / "data" / channel, folder / "trial/input/data" / channel);
  }
  fs::create_directory_symlink(fs::path(birds) / "weights", folder / "trial/input/data/weights");
  const Variables variables = {{"SAGEMAKER_BASE_DIR", folder / "trial"},
                               {"HPO_SEED", "1"},
                               {"OMP_NUM_THREADS", "1"},
                               {"CUDA_VISIBLE_DEVICES", ""}};
  const auto trained = run_program({"train"}, variables);
  ASSERT_EQ(trained.status, 0) << trained.errors;
  const auto evaluated =
      run_program({"evaluate", folder / "trial/model", folder / "data/test", "--json"});
  ASSERT_EQ(evaluated.status, 0) << evaluated.errors;
  const auto report = nlohmann::json::parse(evaluated.output);
  EXPECT_EQ(report["photos"], 120);
  EXPECT_GT(report["accuracy"], 0.55);  // chance is 0.17
}

}  // namespace
}  // namespace hpo
