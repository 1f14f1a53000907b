#include "storage/writer_lock.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "tests/storage/child.h"
#include "tests/storage/model_files.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class WriterLockOfAStudy : public testing::Test {
 protected:
  /// A process that holds the study "birds" until it is killed.
  Child holder() {
    return Child([this](const Child::Voice& voice) {
      const auto held = open_store(file_);
      voice.say(held.fault.empty() ? "held" : held.fault);
      voice.wait();
    });
  }
  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(WriterLockOfAStudy, NamesItsHolder) {
  Child other = holder();
  ASSERT_EQ(other.hear(), "held");
  const auto refused = open_store(file_);
  EXPECT_EQ(refused.code, ErrorCode::held);
  EXPECT_THAT(refused.fault,
              HasSubstr("study \"birds\" is held by process " + std::to_string(other.pid())));
  EXPECT_EQ(lock_holder(study_folder(file_, "birds")), other.pid());
  EXPECT_EQ(open_store(file_, "another").fault, "");
}

TEST_F(WriterLockOfAStudy, DiesWithItsProcess) {
  Child other = holder();
  ASSERT_EQ(other.hear(), "held");
  other.kill_now();
  EXPECT_EQ(lock_holder(study_folder(file_, "birds")), std::nullopt);
  EXPECT_EQ(open_store(file_).fault, "");
}

TEST_F(WriterLockOfAStudy, IsGivenBackWithTheStore) {
  {
    const auto first = open_store(file_);
    ASSERT_EQ(first.fault, "");
    EXPECT_EQ(lock_holder(study_folder(file_, "birds")), getpid());
    const auto second = open_store(file_);
    EXPECT_EQ(second.code, ErrorCode::held);
    EXPECT_THAT(second.fault, HasSubstr("already open in this process"));
  }
  EXPECT_EQ(lock_holder(study_folder(file_, "birds")), std::nullopt);
  EXPECT_EQ(open_store(file_).fault, "");
}

TEST_F(WriterLockOfAStudy, IsMetOnEveryPathToTheDatabase) {
  const auto held = open_store(file_);
  ASSERT_EQ(held.fault, "");
  fs::create_directories(folder_ / "elsewhere");
  fs::create_symlink(file_, folder_ / "elsewhere/linked.db");
  fs::create_directory_symlink(folder_.path(), folder_ / "elsewhere/folder");
  for (const auto& path : {folder_ / "elsewhere/linked.db", folder_ / "elsewhere/folder/hpo.db",
                           folder_ / "elsewhere/../hpo.db", fs::relative(file_)}) {
    EXPECT_EQ(open_store(path).code, ErrorCode::held) << path;
    EXPECT_EQ(study_folder(path, "birds"), study_folder(file_, "birds"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere/linked.runs"));
}

TEST_F(WriterLockOfAStudy, AsksWithoutTakingIt) {
  ASSERT_EQ(open_store(file_).fault, "");
  const auto asked_in = study_folder(file_, "birds");
  Child asking([&](const Child::Voice& voice) {
    voice.say("asking");
    for (int i = 0; i < 200'000; ++i) {
      if (lock_holder(asked_in) == 0) voice.say("pid 0");
    }
  });
  ASSERT_EQ(asking.hear(), "asking");
  for (int i = 0; i < 20; ++i) EXPECT_EQ(open_store(file_).fault, "");
}

TEST_F(WriterLockOfAStudy, LeavesNoDescriptorToProcessesThatAreStarted) {
  const auto held = open_store(file_);
  ASSERT_EQ(held.fault, "");
  ASSERT_EQ(save_trials(*held.store, 0, 1), "");
  int seen = 0;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto target = fs::read_symlink(entry.path(), gone).string();
    if (gone || !target.starts_with(fs::canonical(folder_.path()).string())) continue;
    const int flags = fcntl(std::stoi(entry.path().filename().string()), F_GETFD);
    EXPECT_NE(flags & FD_CLOEXEC, 0) << target;
    ++seen;
  }
  EXPECT_GE(seen, 4) << "lock, database, -wal, -shm";
}

TEST_F(WriterLockOfAStudy, IsNotKeptByATrialThatOutlivesTheEngine) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
  Child engine([&](const Child::Voice& voice) {
    const auto held = open_store(file_);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    std::array<char, 4> program{"cat"};
    std::array<char*, 2> arguments{program.data(), nullptr};
    pid_t trial = 0;
    const int code = posix_spawnp(&trial, "cat", &actions, nullptr, arguments.data(), nullptr);
    voice.say(code == 0 ? std::to_string(trial) : "not started");
    voice.wait();
  });
  const auto trial = std::stoi(engine.hear());
  engine.kill_now();
  EXPECT_EQ(kill(trial, 0), 0) << "the trial should still run";
  EXPECT_EQ(open_store(file_).fault, "");
  close(ends[1]);
  close(ends[0]);
}

TEST_F(WriterLockOfAStudy, IsOfTheFolderThatIsThere) {
  auto held = open_store(file_);
  ASSERT_EQ(save_trials(*held.store, 0, 1), "");
  fs::remove_all(study_folder(file_, "birds"));
  EXPECT_THAT(save_trials(*held.store, 1, 2), HasSubstr("folder beside"));
  EXPECT_THAT(fault_of(held.store->save_progress({})), HasSubstr("removed or renamed"));
  EXPECT_EQ(open_store(file_).opened.study.trials.size(), 1U);
}

TEST_F(WriterLockOfAStudy, KeepsFromWritingADatabaseThatWasRemoved) {
  auto held = open_store(file_);
  ASSERT_EQ(save_trials(*held.store, 0, 1), "");
  fs::rename(file_, folder_ / "moved.db");
  EXPECT_THAT(save_trials(*held.store, 1, 2), HasSubstr("was removed or replaced"));
  fs::rename(folder_ / "moved.db", file_);
  EXPECT_EQ(save_trials(*held.store, 1, 2), "");
}

TEST_F(WriterLockOfAStudy, SaysWhenItsFolderCannotBeMade) {
  write_text(folder_ / "hpo.runs", "a file where the folder should be");
  const auto refused = open_store(file_);
  EXPECT_EQ(refused.code, ErrorCode::environment);
  EXPECT_THAT(refused.fault, HasSubstr("hpo.runs/birds: cannot make the study's folder"));
}

}  // namespace
}  // namespace hpo::test
