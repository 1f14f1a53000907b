// The executor against the stand-in: what happens to jobs when things go wrong.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/sagemaker/job_note.h"
#include "engine/sagemaker/names.h"
#include "tests/engine/aws/stand_in.h"
#include "tests/engine/execution/trial_room.h"

namespace hpo::sagemaker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Jobs : public testing::Test {
 protected:
  Jobs() {
    stand_in_.control("bucket", {{"name", "bkt"}});
    for (const auto& [name, value] : stand_in_.variables()) {
      setenv(name.c_str(), value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): one thread
    }
    room_.config.sagemaker = sagemaker_spec();
    room_.config.study.id = "0123456789abcdef0123456789abcdef";
    room_.use_script("echo loss: 0.5");
  }

  std::unique_ptr<Executor> executor() {
    auto made = room_.executor();
    made->tell([this](const std::string& notice) { notices_ += notice + "\n"; });
    return made;
  }

  RunResult run(const Trial& trial = {}) { return run_trial(*executor(), trial); }

  Error refusal() {
    const ExecutorOptions options{
        .config = room_.config, .study = room_.config.study, .folder = room_.study_folder()};
    auto made = make_executor(options);
    return made ? Error{.message = "it was made"} : made.error();
  }

  [[nodiscard]] std::vector<std::string> live_jobs() const {
    std::vector<std::string> names;
    for (const auto& job : stand_in_.control("jobs")) {
      if (job.at("status") == "InProgress") names.push_back(job.at("name"));
    }
    return names;
  }

  StandIn stand_in_;
  TrialRoom room_;
  std::string notices_;
};

TEST_F(Jobs, BringTheirLogAndModelHome) {
  room_.use_script("echo first; echo loss: 0.25; echo x > $SM_MODEL_DIR/weights; echo last");
  const RunResult result = run();
  EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
  EXPECT_EQ(TrialRoom::read(room_.directory().log(1)), "first\nloss: 0.25\nlast\n");
  EXPECT_EQ(result.outcome.artifact,
            "s3://bkt/hpo/room-01234567/output/room-01234567-0-1/output/model.tar.gz");
  EXPECT_EQ(result.outcome.job, "room-01234567-0-1");
  EXPECT_TRUE(read_note(room_.directory(), 1)->billable_s);
}

TEST_F(Jobs, FindTheirChannelsAndCode) {
  std::filesystem::create_directories(room_ / "data");
  std::filesystem::create_directories(room_ / "code");
  room_.write("data/number", "0.125");
  room_.write("code/train.sh", "echo loss: $(cat $SM_CHANNEL_TRAIN/number); cat checkpoint 2>&1");
  room_.config.trial.channels = {{"train", room_ / "data"}};
  room_.config.trial.source = room_ / "code";
  room_.config.trial.command = {"sh", "train.sh"};
  const RunResult result = run();
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.125));
}

TEST_F(Jobs, AreTheSameThroughThrottlesErrorsAndResets) {
  stand_in_.control("faults", {{"throttle", 0.3}, {"error", 0.05}, {"reset", 0.05}});
  const auto executor = this->executor();
  std::vector<Trial> trials(6);
  for (std::size_t i = 0; i < trials.size(); ++i) trials[i].number = static_cast<std::int64_t>(i);
  for (const auto& result : run_trials(*executor, trials)) {
    EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
    EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5));
  }
  EXPECT_EQ(stand_in_.control("jobs").size(), 6U);
}

TEST_F(Jobs, AreAdoptedWhereTheAnswerToTheirCreationWasLost) {
  stand_in_.control("faults", {{"once", {{"CreateTrainingJob", "lost"}}}});
  EXPECT_EQ(run().outcome.state, TrialState::complete);
  EXPECT_EQ(stand_in_.control("jobs").size(), 1U);
}

TEST_F(Jobs, GoOnUnderTheNextEngine) {
  room_.make_fifo("go");
  room_.use_script("echo loss: 0.5; read x < $ROOM/go; echo loss: 0.25");
  const auto first = executor();
  abandon_trial(*first, {});
  ASSERT_EQ(live_jobs().size(), 1U);
  const auto second = executor();
  EXPECT_TRUE(second->can_adopt({}));
  const RunResult result = run_trial(*second, {}, {}, [&](const Measurement& report) {
    if (report.step == 0) std::ofstream(room_ / "go") << "x\n";
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5, 0.25));
  EXPECT_EQ(stand_in_.control("jobs").size(), 1U);
}

TEST_F(Jobs, AreCreatedWhereAnEngineDiedBeforeItCouldAsk) {
  const JobNote note{
      .job = "room-01234567-0-1", .owner = "another configuration", .checkpoints = "s3://bkt/x/"};
  ASSERT_TRUE(write_note(room_.directory(), 1, note));
  EXPECT_FALSE(executor()->can_adopt({}));
  EXPECT_EQ(run().outcome.state, TrialState::complete);
}

