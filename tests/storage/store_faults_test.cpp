// Damaged files, full disks, things that are not there.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <limits>

#include "storage/sqlite.h"
#include "tests/storage/child.h"
#include "tests/storage/model_files.h"
#include "tests/storage/mounts.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class StoreFaults : public testing::Test {
 protected:
  /// What loading the study says: empty, if it succeeds.
  Error load_fault() {
    auto reader = make_sqlite_reader(file_);
    if (!reader) return reader.error();
    const auto loaded = (*reader)->load("birds");
    return loaded ? Error{.message = ""} : loaded.error();
  }
  void edit(const char* sql) {
    auto sqlite = Sqlite::open(file_, SqliteAccess::write);
    ASSERT_TRUE(sqlite);
    ASSERT_EQ(fault_of(sqlite->script("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints "
                                      "= ON")),
              "");
    ASSERT_EQ(fault_of(sqlite->script(sql)), "");
  }
  TempFolder folder_;
  fs::path file_ = folder_ / "hpo.db";
};

TEST_F(StoreFaults, AFileThatIsNoDatabase) {
  for (const auto& content :
       {std::string("study: birds\nobjective: {metric: loss}\n") + std::string(5'000, 'x'),
        std::string(8'192, '\0'), std::string("short")}) {
    write_text(file_, content);
    for (const auto& error : {make_sqlite_store(file_).error(), make_sqlite_reader(file_).error(),
                              remove_study(file_, "birds").error()}) {
      EXPECT_EQ(error.code, ErrorCode::corrupt) << error.message;
      EXPECT_THAT(error.message, HasSubstr("hpo.db: is not a study database"));
      EXPECT_FALSE(error.hint.empty());
    }
    EXPECT_EQ(read_text(file_), content) << "it must stay as it was";
  }
}

TEST_F(StoreFaults, AnEmptyFileHoldsNoStudiesYet) {
  write_text(file_, "");
  const auto reader = make_sqlite_reader(file_);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::not_found);
  EXPECT_THAT(reader.error().message, HasSubstr("holds no studies yet"));
  EXPECT_EQ(open_store(file_).fault, "");
}

TEST_F(StoreFaults, AFileThatIsNotThere) {
  for (const auto& error :
       {make_sqlite_reader(file_).error(), remove_study(file_, "birds").error()}) {
    EXPECT_EQ(error.code, ErrorCode::not_found);
    EXPECT_THAT(error.message, HasSubstr("hpo.db: no such file"));
  }
  EXPECT_FALSE(fs::exists(file_));
  const auto nowhere = make_sqlite_store(folder_ / "missing/hpo.db");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::environment);
  EXPECT_THAT(nowhere.error().message, HasSubstr("No such file or directory"));
}

TEST_F(StoreFaults, ATruncatedFile) {
  ASSERT_EQ(make_file(file_, 200), "");
  fs::resize_file(file_, fs::file_size(file_) / 2);
  EXPECT_EQ(load_fault().code, ErrorCode::corrupt) << load_fault().message;
  const auto opened = open_store(file_);
  EXPECT_EQ(opened.code, ErrorCode::corrupt) << opened.fault;
  EXPECT_THAT(opened.fault, HasSubstr("hpo.db: the database is damaged"));
}

TEST_F(StoreFaults, OverwrittenPagesAreFoundBeforeAnythingIsWritten) {
  ASSERT_EQ(make_file(file_, 300), "");
  const auto intact = read_text(file_);
  constexpr std::size_t kPage = 4'096;
  int found = 0;
  for (std::size_t page = 1; page < intact.size() / kPage; page += 3) {
    auto damaged = intact;
    for (std::size_t at = page * kPage; at < (page + 1) * kPage; at += 5) {
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    }
    write_text(file_, damaged);
    const auto opened = open_store(file_);
    EXPECT_EQ(opened.code, ErrorCode::corrupt) << "page " << page << ": " << opened.fault;
    EXPECT_EQ(read_text(file_), damaged) << page;
    found += load_fault().code == ErrorCode::corrupt ? 1 : 0;
  }
  EXPECT_GT(found, 0);
}

TEST_F(StoreFaults, RowsThatSayNothing) {
  ASSERT_EQ(make_file(file_, 3), "");
  const auto intact = read_text(file_);
  const std::vector<std::pair<const char*, const char*>> edits = {
      {"UPDATE trial SET state = 'sleeping' WHERE number = 1",
       "trial 1: unknown state \"sleeping\""},
      {"UPDATE trial SET failure = 'rain' WHERE number = 2", "trial 2: unknown failure \"rain\""},
      {"UPDATE trial SET configuration = '{\"x\":' WHERE number = 1", "trial 1: a configuration"},
      {"UPDATE trial SET configuration = '{\"x\":[1]}' WHERE number = 1", "trial 1: expected a"},
      {"UPDATE trial SET metrics = '[]' WHERE number = 0", "trial 0: metrics cannot be read"},
      {"UPDATE trial SET metrics = '{\"a\":\"b\"}' WHERE number = 0", "trial 0: metrics cannot"},
      {"UPDATE trial SET seed = '-1' WHERE number = 0", "trial 0: its seed"},
      {"DELETE FROM trial WHERE number = 1", "trial 1: is missing"},
      {"UPDATE study SET space = '{}x'", "search space: not valid JSON"},
      {"UPDATE study SET space = '[{\"name\":\"x\"}]'", "search space"},
      {"UPDATE study SET objectives = '[{}]'", "objectives"},
      {"UPDATE run SET seed = 'seven'", "its seed is not a number"}};
  for (const auto& [sql, expected] : edits) {
    write_text(file_, intact);
    edit(sql);
    const auto error = load_fault();
    EXPECT_EQ(error.code, ErrorCode::corrupt) << sql;
    EXPECT_THAT(error.message, HasSubstr("study \"birds\": "));
    EXPECT_THAT(error.message, HasSubstr(expected));
    EXPECT_EQ(open_store(file_).code, ErrorCode::corrupt) << sql;
  }
}

TEST_F(StoreFaults, ValuesThatCannotBeStored) {
  const auto open = open_store(file_);
  ASSERT_EQ(open.fault, "");
  const Trial infinite{.number = 0,
                       .configuration = {{"x", std::numeric_limits<double>::infinity()}}};
  EXPECT_THAT(fault_of(open.store->save(infinite)), HasSubstr("parameter x cannot be stored"));
  const Trial no_text{.number = 0, .configuration = {{"x", std::string("\xff\xfe")}}};
  const auto refused = open.store->save(no_text);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().hint, HasSubstr("UTF-8"));
  const Trial binary{.number = 0, .reason = "\xff\xfe as a program printed it"};
  EXPECT_EQ(fault_of(open.store->save(binary)), "");
  EXPECT_EQ(fault_of(remove_study(file_, "none")),
            file_.string() + ": no study \"none\"; there are: birds");
}

