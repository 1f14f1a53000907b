// Reading where nothing may be written, as another user or on a read-only file system.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/storage/child.h"
#include "tests/storage/mounts.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// How many trials a reader finds, and whose the lock is: "3 trials, holder 17".
std::string look(StudyReader& reader) {
  const auto list = reader.list();
  if (!list) return list.error().message;
  const auto loaded = reader.load("birds");
  if (!loaded) return loaded.error().message;
  if (list->size() != 1 ||
      list->front().trials != static_cast<std::int64_t>(loaded->study.trials.size())) {
    return "the list is wrong";
  }
  const auto reports = reader.measurements("birds", 0);
  if (!reports || reports->size() != 1) return "no report";
  return std::to_string(loaded->study.trials.size()) + " trials, holder " +
         (loaded->holder ? std::to_string(*loaded->holder) : "none");
}

std::string look_at(const fs::path& file) {
  auto reader = make_sqlite_reader(file);
  return reader ? look(**reader) : reader.error().message;
}

class ReadOnly : public testing::Test {
 protected:
  ~ReadOnly() override { chmod(folder_.path().c_str(), 0755); }
  void forbid_writing() {
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.is_regular_file()) chmod(entry.path().c_str(), 0444);
    }
    chmod(folder_.path().c_str(), 0555);
  }
  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(ReadOnly, AFileThatItsWriterClosed) {
  ASSERT_EQ(make_file(file_, 3), "");
  ASSERT_FALSE(fs::exists(file_.string() + "-shm"));
  forbid_writing();
  EXPECT_EQ(as_nobody([&] { return look_at(file_); }), "3 trials, holder none");
}

TEST_F(ReadOnly, AFileThatIsBeingWritten) {
  const auto writer = open_store(file_);
  ASSERT_EQ(save_trials(*writer.store, 0, 3), "");
  EXPECT_EQ(as_nobody([&] { return look_at(file_); }),
            "3 trials, holder " + std::to_string(getpid()));
}

TEST_F(ReadOnly, AFileWhoseWriterWasKilled) {
  Child engine([&](const Child::Voice& voice) {
    const auto open = open_store(file_);
    voice.say(save_trials(*open.store, 0, 3) + "saved");
    voice.wait();
  });
  ASSERT_EQ(engine.hear(), "saved");
  engine.kill_now();
  ASSERT_GT(fs::file_size(file_.string() + "-wal"), 0U);
  forbid_writing();
  EXPECT_EQ(as_nobody([&] { return look_at(file_); }), "3 trials, holder none");
}

TEST_F(ReadOnly, ACopyWithItsLogButWithoutItsIndex) {
  const TempFolder writable;
  const auto original = writable / "hpo.db";
  const auto writer = open_store(original);
  ASSERT_EQ(save_trials(*writer.store, 0, 3), "");
  fs::copy_file(original, file_);
  fs::copy_file(original.string() + "-wal", file_.string() + "-wal");
  forbid_writing();
  EXPECT_EQ(as_nobody([&] { return look_at(file_); }), "3 trials, holder none");
}

TEST_F(ReadOnly, AFileThatAWriterTakesUpLater) {
  ASSERT_EQ(make_file(file_, 3), "");
  chmod(file_.c_str(), 0644);
  Child looking([&](const Child::Voice& voice) {
    voice.say(as_nobody([&]() -> std::string {
      auto reader = make_sqlite_reader(file_);
      if (!reader) return reader.error().message;
      voice.say(look(**reader));
      voice.wait();
      voice.say(look(**reader));
      voice.wait();
      return look(**reader);
    }));
  });
  EXPECT_EQ(looking.hear(), "3 trials, holder none");
  {
    const auto writer = open_store(file_);
    ASSERT_EQ(save_trials(*writer.store, 3, 5), "");
    looking.go_on();
    EXPECT_EQ(looking.hear(), "5 trials, holder " + std::to_string(getpid()));
    ASSERT_EQ(save_trials(*writer.store, 5, 6), "");
  }
  looking.go_on();
  EXPECT_EQ(looking.hear(), "6 trials, holder none");
}

TEST_F(ReadOnly, AFileOnAReadOnlyFileSystem) {
  ASSERT_EQ(make_file(file_, 3), "");
  const auto seen = in_child([&]() -> std::string {
    // Where no mount may be made (in a chroot), the permissions have to do; they do not bind root.
    const bool is_mounted = unshare_mounts() && make_read_only(folder_.path());
    if (!is_mounted) forbid_writing();
    auto said = look_at(file_);
    const auto refused = make_sqlite_store(file_);
    if (refused && (is_mounted || geteuid() != 0)) said += ", writable";
    if (!refused && refused.error().code != ErrorCode::environment) said += ", wrong code";
    return said;
  });
  EXPECT_EQ(seen, "3 trials, holder none");
}

TEST_F(ReadOnly, IsAnErrorForAWriter) {
  ASSERT_EQ(make_file(file_, 3), "");
  forbid_writing();
  const auto said = as_nobody([&] {
    const auto refused = make_sqlite_store(file_);
    if (refused || refused.error().code != ErrorCode::environment) return std::string("no error");
    return refused.error().message + "|" + refused.error().hint;
  });
  EXPECT_THAT(said, HasSubstr("hpo.db: cannot be opened or written"));
  EXPECT_THAT(said, HasSubstr("may write the file and its folder"));
  const auto created = as_nobody([&] { return open_store(folder_ / "new.db").fault; });
  EXPECT_THAT(created, HasSubstr("new.db: cannot be opened or written"));
}

TEST_F(ReadOnly, AFileThatMayNotBeRead) {
  ASSERT_EQ(make_file(file_, 3), "");
  chmod(file_.c_str(), 0);
  const auto said = as_nobody([&] {
    const auto refused = make_sqlite_reader(file_);
    if (refused || refused.error().code != ErrorCode::environment) return std::string("no error");
    return refused.error().message;
  });
  EXPECT_THAT(said, HasSubstr("Permission denied"));
}

}  // namespace
}  // namespace hpo::test
