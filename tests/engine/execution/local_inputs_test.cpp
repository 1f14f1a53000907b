// What a trial's process finds: files, variables, descriptors, its place on the machine.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/file.h>

#include <nlohmann/json.hpp>

#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kDumpEnvironment =
    "import json, os, sys\n"
    "json.dump({'variables': dict(os.environ), 'words': sys.argv[1:]}, open('seen.json', 'w'))\n";

class LocalInputs : public testing::Test {
 protected:
  /// Runs a Python script that writes down its environment and arguments.
  json seen(const Trial& trial, const Resources& resources = {}) {
    room_.write("train.py", kDumpEnvironment);
    room_.config.trial.command = {"python3", "train.py"};
    const auto result = run_trial(*room_.executor(), trial, resources);
    EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
    return json::parse(TrialRoom::read(room_ / "seen.json"), nullptr, false);
  }

  TrialRoom room_;
};

const Trial kTrial{.number = 3,
                   .configuration = {{"lr", 1e-5}, {"depth", std::int64_t{3}}, {"on", true}},
                   .seed = 18446744073709551615U,
                   .attempt = 2};

TEST_F(LocalInputs, ToolkitVariablesAreExactlySageMakers) {
  fs::create_directories(room_ / "photos");
  room_.config.trial.channels = {{"train", room_ / "photos"}, {"Val-2", room_ / "photos"}};
  room_.config.trial.hyperparameters = {{"optimizer", std::string("adam")}};
  const json variables = seen(kTrial, {.gpus = {"GPU-a", "GPU-b"}, .threads = 4}).at("variables");
  const std::string root = room_.directory(3).root.string();
  const std::string config =
      R"({"RecordWrapperType":"None","S3DistributionType":"FullyReplicated",)"
      R"("TrainingInputMode":"File"})";
  std::map<std::string, std::string> expected = {
      {"SM_CHANNELS", R"(["Val-2","train"])"},
      {"SM_CHANNEL_TRAIN", root + "/input/data/train"},
      {"SM_CHANNEL_VAL-2", root + "/input/data/Val-2"},
      {"SM_CURRENT_HOST", "algo-1"},
      {"SM_CURRENT_INSTANCE_GROUP", "homogeneousCluster"},
      {"SM_CURRENT_INSTANCE_GROUP_HOSTS", R"(["algo-1"])"},
      {"SM_CURRENT_INSTANCE_TYPE", "local"},
      {"SM_DISTRIBUTION_INSTANCE_GROUPS", "[]"},
      {"SM_FRAMEWORK_MODULE", ""},
      {"SM_FRAMEWORK_PARAMS", "{}"},
      {"SM_HOSTS", R"(["algo-1"])"},
      {"SM_HPS", R"({"depth":3,"lr":1e-05,"on":true,"optimizer":"adam"})"},
      {"SM_HP_DEPTH", "3"},
      {"SM_HP_LR", "1e-05"},
      {"SM_HP_ON", "true"},
      {"SM_HP_OPTIMIZER", "adam"},
      {"SM_INPUT_CONFIG_DIR", root + "/input/config"},
      {"SM_INPUT_DATA_CONFIG", R"({"Val-2":)" + config + R"(,"train":)" + config + "}"},
      {"SM_INPUT_DIR", root + "/input"},
      {"SM_INSTANCE_GROUPS", R"(["homogeneousCluster"])"},
      {"SM_IS_HETERO", "false"},
      {"SM_LOG_LEVEL", "20"},
      {"SM_MODEL_DIR", root + "/model"},
      {"SM_MODULE_DIR", room_.path().string()},
      {"SM_MODULE_NAME", "train"},
      {"SM_NETWORK_INTERFACE_NAME", "lo"},
      {"SM_NUM_CPUS", "4"},
      {"SM_NUM_GPUS", "2"},
      {"SM_NUM_NEURONS", "0"},
      {"SM_OUTPUT_DATA_DIR", root + "/output/data"},
      {"SM_OUTPUT_DIR", root + "/output"},
      {"SM_OUTPUT_INTERMEDIATE_DIR", root + "/output/intermediate"},
      {"SM_USER_ARGS", R"(["--depth","3","--lr","1e-05","--on","true","--optimizer","adam"])"},
      {"SM_USER_ENTRY_POINT", "train.py"},
  };
  std::map<std::string, std::string> got;
  for (const auto& [name, value] : variables.items()) {
    if (name.starts_with("SM_")) got[name] = value.get<std::string>();
  }
  const json environment = json::parse(got["SM_TRAINING_ENV"]);
  EXPECT_EQ(environment.at("hyperparameters").at("optimizer"), "adam");
  EXPECT_EQ(environment.at("channel_input_dirs").at("train"), root + "/input/data/train");
  const json resource_config = json::parse(got["SM_RESOURCE_CONFIG"]);
  EXPECT_EQ(resource_config, json::parse(TrialRoom::read(room_.directory(3).resource_config())));
  got.erase("SM_TRAINING_ENV");
  got.erase("SM_RESOURCE_CONFIG");
  EXPECT_EQ(got, expected);
}