/// A place with little room, that can be given more.
class SmallDisk {
 public:
  explicit SmallDisk(const fs::path& folder, bool limit_only) : folder_(folder.string()) {
    is_mounted_ = !limit_only && unshare_mounts() && mount_tmpfs(folder_, "600k");
    if (is_mounted_) return;
    std::signal(SIGXFSZ, SIG_IGN);
    set_limit(360'000);
  }
  bool grow() { return is_mounted_ ? resize_tmpfs(folder_, "64m") : set_limit(RLIM_INFINITY); }

 private:
  static bool set_limit(rlim_t bytes) {
    rlimit limit{};
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
  }
  std::string folder_;
  bool is_mounted_ = false;
};

/// Fills the disk with trials, gives it room, goes on, and reads all back: what went wrong.
std::string fill_and_go_on(const fs::path& file, SmallDisk disk) {
  auto open = open_store(file);
  if (!open.store) return open.fault;
  const auto trial = [](std::int64_t number) {
    auto large = small_trial(number, TrialState::complete);
    large.reason = std::string(3'000, 'r');
    return large;
  };
  std::int64_t stored = 0;
  auto saved = open.store->save(trial(stored));
  while (saved) saved = open.store->save(trial(++stored));
  if (saved.error().code != ErrorCode::environment) return "wrong code";
  if (saved.error().message.find("no space left to write") == std::string::npos ||
      saved.error().hint.find("free space") == std::string::npos) {
    return saved.error().message;
  }
  if (stored < 10) return "it was full too soon";
  if (open.store->measurements(0).has_value() == false) return "it cannot be read";
  if (!disk.grow()) return "cannot grow";
  for (const auto end = stored + 100; stored < end; ++stored) {
    auto fault = fault_of(open.store->save(trial(stored)));
    if (!fault.empty()) return "after it grew: " + fault;
  }
  open.store.reset();
  open = open_store(file);
  if (!open.store) return "reopened: " + open.fault;
  if (static_cast<std::int64_t>(open.opened.study.trials.size()) != stored) return "trials lost";
  for (const auto& kept : open.opened.study.trials) {
    if (*kept != trial(kept->number)) return "a trial changed";
  }
  return {};
}

TEST_F(StoreFaults, AFullDiskLosesNothingAndIsGotOver) {
  EXPECT_EQ(in_child([&] { return fill_and_go_on(file_, SmallDisk(folder_.path(), false)); }), "");
}

TEST_F(StoreFaults, AFileSizeLimitLosesNothingAndIsGotOver) {
  EXPECT_EQ(in_child([&] { return fill_and_go_on(file_, SmallDisk(folder_.path(), true)); }), "");
}

}  // namespace
}  // namespace hpo::test
