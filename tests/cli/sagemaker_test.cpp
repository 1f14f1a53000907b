// Studies on SageMaker, from the tuning file to the last job, against the stand-in.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "tests/cli/hpo_program.h"
#include "tests/engine/aws/stand_in.h"
#include "tests/support/paths.h"

namespace hpo::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class SageMakerStudy : public testing::Test {
 protected:
  SageMakerStudy() {
    stand_in_.control("bucket", {{"name", "bkt"}});
    std::filesystem::create_directories(folder_ / "code");
    folder_.write("code/trial.sh",
                  "echo \"loss: 1.0\"; echo \"loss: 0.$HPO_TRIAL\"; echo w > $SM_MODEL_DIR/w\n");
    folder_.write("t.yaml", file("{trials: 12, parallel: 4}"));
  }

  static std::string file(const std::string& limits, const std::string& more = {}) {
    return "study: remote\n"
           "objective: {metric: loss, goal: minimize}\n"
           "parameters: {x: {type: float, min: 0, max: 1}}\n"
           "strategy: {name: random}\n"
           "limits: " +
           limits +
           "\n"
           "trial: {command: [sh, trial.sh], source: code, metrics: {loss: 'loss: (\\S+)'}}\n"
           "sagemaker: {role: 'arn:aws:iam::123456789012:role/hpo', bucket: bkt,\n"
           "  image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/trials:1',\n"
           "  instance_type: ml.m5.large, price_per_hour: 0.115" +
           more + "}\n";
  }

  [[nodiscard]] Environment environment() const {
    const auto variables = stand_in_.variables();
    return {variables.begin(), variables.end()};
  }

  [[nodiscard]] Ended hpo(const std::vector<std::string>& arguments) const {
    return folder_.hpo(arguments, environment());
  }

  /// Every file of the folder together.
  [[nodiscard]] std::string everything() const {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

  StandIn stand_in_;
  TestFolder folder_;
};

TEST_F(SageMakerStudy, RunsAsALocalOneDoes) {
  const auto ended = hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto best = hpo({"best", "--json"}).json();
  EXPECT_EQ(best["value"], 0.0);
  EXPECT_THAT(best["model"].get<std::string>(), HasSubstr("s3://bkt/hpo/remote-"));
  EXPECT_THAT(best["resource"].get<std::string>(), HasSubstr("remote-"));
  EXPECT_EQ(hpo({"export", "--out", "m.tar.gz"}).code, 0);
  EXPECT_THAT(hpo({"logs", "remote", "0"}).out, HasSubstr("loss: 1.0"));
  EXPECT_EQ(stand_in_.control("jobs").size(), 12U);
  EXPECT_THAT(everything() + ended.out + ended.err, Not(HasSubstr("wJalrXUtnFEMI")));
}

TEST_F(SageMakerStudy, CompletesEveryTrialOnceHoweverOftenItsEngineIsKilled) {
  std::mt19937 random(5);
  for (int kill = 0; kill < 10; ++kill) {
    Process engine(folder_.path(), {"run", "t.yaml"}, Process::Io::pipes, environment());
    for (unsigned line = 0; line < 2 + random() % 5; ++line) {
      if (!engine.read_until("\n")) break;
    }
    engine.signal(SIGKILL);
    engine.wait();
  }
  const auto last = hpo({"run", "t.yaml"});
  EXPECT_EQ(last.code, 0) << last.err;
  const auto status = hpo({"status", "--json"}).json();
  EXPECT_EQ(status["counts"]["complete"], 12) << status;
  std::set<std::string> trials;
  for (const auto& job : stand_in_.control("jobs")) {
    EXPECT_EQ(job.at("status"), "Completed");
    for (const auto& tag : job.at("request").at("Tags")) {
      if (tag.at("Key") == "hpo:trial") trials.insert(tag.at("Value").get<std::string>());
    }
  }
  EXPECT_EQ(trials.size(), 12U);
  EXPECT_EQ(stand_in_.control("jobs").size(), 12U);
}

TEST_F(SageMakerStudy, GivesTheSameResultsThroughTrouble) {
  stand_in_.control("faults", {{"throttle", 0.3}, {"error", 0.05}, {"reset", 0.05}});
  const auto ended = hpo({"run", "t.yaml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(stand_in_.control("jobs").size(), 12U);
  EXPECT_EQ(hpo({"status", "--json"}).json()["counts"]["complete"], 12);
}

TEST_F(SageMakerStudy, ShowsTheRequestsThatItWouldSend) {
  const auto ended = hpo({"run", "t.yaml", "--dry-run"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  for (const char* words : {"\"TrainingJobName\": \"remote-00000000-0-1\"", "hpo:study-id",
                            "\"InstanceType\": \"ml.m5.large\"", "cost       at most"}) {
    EXPECT_THAT(ended.out, HasSubstr(words));
  }
  EXPECT_TRUE(stand_in_.control("calls").empty());
  EXPECT_FALSE(std::filesystem::exists(folder_ / "hpo.db"));
}

TEST_F(SageMakerStudy, EndsWithWhatIsToBeDone) {
  stand_in_.control("faults", {{"denied", {"CreateTrainingJob"}}});
  const auto denied = hpo({"run", "t.yaml"});
  EXPECT_EQ(denied.code, 3) << denied.err;
  EXPECT_THAT(denied.err, HasSubstr("sagemaker:CreateTrainingJob"));
  stand_in_.control("faults", {{"denied", nlohmann::json::array()}});
  EXPECT_EQ(hpo({"run", "t.yaml"}).code, 0);
  EXPECT_EQ(hpo({"status", "--json"}).json()["counts"]["complete"], 12);
}

TEST_F(SageMakerStudy, StopsItsJobsOrLeavesThem) {
  folder_.write("code/trial.sh", "echo \"loss: 1.0\"; sleep 60\n");
  folder_.write("t.yaml", file("{trials: 2, parallel: 2}"));
  const auto live = [&] {
    int count = 0;
    for (const auto& job : stand_in_.control("jobs")) count += job.at("status") == "InProgress";
    return count;
  };
  const auto interrupt = [&](const std::vector<std::string>& arguments) {
    Process engine(folder_.path(), arguments, Process::Io::pipes, environment());
    EXPECT_TRUE(engine.read_until("trial 1"));
    while (live() < 2) continue;
    engine.signal(SIGTERM);
    return engine.wait();
  };
  interrupt({"run", "t.yaml", "--detach-jobs"});
  EXPECT_EQ(live(), 2);
  EXPECT_EQ(interrupt({"run", "t.yaml"}).code, 143);
  EXPECT_EQ(live(), 0);
  EXPECT_EQ(stand_in_.control("jobs").size(), 2U);  // the second run adopted them
}

TEST(SageMakerExample, RunsWithOneCommand) {
  const TestFolder folder;
  const auto ended = folder.shell("HPO=\"$HPO\" " + source_dir() +
                                  "/examples/sagemaker/run --set limits.trials=2 --storage x.db "
                                  "--json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_GT(ended.json()["best"]["value"], 0);
}

}  // namespace
}  // namespace hpo::cli
