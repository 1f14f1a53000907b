// What a study began with: kept by every store, whatever becomes of the other study.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "storage/migration.h"
#include "storage/schema.h"
#include "storage/study_stores.h"
#include "tests/storage/sample_study.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

PriorStudy sample_source(const std::string& name = "a'b") {
  return {.study = name,
          .storage = "../other.db",
          .asked = "related",
          .id = "0123",
          .relation = Relation::related,
          .because = "the file says so",
          .parameters = {"x", "kind"},
          .results = {{.trial = 0, .configuration = {{"x", -0.0}, {"kind", true}}, .value = 0.1},
                      {.trial = 7, .configuration = {{"x", 5e-324}}, .value = -0.0},
                      {.trial = 9, .configuration = {{"x", 1.0}}}},
          .left_out = {{"pruned", 3}}};
}

class PriorContract : public testing::TestWithParam<std::string_view> {
 protected:
  PriorContract() : store_(make_study_store(GetParam(), folder_ / "hpo.db").value()) {}
  Study open(std::vector<PriorStudy> sources, bool fresh = false) {
    const OpenOptions options{.sources = std::move(sources), .fresh = fresh};
    return store_->open(sample_spec(), options).value().study;
  }
  TempFolder folder_;
  std::unique_ptr<StudyStore> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, PriorContract, testing::ValuesIn(study_store_names()),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(PriorContract, ComesBackAsItWas) {
  ASSERT_EQ(open({sample_source()}).sources().size(), 1U);
  PriorStudy changed = sample_source();
  changed.results.clear();
  const auto again = open({changed}).sources();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(*again[0].source, sample_source());
  EXPECT_TRUE(std::signbit(*again[0].source->results[1].value));
  EXPECT_EQ(again[0].since_event, 0);
}

TEST_P(PriorContract, EndsWithTheEventsBeforeIt) {
  open({sample_source("a"), sample_source("b")});
  Trial trial = small_trial(0, TrialState::running);
  trial.created_event = 4;
  ASSERT_TRUE(store_->save(trial));
  open({sample_source("b"), sample_source("c")});
  const Study study = open({sample_source("b"), sample_source("c")});
  ASSERT_EQ(study.prior.size(), 3U);
  EXPECT_EQ(study.prior[0].until_event, 4);
  EXPECT_EQ(study.prior[1].until_event, std::nullopt);
  EXPECT_EQ(study.prior[2].since_event, 4);
  EXPECT_EQ(study_at(study, 3).sources().front().source->study, "a");
  EXPECT_EQ(study_at(study, 4).sources().front().source->study, "b");
}

TEST_P(PriorContract, IsNotAFreshStudys) {
  open({sample_source()});
  EXPECT_EQ(open({}, true).prior.size(), 0U);
}

TEST(Prior, IsReadByReadersAndGoesWithItsStudy) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  { EXPECT_EQ(open_store(file, "birds", {.sources = {sample_source()}}).fault, ""); }
  const auto read = make_sqlite_reader(file).value()->load("birds").value().study;
  ASSERT_EQ(read.prior.size(), 1U);
  EXPECT_EQ(*read.prior[0].source, sample_source());
  ASSERT_TRUE(remove_study(file, "birds"));
  auto sqlite = Sqlite::open(file, SqliteAccess::write);
  EXPECT_EQ(sqlite->number("SELECT count(*) FROM prior_study").value(), 0);
  EXPECT_EQ(sqlite->number("SELECT count(*) FROM prior_result").value(), 0);
}

TEST(Prior, DamageIsSaidWithItsStudy) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  { EXPECT_EQ(open_store(file, "birds", {.sources = {sample_source()}}).fault, ""); }
  {
    auto sqlite = Sqlite::open(file, SqliteAccess::write);
    ASSERT_TRUE(sqlite->script("UPDATE prior_study SET relation = 'cousin'"));
  }
  const auto failed = open_store(file);
  EXPECT_EQ(failed.code, ErrorCode::corrupt);
  EXPECT_THAT(failed.fault, testing::HasSubstr("study \"birds\""));
}

TEST(Prior, ComesToAFileOfTheSecondFormat) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  {
    auto sqlite = Sqlite::open(file, SqliteAccess::write);
    const std::array second = {schema_steps()[0], schema_steps()[1]};
    ASSERT_EQ(fault_of(migrate(*sqlite, second)), "");
    ASSERT_EQ(fault_of(sqlite->script("INSERT INTO study VALUES (1, 'abc', 'old', 0, '[]', '[]');"
                                      "INSERT INTO progress VALUES (1, 0, 0, '', '');"
                                      "INSERT INTO run VALUES (1, 1, 0, '7', '{}', 0)")),
              "");
  }
  EXPECT_EQ(open_store(file, "birds", {.sources = {sample_source()}}).fault, "");
  const auto reader = make_sqlite_reader(file).value();
  EXPECT_EQ(reader->load("old").value().study.prior.size(), 0U);
  EXPECT_EQ(reader->load("birds").value().study.prior.size(), 1U);
}

}  // namespace
}  // namespace hpo::test
