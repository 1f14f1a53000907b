// --fresh: the old study's rows and folder get another name, also when a crash comes between.

#include "storage/study_rename.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/study_rows.h"
#include "storage/writer_lock.h"
#include "tests/storage/child.h"
#include "tests/storage/model_files.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;

class StudyRename : public testing::Test {
 protected:
  fs::path folder_of(const std::string& study) { return study_folder(file_, study); }

  /// The study "birds" with one trial, whose model lies in its folder.
  void make_study() {
    const auto open = open_store(file_);
    auto trial = small_trial(0, TrialState::complete);
    trial.artifact = (folder_of("birds") / "0/model").string();
    ASSERT_EQ(fault_of(open.store->save(trial)), "");
    trial.number = 1;
    trial.artifact = "s3://bucket/model";
    ASSERT_EQ(fault_of(open.store->save(trial)), "");
    write_text(folder_of("birds") / "0/model/weights", "old");
  }

  /// What a process leaves behind that dies right after the rename's commit.
  void crash_in_mid_rename() {
    make_study();
    auto sqlite = Sqlite::open(file_, SqliteAccess::write);
    auto transaction = SqliteTransaction::begin_write(*sqlite);
    const auto row = read_study(*sqlite, "birds");
    ASSERT_EQ(rename_rows(*sqlite, file_, (*row)->key, "birds").value(), "birds-1");
    ASSERT_EQ(fault_of(transaction->commit()), "");
  }

  void expect_renamed() {
    EXPECT_EQ(read_text(folder_of("birds-1") / "0/model/weights"), "old");
    const auto old = open_store(file_, "birds-1");
    ASSERT_EQ(old.fault, "");
    ASSERT_EQ(old.opened.study.trials.size(), 2U);
    EXPECT_EQ(old.opened.study.trials[0]->artifact, folder_of("birds-1") / "0/model");
    EXPECT_EQ(old.opened.study.trials[1]->artifact, "s3://bucket/model");
    auto sqlite = Sqlite::open(file_, SqliteAccess::write);
    EXPECT_EQ(sqlite->number("SELECT count(*) FROM folder_move").value(), 0);
  }

  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(StudyRename, TakesTheFolderAlong) {
  make_study();
  {
    const auto fresh = open_store(file_, "birds", {.fresh = true});
    ASSERT_EQ(fresh.fault, "");
    EXPECT_EQ(fresh.opened.renamed_to, "birds-1");
    EXPECT_FALSE(fs::exists(folder_of("birds") / "0"));
    EXPECT_EQ(lock_holder(folder_of("birds")), getpid());
    EXPECT_EQ(lock_holder(folder_of("birds-1")), std::nullopt);
    EXPECT_EQ(save_trials(*fresh.store, 0, 2), "");
  }
  expect_renamed();
}

TEST_F(StudyRename, PassesOverNamesOfFoldersThatAreThere) {
  make_study();
  write_text(folder_of("birds-1") / "kept", "kept");
  EXPECT_EQ(open_store(file_, "birds", {.fresh = true}).opened.renamed_to, "birds-2");
  EXPECT_EQ(read_text(folder_of("birds-1") / "kept"), "kept");
}

TEST_F(StudyRename, IsRefusedWhileTheOldStudyRuns) {
  make_study();
  Child engine([&](const Child::Voice& voice) {
    const auto open = open_store(file_);
    voice.say("open");
    voice.wait();
  });
  ASSERT_EQ(engine.hear(), "open");
  EXPECT_EQ(open_store(file_, "birds", {.fresh = true}).code, ErrorCode::held);
}

TEST_F(StudyRename, IsFinishedByWhoeverOpensTheNewName) {
  crash_in_mid_rename();
  const auto fresh = open_store(file_);
  ASSERT_EQ(fresh.fault, "");
  EXPECT_FALSE(fresh.opened.resumed);
  EXPECT_FALSE(fs::exists(folder_of("birds") / "0"));
  expect_renamed();
}

TEST_F(StudyRename, IsFinishedByWhoeverOpensTheOldStudy) {
  crash_in_mid_rename();
  EXPECT_EQ(open_store(file_, "birds-1").fault, "");
  expect_renamed();
}

TEST_F(StudyRename, IsFinishedByARemoval) {
  crash_in_mid_rename();
  EXPECT_EQ(fault_of(remove_study(file_, "birds-1")), "");
  EXPECT_EQ(read_text(folder_of("birds-1") / "0/model/weights"), "old");
}

TEST_F(StudyRename, IsFinishedWhenTheCrashCameAfterTheMove) {
  crash_in_mid_rename();
  fs::rename(folder_of("birds"), folder_of("birds-1"));
  EXPECT_EQ(open_store(file_).fault, "");
  expect_renamed();
}

TEST_F(StudyRename, IsFinishedWhenTheFolderIsGone) {
  crash_in_mid_rename();
  fs::remove_all(folder_of("birds"));
  EXPECT_EQ(open_store(file_).fault, "");
  EXPECT_EQ(open_store(file_, "birds-1").opened.study.trials.size(), 2U);
}

}  // namespace
}  // namespace hpo::test