TEST_F(LocalInputs, OwnVariablesSayWhichTrialItIsAndWhatItMayUse) {
  room_.config.trial.environment = {{"OMP_WAIT_POLICY", "active"}, {"MINE", "a b"}};
  const json variables = seen(kTrial, {.gpus = {"GPU-a", "GPU-b"}, .threads = 4}).at("variables");
  EXPECT_EQ(variables.at("SAGEMAKER_BASE_DIR"), room_.directory(3).root.string());
  EXPECT_EQ(variables.at("HPO_STUDY"), "room");
  EXPECT_EQ(variables.at("HPO_TRIAL"), "3");
  EXPECT_EQ(variables.at("HPO_ATTEMPT"), "2");
  EXPECT_EQ(variables.at("HPO_SEED"), "18446744073709551615");
  EXPECT_EQ(variables.at("HPO_CACHE_DIR"), (room_.study_folder() / "cache").string());
  EXPECT_EQ(variables.at("HPO_CACHE_MAX"), "21474836480");
  EXPECT_EQ(variables.at("HPO_OBJECTIVE_METRIC"), "loss");
  EXPECT_EQ(variables.at("HPO_OBJECTIVE_GOAL"), "minimize");
  EXPECT_EQ(variables.at("HPO_OBJECTIVE_VALUE"), "last");
  EXPECT_EQ(variables.at("CUDA_VISIBLE_DEVICES"), "GPU-a,GPU-b");
  EXPECT_EQ(variables.at("OMP_NUM_THREADS"), "4");
  EXPECT_EQ(variables.at("MKL_NUM_THREADS"), "4");
  EXPECT_EQ(variables.at("PYTHONUNBUFFERED"), "1");
  EXPECT_EQ(variables.at("OMP_WAIT_POLICY"), "active");  // the file's own word wins
  EXPECT_EQ(variables.at("MINE"), "a b");
  EXPECT_TRUE(fs::is_directory(room_.study_folder() / "cache"));
}

TEST_F(LocalInputs, NoGpuInTheLeaseMeansNoGpuToSee) {
  EXPECT_EQ(seen({.number = 0}).at("variables").at("CUDA_VISIBLE_DEVICES"), "");
}

TEST_F(LocalInputs, HyperparametersAreArgumentsAndStringsInTheirFile) {
  room_.config.trial.hyperparameters = {{"batch", std::int64_t{32}}};
  const json expected = {"--batch", "32", "--depth", "3", "--lr", "1e-05", "--on", "true"};
  EXPECT_EQ(seen(kTrial).at("words"), expected);
  const json file = json::parse(TrialRoom::read(room_.directory(3).hyperparameters()));
  EXPECT_EQ(file, (json{{"batch", "32"}, {"depth", "3"}, {"lr", "1e-05"}, {"on", "true"}}));
}

TEST_F(LocalInputs, ChannelsAreLinksThatFollowTheFile) {
  fs::create_directories(room_ / "a");
  fs::create_directories(room_ / "b");
  room_.use_script("true");
  for (const char* target : {"a", "b"}) {
    room_.config.trial.channels = {{"train", room_ / target}};
    const Trial trial{.number = 0, .attempt = target[0] - 'a' + 1};
    EXPECT_EQ(run_trial(*room_.executor(), trial).outcome.state, TrialState::complete);
    EXPECT_EQ(fs::read_symlink(room_.directory().channel("train")), room_ / target);
  }
}

