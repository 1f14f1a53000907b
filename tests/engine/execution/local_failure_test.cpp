// How a process that fails, or cannot be started, is told of.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class LocalFailure : public testing::Test {
 protected:
  TrialOutcome outcome_of(const std::string& script) {
    room_.use_script(script);
    return run_trial(*room_.executor(), {.number = 0}).outcome;
  }

  TrialRoom room_;
};

TEST_F(LocalFailure, ReasonIsWhatTheTrialLeftForPeople) {
  const auto outcome =
      outcome_of("echo noise; echo no data > $SAGEMAKER_BASE_DIR/output/failure; exit 3");
  EXPECT_EQ(outcome.failure, FailureClass::exit_code);
  EXPECT_EQ(outcome.reason, "exit code 3: no data");
}

TEST_F(LocalFailure, ReasonIsElseItsLastLines) {
  const auto outcome =
      outcome_of("for i in $(seq 100); do echo line $i; done; echo bad >&2; exit 1");
  EXPECT_EQ(outcome.failure, FailureClass::exit_code);
  EXPECT_THAT(outcome.reason, AllOf(HasSubstr("exit code 1"), HasSubstr("line 100\nbad"),
                                    Not(HasSubstr("line 90\n"))));
  room_.use_script("exit 1");
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 1}).outcome.reason, "exit code 1");
}

TEST_F(LocalFailure, ReasonIsTextWhateverTheTrialPrinted) {
  const auto outcome =
      outcome_of("head -c 3000 /dev/urandom; printf '\\nend \\377\\033[0m'; exit 1");
  EXPECT_LE(outcome.reason.size(), 4096U);
  EXPECT_THAT(outcome.reason, HasSubstr("end \xEF\xBF\xBD[0m"));
}

TEST_F(LocalFailure, FailureFileCountsOnlyItsFirst1024Characters) {
  const auto outcome = outcome_of(
      "head -c 5000 /dev/zero | tr '\\0' x > $SAGEMAKER_BASE_DIR/output/failure; exit 1");
  EXPECT_EQ(outcome.reason, "exit code 1: " + std::string(1024, 'x'));
}

TEST_F(LocalFailure, SignalsAreNamed) {
  const auto outcome = outcome_of("kill -SEGV $$");
  EXPECT_EQ(outcome.failure, FailureClass::signal);
  EXPECT_THAT(outcome.reason, HasSubstr("signal 11 (Segmentation fault)"));
}

TEST_F(LocalFailure, AKillFromOutsideIsASignal) {
  EXPECT_EQ(outcome_of("kill -KILL $$").failure, FailureClass::signal);
}

TEST_F(LocalFailure, OutOfMemoryIsRecognisedByItsWords) {
  int number = 0;
  for (const char* words :
       {"torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 20 MiB",
        "terminate called after throwing an instance of std::bad_alloc", "MemoryError"}) {
    room_.use_script(std::string("echo '") + words + "'; exit 1");
    const auto outcome = run_trial(*room_.executor(), {.number = number++}).outcome;
    EXPECT_EQ(outcome.failure, FailureClass::oom) << words;
  }
}

TEST_F(LocalFailure, WordsOfATrialThatEndsWellMeanNothing) {
  EXPECT_EQ(outcome_of("echo CUDA out of memory, trying a smaller batch").state,
            TrialState::complete);
}

TEST_F(LocalFailure, AMissingProgramIsAStartFailure) {
  room_.config.trial.command = {"there-is-no-such-program"};
  const auto result = run_trial(*room_.executor(), {.number = 0});
  EXPECT_EQ(result.outcome.failure, FailureClass::start);
  EXPECT_THAT(result.outcome.reason,
              HasSubstr("there-is-no-such-program: No such file or directory"));
}

TEST_F(LocalFailure, AFileThatIsNotExecutableIsAStartFailure) {
  room_.write("train.sh", "#!/bin/sh\n");
  room_.config.trial.command = {"./train.sh"};
  const auto result = run_trial(*room_.executor(), {.number = 0});
  EXPECT_EQ(result.outcome.failure, FailureClass::start);
  EXPECT_THAT(result.outcome.reason, HasSubstr("Permission denied"));
}

