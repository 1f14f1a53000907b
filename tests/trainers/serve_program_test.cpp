// `hpo-model serve` itself: a process, its port, its signals.

#include <gmock/gmock.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "storage/model_package.h"
#include "tests/trainers/program.h"
#include "tests/trainers/serving/client.h"
#include "tests/trainers/training_run.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using serving::Client;
using serving::get;
using serving::post;
using testing::HasSubstr;

class ServeProgram : public testing::Test {
 protected:
  ServeProgram() : problem_(tiny_problem("bird_classifier", folder_.path())) {
    TrainingRun training(problem_, folder_ / "trial");
    const auto trained = training.run("bird_classifier", problem_.hyperparameters);
    EXPECT_TRUE(trained) << trained.error().message;
  }

  [[nodiscard]] fs::path model() const { return folder_ / "trial/model"; }
  [[nodiscard]] std::string photo() const {
    for (const auto& entry : fs::recursive_directory_iterator(problem_.validation)) {
      if (!entry.is_regular_file()) continue;
      const Bytes bytes = file_content(entry.path());
      return {bytes.begin(), bytes.end()};
    }
    return {};
  }

  TempFolder folder_;
  TinyProblem problem_;
};

const Variables kCpu = {{"CUDA_VISIBLE_DEVICES", ""}, {"OMP_NUM_THREADS", "2"}};

Variables with(Variables all, const Variables& more) {
  all.insert(more.begin(), more.end());
  return all;
}

/// The port in `serving ... at http://127.0.0.1:PORT`; 0 where the program ended instead.
std::uint16_t port_of(Program& program) {
  const auto line = program.read_line();
  if (!line) return 0;
  return static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
}

TEST_F(ServeProgram, AnswersOnAFreePortAndDrainsOnSigterm) {
  const fs::path package = folder_ / "model.tar.gz";
  ASSERT_TRUE(write_model_package(model(), json{{"study", "birds"}}, package));
  Program program({"serve", package, "--port", "0"}, kCpu);
  const std::uint16_t port = port_of(program);
  ASSERT_NE(port, 0) << program.errors();
  EXPECT_EQ(get(port, "/ping")->status, 200);
  const auto answer = post(port, "application/x-image", photo());
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->status, 200) << answer->body;
  const json prediction = json::parse(answer->body);
  EXPECT_EQ(prediction["class_labels"].size(), 3U);
  EXPECT_THAT(prediction["class_labels"], testing::Contains(prediction["predicted_class"]));
  double sum = 0;
  for (const double p : prediction["probabilities"][0]) sum += p;
  EXPECT_NEAR(sum, 1, 1e-6);
  Client kept(port);  // an open connection without a request keeps nobody waiting
  ASSERT_TRUE(kept.send(serving::request("GET", "/ping")));
  ASSERT_EQ(kept.read()->status, 200);
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << program.errors();
  EXPECT_TRUE(kept.is_closed());
  EXPECT_THAT(program.errors(), HasSubstr(R"("target":"/invocations","status":200)"));
}

/// oneDNN sums in another order where a batch is larger, in single precision.
constexpr double kBatchTolerance = 1e-5;

TEST_F(ServeProgram, PredictsAsBatchPredictionDoes) {
  const auto predicted =
      run_program({"predict", model(), problem_.validation, "--out", folder_ / "out"}, kCpu);
  ASSERT_EQ(predicted.status, 0) << predicted.errors;
  Program program({"serve", model(), "--port", "0", "--no-access-log"}, kCpu);
  const std::uint16_t port = port_of(program);
  ASSERT_NE(port, 0) << program.errors();
  int compared = 0;
  for (const auto& entry : fs::recursive_directory_iterator(problem_.validation)) {
    if (!entry.is_regular_file()) continue;
    const Bytes bytes = file_content(entry.path());
    const auto answer = post(port, "image/jpeg", std::string(bytes.begin(), bytes.end()));
    ASSERT_TRUE(answer);
    const std::string name = entry.path().lexically_relative(problem_.validation);
    const Bytes out = file_content(folder_ / "out" / (name + ".out"));
    const json alone = json::parse(answer->body);
    const json in_batch = json::parse(out.begin(), out.end());
    EXPECT_EQ(alone["class_labels"], in_batch["class_labels"]);
    for (std::size_t i = 0; i < 3; ++i) {
      const double p = alone["probabilities"][0][i];
      EXPECT_NEAR(p, in_batch["probabilities"][0][i], kBatchTolerance);
    }
    ++compared;
  }
  EXPECT_EQ(compared, 6);
  EXPECT_EQ(program.errors(), "");
}

TEST_F(ServeProgram, IsConfiguredAsSageMakerConfiguresContainers) {
  Program program({"serve"}, with(kCpu, {{"SAGEMAKER_BASE_DIR", folder_ / "trial"},
                                         {"SAGEMAKER_BIND_TO_PORT", "0"},
                                         {"SAGEMAKER_MODEL_SERVER_WORKERS", "3"},
                                         {"SAGEMAKER_MAX_PAYLOAD_IN_MB", "2"}}));
  const auto line = program.read_line();
  ASSERT_TRUE(line) << program.errors();
  EXPECT_THAT(*line, HasSubstr("http://0.0.0.0:"));
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
  const auto parameters = get(port, "/execution-parameters");
  ASSERT_TRUE(parameters);
  EXPECT_EQ(json::parse(parameters->body), (json{{"MaxConcurrentTransforms", 6},
                                                 {"BatchStrategy", "SINGLE_RECORD"},
                                                 {"MaxPayloadInMB", 2}}));
  EXPECT_EQ(post(port, "image/jpeg", std::string((2 << 20) + 1, 'x'))->status, 413);
  program.send(SIGINT);
  EXPECT_EQ(program.wait(), 0) << program.errors();
}

TEST_F(ServeProgram, EndsWellWhereItIsStoppedBeforeItServes) {
  Program program({"serve", model(), "--port", "0"}, kCpu);
  ASSERT_NE(port_of(program), 0);  // its handlers stand before this line is printed
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0) << program.errors();
}

TEST_F(ServeProgram, LivesOnWhenNobodyReadsItsLog) {
  Program program({"serve", model(), "--port", "0"}, kCpu, Program::Errors::nobody_reads);
  const std::uint16_t port = port_of(program);
  ASSERT_NE(port, 0);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(port, "/ping")->status, 200);
  program.send(SIGTERM);
  EXPECT_EQ(program.wait(), 0);
}

TEST_F(ServeProgram, SaysWhyItDoesNotStart) {
  EXPECT_EQ(run_program({"serve", folder_ / "none"}, kCpu).status, 2);
  const auto variable =
      run_program({"serve", model()}, with(kCpu, {{"SAGEMAKER_BIND_TO_PORT", "http"}}));
  EXPECT_EQ(variable.status, 2);
  EXPECT_THAT(variable.errors, HasSubstr("SAGEMAKER_BIND_TO_PORT"));
  Program first({"serve", model(), "--port", "0"}, kCpu);
  const std::uint16_t port = port_of(first);
  ASSERT_NE(port, 0);
  const auto taken = run_program({"serve", model(), "--port", std::to_string(port)}, kCpu);
  EXPECT_EQ(taken.status, 3);
  EXPECT_THAT(taken.errors, HasSubstr("--port 0 takes any that is free"));
  const auto none = run_program({"serve"}, with(kCpu, {{"SAGEMAKER_BASE_DIR", folder_ / "no"}}));
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.errors, HasSubstr("hpo serve MODEL"));
}

}  // namespace
}  // namespace hpo