TEST_F(Jobs, OfAnotherStudyAreNotTouched) {
  EXPECT_EQ(run().outcome.state, TrialState::complete);
  std::filesystem::remove_all(room_.study_folder());
  room_.config.study.id = "01234567ffffffffffffffffffffffff";  // the same eight digits
  const RunResult result = run();
  ASSERT_TRUE(result.outcome.fault);
  EXPECT_EQ(result.outcome.fault->code, ErrorCode::held);
  EXPECT_THAT(result.outcome.fault->message, HasSubstr("tags"));
}

TEST_F(Jobs, WithOtherHyperparametersAreNotAdopted) {
  EXPECT_EQ(run().outcome.state, TrialState::complete);
  std::filesystem::remove_all(room_.study_folder());
  Trial other;
  other.configuration["x"] = 1.5;
  const RunResult result = run(other);
  ASSERT_TRUE(result.outcome.fault);
  EXPECT_THAT(result.outcome.fault->message, HasSubstr("hyperparameters"));
}

TEST_F(Jobs, WaitForTheirTurnAtALimit) {
  stand_in_.control("quota", {{"ml.m5.large", 1}});
  const auto executor = this->executor();
  std::vector<Trial> trials(3);
  for (std::size_t i = 0; i < trials.size(); ++i) trials[i].number = static_cast<std::int64_t>(i);
  for (const auto& result : run_trials(*executor, trials)) {
    EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
  }
  EXPECT_THAT(notices_, HasSubstr("waits for a machine"));
}

TEST_F(Jobs, AreRefusedForGoodWhereTheQuotaIsZero) {
  stand_in_.control("quota", {{"ml.m5.large", 0}});
  const RunResult result = run();
  ASSERT_TRUE(result.outcome.fault);
  EXPECT_EQ(result.outcome.state, TrialState::waiting);
  EXPECT_THAT(result.outcome.fault->hint, HasSubstr("quota"));
}

TEST_F(Jobs, FallBackToAnotherInstanceType) {
  room_.config.sagemaker->instance_types = {"ml.p3.2xlarge", "ml.m5.large"};
  stand_in_.control("faults", {{"capacity", {"ml.p3.2xlarge"}}});
  const auto executor = this->executor();
  const RunResult first = run_trial(*executor, {});
  EXPECT_EQ(first.outcome.state, TrialState::waiting);
  EXPECT_TRUE(first.outcome.again);
  const RunResult second = run_trial(*executor, {.attempt = 2});
  EXPECT_EQ(second.outcome.state, TrialState::complete);
  EXPECT_EQ(read_note(room_.directory(), 2)->instance_type, "ml.m5.large");
}

TEST_F(Jobs, SurviveTheirSpotMachines) {
  room_.config.sagemaker->spot = true;
  room_.config.sagemaker->max_wait_s = 90'000;
  stand_in_.control("faults", {{"interrupt", 1}});
  room_.use_script(
      "cd $SAGEMAKER_BASE_DIR/checkpoints; [ -e begun ] && again=1; touch begun; echo loss: "
      "0.$((5-${again:-0})); [ -n \"$again\" ] || sleep 60");
  const RunResult result = run();
  EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5, 0.4));
}

TEST_F(Jobs, AreToldByTheServiceWhereTheirLogNeverComes) {
  stand_in_.control("faults", {{"late_logs_s", 3600}});
  const RunResult result = run();
  EXPECT_EQ(result.outcome.state, TrialState::complete);
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5));
}

TEST_F(Jobs, NeedNoPermissionForTheirLogs) {
  stand_in_.control("faults", {{"denied", {"DescribeLogStreams"}}});
  EXPECT_THAT(values_of(run(), "loss"), ElementsAre(0.5));
  EXPECT_THAT(notices_, HasSubstr("logs:DescribeLogStreams"));
}

TEST_F(Jobs, SayWhichPermissionIsMissing) {
  stand_in_.control("faults", {{"denied", {"CreateTrainingJob"}}});
  const RunResult result = run();
  ASSERT_TRUE(result.outcome.fault);
  EXPECT_THAT(result.outcome.fault->hint, HasSubstr("sagemaker:CreateTrainingJob"));
}

TEST_F(Jobs, SayWhyTheyFailed) {
  room_.use_script("echo because > $SAGEMAKER_BASE_DIR/output/failure; exit 7");
  const RunResult result = run();
  EXPECT_EQ(result.outcome.failure, FailureClass::exit_code);
  EXPECT_THAT(result.outcome.reason, HasSubstr("because"));
  EXPECT_THAT(TrialRoom::read(room_.directory().log(1)), HasSubstr("because"));
}

TEST_F(Jobs, EndAtTheirTimeout) {
  room_.config.trial.timeout_s = 1;
  room_.use_script("echo loss: 0.5; exec sleep 60");
  EXPECT_EQ(run().outcome.failure, FailureClass::timeout);
}

