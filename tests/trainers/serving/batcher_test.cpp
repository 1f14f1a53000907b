#include "trainers/serving/batcher.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "tests/trainers/serving/gate.h"

namespace hpo::serving {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;

/// Notes the size of every batch; the first ones wait at a gate.
struct Record {
  void operator()(std::vector<Job> jobs) {
    {
      const std::scoped_lock lock(mutex);
      sizes.push_back(jobs.size());
    }
    gate.pass();
    for (Job& job : jobs) job.done({});
  }
  std::mutex mutex = {};
  std::vector<std::size_t> sizes = {};
  Gate gate = {};
};

/// Counts answers.
Job counted(std::atomic<int>& answers) {
  Job job;
  job.done = [&answers](const HttpResponse&) { ++answers; };
  return job;
}

bool submit(Batcher& batcher, std::atomic<int>& answers) {
  Job job = counted(answers);
  return batcher.submit(job);
}

TEST(Batcher, NeverWaitsWhileAWorkerIsIdle) {
  std::atomic<int> answers = 0;
  Record record;
  {
    Batcher batcher({.workers = 2, .max_batch = 8}, std::ref(record));
    const OpenAtEnd opened{record.gate};
    EXPECT_TRUE(submit(batcher, answers));
    record.gate.wait_for(1);  // the first request is computed alone, at once
    EXPECT_TRUE(submit(batcher, answers));
    record.gate.wait_for(2);
    EXPECT_EQ(batcher.busy(), 2U);
    EXPECT_EQ(batcher.queued(), 0U);
  }
  EXPECT_THAT(record.sizes, ElementsAre(1, 1));
  EXPECT_EQ(answers, 2);
}

TEST(Batcher, GathersWhatComesWhileAllCompute) {
  std::atomic<int> answers = 0;
  Record record;
  {
    Batcher batcher({.workers = 1, .max_batch = 5, .max_batch_s = 1e9}, std::ref(record));
    const OpenAtEnd opened{record.gate};
    EXPECT_TRUE(submit(batcher, answers));
    record.gate.wait_for(1);
    for (int i = 0; i < 12; ++i) EXPECT_TRUE(submit(batcher, answers));
  }
  EXPECT_THAT(record.sizes, ElementsAre(1, 5, 5, 2));
  EXPECT_EQ(answers, 13);
}

TEST(Batcher, SharesTheQueueAmongItsWorkers) {
  std::atomic<int> answers = 0;
  Record record;
  {
    Batcher batcher({.workers = 2, .max_batch = 100, .max_batch_s = 1e9}, std::ref(record));
    const OpenAtEnd opened{record.gate};
    for (std::size_t i = 1; i <= 2; ++i) {
      EXPECT_TRUE(submit(batcher, answers));
      record.gate.wait_for(i);
    }
    for (int i = 0; i < 8; ++i) EXPECT_TRUE(submit(batcher, answers));
  }
  ASSERT_GE(record.sizes.size(), 4U);
  EXPECT_THAT(record.sizes, Each(Le(4U)));
  EXPECT_EQ(answers, 10);
}

TEST(Batcher, KeepsBatchesShortWhereEachTakesLong) {
  std::atomic<int> answers = 0;
  Record record;
  {
    // Whatever a batch takes, it is longer than that.
    Batcher batcher({.workers = 1, .max_batch = 8, .max_batch_s = 1e-12}, std::ref(record));
    const OpenAtEnd opened{record.gate};
    EXPECT_TRUE(submit(batcher, answers));
    record.gate.wait_for(1);
    for (int i = 0; i < 4; ++i) EXPECT_TRUE(submit(batcher, answers));
  }
  EXPECT_THAT(record.sizes, ElementsAre(1, 1, 1, 1, 1));
}

TEST(Batcher, RefusesWhatItsQueueCannotHold) {
  std::atomic<int> answers = 0;
  Record record;
  {
    Batcher batcher({.workers = 1, .max_queue = 2}, std::ref(record));
    const OpenAtEnd opened{record.gate};
    EXPECT_TRUE(submit(batcher, answers));
    record.gate.wait_for(1);
    EXPECT_TRUE(submit(batcher, answers));
    EXPECT_TRUE(submit(batcher, answers));
    Job job = counted(answers);
    job.body = "kept";
    EXPECT_FALSE(batcher.submit(job));
    EXPECT_EQ(job.body, "kept");
    EXPECT_TRUE(batcher.is_alive(1e9));
    EXPECT_FALSE(batcher.is_alive(0));  // its only worker computes
  }
  EXPECT_EQ(answers, 3);
}

}  // namespace
}  // namespace hpo::serving
