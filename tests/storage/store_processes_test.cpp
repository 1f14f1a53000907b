// Several real processes on one file, some of which are killed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/sqlite.h"
#include "tests/storage/child.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;

class StoreProcesses : public testing::Test {
 protected:
  std::string integrity() {
    auto sqlite = Sqlite::open(file_, SqliteAccess::write);
    if (!sqlite) return sqlite.error().message;
    auto check = sqlite->query("PRAGMA integrity_check");
    const auto row = check.next();
    return row ? check.text(0) : row.error().message;
  }
  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(StoreProcesses, EveryAcknowledgedSaveOutlivesKill) {
  std::int64_t next = 0;
  for (const int heard_before_kill : {1, 2, 17, 3, 60, 1, 150, 5}) {
    Child engine([&](const Child::Voice& voice) {
      const auto open = open_store(file_);
      if (!open.store) return voice.say(open.fault);
      for (auto number = next;; ++number) {
        const auto fault = save_trials(*open.store, number, number + 1);
        voice.say(fault.empty() ? std::to_string(number) : fault);
      }
    });
    std::string last;
    for (int i = 0; i < heard_before_kill; ++i) last = engine.hear();
    engine.kill_now();
    for (auto line = engine.hear(); !line.empty(); line = engine.hear()) last = line;
    const auto acknowledged = std::stoll(last);
    ASSERT_EQ(integrity(), "ok");
    auto reopened = open_store(file_);
    ASSERT_EQ(reopened.fault, "");
    const auto& trials = reopened.opened.study.trials;
    ASSERT_GT(static_cast<std::int64_t>(trials.size()), acknowledged);
    for (std::int64_t number = 0; number <= acknowledged; ++number) {
      const auto& trial = *trials[static_cast<std::size_t>(number)];
      ASSERT_EQ(trial, small_trial(number, TrialState::complete));
      ASSERT_EQ(reopened.store->measurements(number).value().size(), 1U);
    }
    next = acknowledged + 1;
  }
}

TEST_F(StoreProcesses, ShareOneFileFromItsFirstMoment) {
  for (int round = 0; round < 5; ++round) {
    file_ = folder_ / ("shared-" + std::to_string(round) + ".db");
    const auto engine = [&](const std::string& name) {
      return [&, name](const Child::Voice& voice) {
        voice.say("ready");
        voice.wait();
        const auto open = open_store(file_, name);
        voice.say(open.store ? save_trials(*open.store, 0, 60) + "saved" : open.fault);
      };
    };
    Child first(engine("first"));
    Child second(engine("second"));
    ASSERT_EQ(first.hear() + second.hear(), "readyready");
    first.go_on();
    second.go_on();
    EXPECT_EQ(first.hear(), "saved");
    EXPECT_EQ(second.hear(), "saved");
    EXPECT_EQ(first.join() + second.join(), 0);
    ASSERT_EQ(integrity(), "ok");
    EXPECT_EQ(open_store(file_, "first").opened.study.trials.size(), 60U);
    EXPECT_EQ(open_store(file_, "second").opened.study.trials.size(), 60U);
  }
}

TEST_F(StoreProcesses, AReaderSeesAStudyGrowWhileItIsWritten) {
  constexpr std::size_t kTrials = 300;
  ASSERT_EQ(make_file(file_, 0), "");
  Child engine([&](const Child::Voice& voice) {
    const auto open = open_store(file_);
    voice.say(open.store ? "opened" : open.fault);
    voice.say(save_trials(*open.store, 0, kTrials) + "saved");
    voice.wait();
  });
  ASSERT_EQ(engine.hear(), "opened");
  auto reader = make_sqlite_reader(file_);
  ASSERT_TRUE(reader) << reader.error().message;
  std::size_t seen = 0;
  while (seen < kTrials) {
    const auto loaded = (*reader)->load("birds");
    ASSERT_TRUE(loaded) << loaded.error().message;
    ASSERT_EQ(loaded->holder, engine.pid()) << "the writer is gone";
    ASSERT_GE(loaded->study.trials.size(), seen);
    seen = loaded->study.trials.size();
    for (std::size_t number = 0; number + 1 < seen; ++number) {
      ASSERT_EQ(loaded->study.trials[number]->state, TrialState::complete);
    }
  }
  EXPECT_EQ(engine.hear(), "saved");
}

TEST_F(StoreProcesses, AReaderInMidReadDoesNotBlockAWriter) {
  ASSERT_EQ(make_file(file_, 3), "");
  Child reading([&](const Child::Voice& voice) {
    auto sqlite = Sqlite::open(file_, SqliteAccess::read);
    const auto snapshot = SqliteTransaction::begin_read(*sqlite);
    const auto before = sqlite->number("SELECT count(*) FROM trial");
    voice.say("reading");
    voice.wait();
    const auto after = sqlite->number("SELECT count(*) FROM trial");
    voice.say(before && after && *before == *after ? "one snapshot" : "changed");
  });
  ASSERT_EQ(reading.hear(), "reading");
  const auto writer = open_store(file_);
  EXPECT_EQ(save_trials(*writer.store, 3, 50), "");
  reading.go_on();
  EXPECT_EQ(reading.hear(), "one snapshot");
}

}  // namespace
}  // namespace hpo::test
