#include "storage/migration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "storage/schema.h"
#include "storage/study_store.h"
#include "tests/storage/model_files.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

using testing::HasSubstr;

constexpr std::array<const char*, 1> kFirst = {"CREATE TABLE bird (name TEXT)"};
constexpr std::array<const char*, 3> kThird = {
    "CREATE TABLE bird (name TEXT)", "ALTER TABLE bird ADD COLUMN legs INTEGER NOT NULL DEFAULT 2",
    "UPDATE bird SET legs = 3 WHERE name = 'odd'"};
constexpr std::array<const char*, 3> kBroken = {
    "CREATE TABLE bird (name TEXT)", "ALTER TABLE bird ADD COLUMN legs INTEGER", "NO SUCH SQL"};

class Migration : public testing::Test {
 protected:
  Sqlite open() {
    auto sqlite = Sqlite::open(folder_ / "birds.db", SqliteAccess::write);
    EXPECT_TRUE(sqlite);
    return std::move(*sqlite);
  }
  /// A database of format 1 with two rows.
  void make_first() {
    auto sqlite = open();
    ASSERT_EQ(fault_of(migrate(sqlite, kFirst)), "");
    ASSERT_EQ(fault_of(sqlite.script("INSERT INTO bird VALUES ('even'), ('odd')")), "");
  }
  TempFolder folder_;
};

TEST_F(Migration, MakesAnEmptyFileAndMarksIt) {
  auto sqlite = open();
  EXPECT_EQ(schema_version(sqlite, 3).value(), 0);
  ASSERT_EQ(fault_of(migrate(sqlite, kThird)), "");
  EXPECT_EQ(schema_version(sqlite, 3).value(), 3);
  EXPECT_EQ(sqlite.number("PRAGMA application_id").value(), kApplicationId);
}

TEST_F(Migration, TakesTheMissingStepsAndKeepsTheRows) {
  make_first();
  auto sqlite = open();
  ASSERT_EQ(fault_of(migrate(sqlite, kThird)), "");
  EXPECT_EQ(schema_version(sqlite, 3).value(), 3);
  EXPECT_EQ(sqlite.number("SELECT legs FROM bird WHERE name = 'even'").value(), 2);
  EXPECT_EQ(sqlite.number("SELECT legs FROM bird WHERE name = 'odd'").value(), 3);
  ASSERT_EQ(fault_of(migrate(sqlite, kThird)), "");
}

TEST_F(Migration, ThatFailsChangesNothing) {
  make_first();
  auto sqlite = open();
  EXPECT_NE(fault_of(migrate(sqlite, kBroken)), "");
  EXPECT_EQ(schema_version(sqlite, 3).value(), 1);
  EXPECT_EQ(sqlite.number("SELECT count(*) FROM pragma_table_info('bird')").value(), 1);
}

TEST_F(Migration, RefusesANewerFormat) {
  {
    auto sqlite = open();
    ASSERT_EQ(fault_of(migrate(sqlite, kThird)), "");
  }
  auto sqlite = open();
  const auto refused = migrate(sqlite, kFirst);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::newer_version);
  EXPECT_THAT(refused.error().message, HasSubstr("was written by a newer version"));
  EXPECT_THAT(refused.error().message, HasSubstr("birds.db"));
}

TEST_F(Migration, StoreReaderAndRemovalRefuseANewerFile) {
  const auto file = folder_ / "birds.db";
  ASSERT_EQ(make_file(file, 1), "");
  ASSERT_EQ(fault_of(open().script("PRAGMA user_version = 99")), "");
  EXPECT_EQ(make_sqlite_store(file).error().code, ErrorCode::newer_version);
  EXPECT_EQ(make_sqlite_reader(file).error().code, ErrorCode::newer_version);
  EXPECT_EQ(remove_study(file, "birds").error().code, ErrorCode::newer_version);
}

TEST_F(Migration, LeavesAnotherProgramsDatabaseAlone) {
  const auto file = folder_ / "birds.db";
  ASSERT_EQ(fault_of(open().script("CREATE TABLE mail (text TEXT)")), "");
  const auto before = read_text(file);
  for (const auto& error : {make_sqlite_store(file).error(), make_sqlite_reader(file).error(),
                            remove_study(file, "birds").error()}) {
    EXPECT_EQ(error.code, ErrorCode::corrupt);
    EXPECT_THAT(error.message, HasSubstr("database of another program"));
    EXPECT_THAT(error.hint, HasSubstr("--storage"));
  }
  EXPECT_EQ(open().number("SELECT count(*) FROM sqlite_master").value(), 1);
}

TEST_F(Migration, TakesTheSchemaAndHoldsItsForeignKeys) {
  auto sqlite = open();
  ASSERT_EQ(fault_of(migrate(sqlite, schema_steps())), "");
  EXPECT_EQ(sqlite.number("PRAGMA foreign_keys").value(), 1);
  const auto orphan = sqlite.run("INSERT INTO progress VALUES (7, 0, 0, '', '')");
  ASSERT_FALSE(orphan);
  EXPECT_THAT(orphan.error().message, HasSubstr("was removed meanwhile"));
}

}  // namespace
}  // namespace hpo::test