TEST_F(Jobs, AreStoppedWhereTheyAreStrays) {
  room_.make_fifo("go");
  room_.use_script("echo loss: 0.5; read x < $ROOM/go");
  const auto executor = this->executor();
  abandon_trial(*executor, {.number = 1});
  // Nobody watches job 1 any more; job 0 waits until it was stopped.
  room_.config.trial.environment["ROOM"] = "/nonexistent";
  bool told = false;
  executor->tell([&](const std::string& notice) {
    told = told || notice.find("room-01234567-1-1") != std::string::npos;
    if (told) std::ofstream(room_ / "go") << "x\n";
  });
  run_trial(*executor, {});
  EXPECT_TRUE(told);
  EXPECT_TRUE(live_jobs().empty());
}

TEST_F(Jobs, WaitWhileTheNetworkIsGone) {
  room_.make_fifo("go");
  room_.use_script("echo loss: 0.5; read x < $ROOM/go; echo loss: 0.25");
  const auto executor = room_.executor();
  executor->tell([&](const std::string& notice) {
    notices_ += notice + "\n";
    if (notice.starts_with("waiting for AWS")) stand_in_.control("faults", {{"offline", false}});
    if (notice == "AWS answers again") std::ofstream(room_ / "go") << "x\n";
  });
  const RunResult result = run_trial(*executor, {}, {}, [&](const Measurement& report) {
    if (report.step == 0) stand_in_.control("faults", {{"offline", true}});
    return ReportDecision::go_on;
  });
  EXPECT_EQ(result.outcome.state, TrialState::complete) << result.outcome.reason;
  EXPECT_THAT(values_of(result, "loss"), ElementsAre(0.5, 0.25));
  EXPECT_THAT(notices_, HasSubstr("AWS answers again"));
}

TEST_F(Jobs, AreLeftToThemselvesWhereTheKeysAreOver) {
  room_.make_fifo("go");
  room_.use_script("echo loss: 0.5; read x < $ROOM/go");
  const RunResult result = run_trial(*executor(), {}, {}, [&](const Measurement&) {
    stand_in_.control("faults", {{"denied", {"DescribeTrainingJob"}}});
    return ReportDecision::go_on;
  });
  ASSERT_TRUE(result.outcome.fault);
  EXPECT_EQ(result.outcome.state, TrialState::running);
  stand_in_.control("faults", {{"denied", nlohmann::json::array()}});
  std::ofstream(room_ / "go") << "x\n";
  EXPECT_EQ(run().outcome.state, TrialState::complete);
}

TEST_F(Jobs, MayBeLeftRunning) {
  room_.make_fifo("go");
  room_.use_script("echo loss: 0.5; read x < $ROOM/go; echo loss: 0.25");
  const ExecutorOptions options{.config = room_.config,
                                .study = room_.config.study,
                                .folder = room_.study_folder(),
                                .detach = true};
  const auto detached = *make_executor(options);
  const RunResult left = run_trial(*detached, {}, {}, [&](const Measurement&) {
    detached->cancel_all(CancelReason::stop_and_resume_later);
    return ReportDecision::go_on;
  });
  EXPECT_EQ(left.outcome.state, TrialState::running);
  EXPECT_EQ(live_jobs().size(), 1U);
  std::ofstream(room_ / "go") << "x\n";
  EXPECT_EQ(run().outcome.state, TrialState::complete);
}

TEST_F(Jobs, EndTheStudyAtItsMostCost) {
  room_.config.sagemaker->prices = {{"ml.m5.large", 3600}};
  room_.config.sagemaker->max_runtime_s = 10;
  room_.config.sagemaker->max_cost = 131;
  const auto executor = this->executor();
  EXPECT_EQ(run_trial(*executor, {}).outcome.state, TrialState::complete);
  EXPECT_EQ(run_trial(*executor, {.number = 1}).outcome.state, TrialState::complete);
  const RunResult third = run_trial(*executor, {.number = 2});
  ASSERT_TRUE(third.outcome.limit);
  EXPECT_THAT(*third.outcome.limit, HasSubstr("max_cost 131"));
  EXPECT_EQ(stand_in_.control("jobs").size(), 2U);
}

TEST_F(Jobs, AreHeldByOneMachineAtATime) {
  const auto first = executor();
  const ExecutorOptions elsewhere{
      .config = room_.config, .study = room_.config.study, .folder = room_ / "copied"};
  const auto second = make_executor(elsewhere);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::held);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
  EXPECT_NE(executor(), nullptr);  // the same folder follows at once
}

TEST_F(Jobs, NeedKeysARegionAndABucket) {
  room_.config.sagemaker->bucket = "missing";
  EXPECT_THAT(refusal().hint, HasSubstr("bucket"));
  room_.config.sagemaker->bucket = "bkt";
  setenv("AWS_SECRET_ACCESS_KEY", "wrong", 1);  // NOLINT(concurrency-mt-unsafe)
  const Error wrong = refusal();
  EXPECT_EQ(wrong.code, ErrorCode::environment);
  EXPECT_THAT(wrong.hint, HasSubstr("access key"));
  unsetenv("AWS_REGION");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_THAT(refusal().message, HasSubstr("region"));
}

}  // namespace
}  // namespace hpo::sagemaker