TEST_F(LocalFailure, AFolderThatIsGoneIsAStartFailure) {
  room_.use_script("true");
  room_.config.folder = room_ / "gone";
  const auto result = run_trial(*room_.executor(), {.number = 0});
  EXPECT_EQ(result.outcome.failure, FailureClass::start);
  EXPECT_THAT(result.outcome.reason, HasSubstr("folder"));
}

TEST_F(LocalFailure, ANulInAWordIsSaid) {
  room_.config.trial.command = {"echo", std::string("a\0b", 3)};
  const auto result = run_trial(*room_.executor(), {.number = 0});
  EXPECT_EQ(result.outcome.failure, FailureClass::start);
  EXPECT_THAT(result.outcome.reason, HasSubstr("NUL"));
}

TEST_F(LocalFailure, AModelIsAnArtifactIfThereIsOne) {
  EXPECT_EQ(outcome_of("true").artifact, "");
  room_.use_script("echo w > $SM_MODEL_DIR/weights");
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 1}).outcome.artifact,
            room_.directory(1).model().string());
}

TEST_F(LocalFailure, ATrainerNeedsItsProgramBesideThisOne) {
  room_.config.trial.trainer = "bird_classifier";
  setenv("HPO_MODEL_PROGRAM", (room_ / "hpo-model").c_str(), 1);
  const ExecutorOptions options{
      .config = room_.config, .study = room_.config.study, .folder = room_.study_folder()};
  const auto made = make_executor(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::environment);
  room_.write("hpo-model", "#!/bin/sh\necho $1 in $SAGEMAKER_BASE_DIR\n", true);
  EXPECT_EQ(run_trial(*room_.executor(), {.number = 0}).outcome.state, TrialState::complete);
  EXPECT_EQ(TrialRoom::read(room_.directory().log(1)),
            "train in " + room_.directory().root.string() + "\n");
  unsetenv("HPO_MODEL_PROGRAM");
}

/// A small disk over the room's trial folders; only root can have one.
class SmallDisk : public LocalFailure {
 protected:
  void SetUp() override {
    fs::create_directories(room_.study_folder());
    if (!mount_with("size=256k", 0)) GTEST_SKIP() << "needs the right to mount";
    is_mounted_ = true;
  }
  void TearDown() override {
    if (is_mounted_) umount2(room_.study_folder().c_str(), MNT_DETACH);
  }
  bool mount_with(const char* options, unsigned long flags) {
    return mount("tmpfs", room_.study_folder().c_str(), "tmpfs", flags, options) == 0;
  }

 private:
  bool is_mounted_ = false;
};

TEST_F(SmallDisk, AFullDiskIsSaidBeforeTheStart) {
  room_.use_script("true");
  const auto runs = room_.executor();
  std::ofstream(room_.study_folder() / "ballast") << std::string(300 * 1024, 'x');
  const auto outcome = run_trial(*runs, {.number = 0}).outcome;
  EXPECT_EQ(outcome.failure, FailureClass::start);
  EXPECT_THAT(outcome.reason, AllOf(HasSubstr("No space left on device"), HasSubstr("free")));
}

TEST_F(SmallDisk, ATrialThatFillsTheDiskIsRecordedAndNotToBlame) {
  const auto outcome = outcome_of("echo loss: 1; head -c 1000000 /dev/zero || exit 9");
  EXPECT_EQ(outcome.failure, FailureClass::lost);
  EXPECT_THAT(outcome.reason, AllOf(HasSubstr("exit code 9"), HasSubstr("disk full")));
}

TEST_F(SmallDisk, AReadOnlyFolderIsSaid) {
  room_.use_script("true");
  const auto runs = room_.executor();
  ASSERT_TRUE(mount_with("", MS_REMOUNT | MS_RDONLY));
  const auto outcome = run_trial(*runs, {.number = 0}).outcome;
  EXPECT_EQ(outcome.failure, FailureClass::start);
  EXPECT_THAT(outcome.reason, HasSubstr("Read-only file system"));
  const ExecutorOptions options{
      .config = room_.config, .study = room_.config.study, .folder = room_.study_folder()};
  const auto made = make_executor(options);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::environment);
}

}  // namespace
}  // namespace hpo