TEST_F(LocalInputs, ALaterAttemptKeepsCheckpointsAndSeesNoOldModel) {
  room_.use_script(
      "cd $SAGEMAKER_BASE_DIR; ls model checkpoints output/data; test -e output/failure && echo F;"
      "echo w > model/w; mkdir model/deep; echo c > checkpoints/c; echo why > output/failure;"
      "echo d > output/data/d; exit 1");
  const auto runs = room_.executor();
  run_trial(*runs, {.number = 0, .attempt = 1});
  run_trial(*runs, {.number = 0, .attempt = 2});
  const std::string log = TrialRoom::read(room_.directory().log(2));
  EXPECT_EQ(log, "checkpoints:\nc\n\nmodel:\n\noutput/data:\nd\n");
}

TEST_F(LocalInputs, TheFilesFolderIsTheWorkingDirectoryAlsoForProgramsBesideIt) {
  room_.write("mine.sh", "#!/bin/sh\npwd\n", true);
  room_.config.trial.command = {"./mine.sh"};
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(TrialRoom::read(room_.directory().log(1)), room_.path().string() + "\n");
}

TEST_F(LocalInputs, ProgramsAreSearchedInTheTrialsOwnPath) {
  fs::create_directories(room_ / "bin");
  room_.write("bin/mine", "#!/bin/sh\necho found\n", true);
  room_.config.trial.command = {"mine"};
  room_.config.trial.environment["PATH"] = (room_ / "bin").string() + ":/usr/bin:/bin";
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(TrialRoom::read(room_.directory().log(1)), "found\n");
}

TEST_F(LocalInputs, ATrialHasNoDescriptorsOfTheEngine) {
  const int stray = open("/dev/zero", O_RDONLY);  // as a library might, without O_CLOEXEC
  const int device = open((room_ / "device.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  room_.use_script("for f in /proc/$$/fd/*; do readlink $f; done");
  run_trial(*room_.executor(), {.number = 0}, {.locks = {device}});
  const std::string log = room_.directory().log(1).string();
  EXPECT_EQ(TrialRoom::read(log), "/dev/null\n" + log + "\n" + log + "\n");
  close(stray);
  close(device);
}

bool can_lock(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CLOEXEC);
  const bool locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0;
  close(descriptor);
  return locked;
}

TEST_F(LocalInputs, TheSupervisorHoldsTheDevicesLockUntilItsEnd) {
  const fs::path file = room_.write("device.lock", "");
  const int device = open(file.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(flock(device, LOCK_EX), 0);
  room_.make_fifo("go");
  room_.use_script("echo loss: 1; read x < $ROOM/go");
  const auto result =
      run_trial(*room_.executor(), {.number = 0}, {.locks = {device}}, [&](const Measurement&) {
        close(device);  // as if the engine were gone
        EXPECT_FALSE(can_lock(file));
        room_.write("go", "\n");
        return ReportDecision::go_on;
      });
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_TRUE(can_lock(file));
}

TEST_F(LocalInputs, ATrialRunsOnItsCpusOnly) {
  cpu_set_t mask;
  ASSERT_EQ(sched_getaffinity(0, sizeof mask, &mask), 0);
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &mask)) --last;
  room_.use_script("grep Cpus_allowed_list /proc/self/status");
  run_trial(*room_.executor(), {.number = 0}, {.cpus = {last}});
  EXPECT_THAT(TrialRoom::read(room_.directory().log(1)),
              HasSubstr("\t" + std::to_string(last) + "\n"));
}

TEST_F(LocalInputs, CpusThatAreNotThereAreSaid) {
  room_.use_script("true");
  const auto result = run_trial(*room_.executor(), {.number = 0}, {.cpus = {100'000}});
  EXPECT_EQ(result.outcome.failure, FailureClass::start);
  EXPECT_THAT(result.outcome.reason, HasSubstr("CPUs"));
}

}  // namespace
}  // namespace hpo
