// On real photos, where HPO_BIRDS names the folder that holds CUB_200_2011/ and weights/.

#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/trainers/program.h"
#include "tests/trainers/serving/client.h"
#include "tests/trainers/training_run.h"
#include "trainers/images/prepare.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;

const Variables kCpu = {{"CUDA_VISIBLE_DEVICES", ""}};

/// How many photos of class folders `hpo serve` gives their folder's class.
int correct_over_http(const fs::path& model, const fs::path& photos) {
  Program server({"serve", model, "--port", "0"}, kCpu);
  const auto line = server.read_line();
  EXPECT_TRUE(line) << server.errors();
  if (!line) return 0;
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
  int correct = 0;
  for (const auto& file : fs::recursive_directory_iterator(photos)) {
    if (!file.is_regular_file()) continue;
    const Bytes bytes = file_content(file.path());
    const auto answer =
        serving::post(port, "application/x-image", std::string(bytes.begin(), bytes.end()));
    EXPECT_TRUE(answer && answer->status == 200) << file.path();
    if (!answer || answer->status != 200) continue;
    const std::string predicted = nlohmann::json::parse(answer->body)["predicted_class"];
    if (predicted == file.path().parent_path().filename()) ++correct;
  }
  return correct;
}

/// The same of `hpo predict`.
int correct_in_bulk(const fs::path& model, const fs::path& photos) {
  const TempFolder folder;
  const auto done = run_program({"predict", model, photos, "--out", folder.path(), "--json"}, kCpu);
  EXPECT_EQ(done.status, 0) << done.errors;
  int correct = 0;
  for (const auto& answer : nlohmann::json::parse(done.output)) {
    const std::string file = answer["file"];
    const std::string predicted = answer["predicted_class"];
    if (file.starts_with(predicted + "/")) ++correct;
  }
  return correct;
}

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
  // Over HTTP one by one, and in bulk, the same birds are told apart; near ties may fall otherwise.
  const double correct = 120 * report["accuracy"].get<double>();
  EXPECT_NEAR(correct_over_http(folder / "trial/model", folder / "data/test"), correct, 2);
  EXPECT_NEAR(correct_in_bulk(folder / "trial/model", folder / "data/test"), correct, 2);
}

}  // namespace
}  // namespace hpo
