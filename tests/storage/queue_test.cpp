// Configurations that wait in a study's queue: put there by any process, taken by its writer.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "storage/migration.h"
#include "storage/schema.h"
#include "storage/study_stores.h"
#include "tests/storage/sample_study.h"
#include "tests/storage/sqlite_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

using testing::HasSubstr;

Configuration point(double x) {
  return {{"x", x}, {"kind", std::string("a'b")}, {"k", std::int64_t{1} << 60U}, {"b", true}};
}

class QueueContract : public testing::TestWithParam<std::string_view> {
 protected:
  QueueContract() : store_(make_study_store(GetParam(), folder_ / "hpo.db").value()) {
    study_ = store_->open(sample_spec(), {}).value().study;
  }
  /// The x of what waits longest; -1 where nothing waits.
  double next() {
    const auto found = store_->next_queued();
    EXPECT_TRUE(found);
    if (!found || !*found) return -1;
    return std::get<double>((*found)->configuration.at("x"));
  }
  TempFolder folder_;
  std::unique_ptr<StudyStore> store_;
  Study study_;
};

INSTANTIATE_TEST_SUITE_P(Stores, QueueContract, testing::ValuesIn(study_store_names()),
                         [](const auto& tested) { return std::string(tested.param); });

TEST_P(QueueContract, GivesTheOldestUntilItIsATrial) {
  EXPECT_EQ(next(), -1);
  EXPECT_EQ(store_->enqueue(point(0.5)).value(), 1);
  EXPECT_EQ(store_->enqueue(point(0.25)).value(), 2);
  EXPECT_EQ(store_->enqueue(point(0.5)).value(), 3);
  const auto first = store_->next_queued().value().value();
  EXPECT_EQ(first.configuration, point(0.5));
  EXPECT_EQ(next(), 0.5);
  Trial trial = small_trial(0, TrialState::running);
  trial.configuration = first.configuration;
  ASSERT_TRUE(store_->save_queued(trial, first.key));
  EXPECT_EQ(next(), 0.25);
  const auto again = store_->open(sample_spec(), {}).value().study;
  ASSERT_EQ(again.trials.size(), 1U);
  EXPECT_EQ(again.trials[0]->configuration, point(0.5));
  EXPECT_EQ(next(), 0.25);
}

TEST_P(QueueContract, KeepsWhatCouldNotBecomeATrial) {
  ASSERT_TRUE(store_->enqueue(point(0.5)));
  const auto first = store_->next_queued().value().value();
  EXPECT_FALSE(store_->save_queued(small_trial(7, TrialState::running), first.key));
  EXPECT_EQ(next(), 0.5);
}

TEST_P(QueueContract, KeepsStudiesApart) {
  ASSERT_TRUE(store_->enqueue(point(0.5)));
  ASSERT_TRUE(store_->open(sample_spec("other"), {}));
  EXPECT_EQ(next(), -1);
}

TEST(Queue, TakesFromOtherProcessesWhileTheStudyRuns) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  auto running = open_store(file);
  ASSERT_EQ(running.fault, "");
  EXPECT_EQ(enqueue(file, running.opened.study.spec, point(0.5)).value(), 1);
  EXPECT_EQ(enqueue(file, running.opened.study.spec, point(0.75)).value(), 2);
  EXPECT_EQ(running.store->next_queued().value().value().configuration, point(0.5));
  EXPECT_EQ(running.store->enqueue(point(1)).value(), 3);
}

TEST(Queue, GoesWithItsStudy) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  const StudySpec old = open_store(file).opened.study.spec;
  ASSERT_TRUE(enqueue(file, old, point(0.5)));
  {
    auto fresh = open_store(file, "birds", {.fresh = true});
    EXPECT_FALSE(fresh.store->next_queued().value().has_value());
    auto renamed = open_store(file, "birds-1");
    EXPECT_TRUE(renamed.store->next_queued().value().has_value());
  }
  const auto refused = enqueue(file, old, point(0.5));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("begun anew meanwhile"));
  EXPECT_TRUE(remove_study(file, "birds-1"));
  EXPECT_EQ(enqueue(file, sample_spec("birds-1"), point(1)).error().code, ErrorCode::not_found);
  EXPECT_EQ(enqueue(folder / "none.db", old, point(1)).error().code, ErrorCode::not_found);
}

TEST(Queue, ComesToAFileOfTheFirstFormat) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  {
    auto sqlite = Sqlite::open(file, SqliteAccess::write);
    const std::array first = {schema_steps()[0]};
    ASSERT_EQ(fault_of(migrate(*sqlite, first)), "");
    ASSERT_EQ(fault_of(sqlite->script("INSERT INTO study VALUES (1, 'abc', 'old', 0, '[]', '[]');"
                                      "INSERT INTO progress VALUES (1, 0, 0, '', '');"
                                      "INSERT INTO run VALUES (1, 1, 0, '42', 'first')")),
              "");
  }
  ASSERT_TRUE(make_sqlite_store(file));
  const auto runs = make_sqlite_reader(file).value()->runs("old");
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 1U);
  EXPECT_EQ((*runs)[0].seed, 42U);
  EXPECT_EQ((*runs)[0].config, "first");
  EXPECT_EQ((*runs)[0].first_trial, std::nullopt);
}

TEST(Runs, SayWhichTrialsAreTheirs) {
  const TempFolder folder;
  const auto file = folder / "hpo.db";
  {
    auto first = open_store(file, "birds", {.config = "one"});
    ASSERT_EQ(save_trials(*first.store, 0, 3), "");
  }
  { const auto second = open_store(file, "birds", {.config = "two"}); }
  { const auto third = open_store(file, "birds", {.config = "three"}); }
  const auto runs = make_sqlite_reader(file).value()->runs("birds").value();
  ASSERT_EQ(runs.size(), 3U);
  EXPECT_EQ(runs[0].first_trial, 0);
  EXPECT_EQ(runs[0].config, "one");
  EXPECT_EQ(runs[1].first_trial, 3);
  EXPECT_EQ(runs[2].number, 3);
  EXPECT_EQ(runs[2].seed, sample_spec().seed);
}

}  // namespace
}  // namespace hpo::test
