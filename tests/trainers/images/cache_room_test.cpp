// The cache's bound: what goes first, what never goes, and what killed processes leave.

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "tests/trainers/images/child_process.h"
#include "tests/trainers/images/photo_files.h"
#include "trainers/images/blob_cache.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t kBytes = 100'000;
constexpr std::uint64_t kThree = 3 * (kBytes + 4096);  // with their headers

Result<void> fill_with_ones(std::span<std::byte> payload) {
  std::fill(payload.begin(), payload.end(), std::byte{1});
  return {};
}

class CacheRoomTest : public testing::Test {
 protected:
  Result<MappedBlob> get(const std::string& key, std::uint64_t most = kThree) {
    return get_or_fill(cache_, key, kBytes, fill_with_ones, most);
  }
  /// Whether the key's file is there; asking does not renew it.
  [[nodiscard]] bool has(const std::string& key) {
    const fs::file_time_type never{};
    std::vector<std::pair<fs::path, fs::file_time_type>> times;
    for (const auto& entry : fs::directory_iterator(cache_)) {
      times.emplace_back(entry.path(), fs::last_write_time(entry.path()));
    }
    const bool found = find_blob(cache_, key, kBytes).has_value();
    for (const auto& [path, time] : times) {
      if (time != never) fs::last_write_time(path, time);
    }
    return found;
  }
  /// Makes the only newer file of the folder, the one just used, `seconds` older than it is.
  void age(const std::string& key, int seconds) {
    const auto before = snapshot();
    ASSERT_TRUE(find_blob(cache_, key, kBytes));
    for (const auto& entry : fs::directory_iterator(cache_)) {
      if (entry.path().extension() != ".blob") continue;
      const auto time = fs::last_write_time(entry.path());
      if (before.at(entry.path()) == time) continue;
      fs::last_write_time(entry.path(), time - std::chrono::seconds(seconds));
    }
  }
  [[nodiscard]] std::map<fs::path, fs::file_time_type> snapshot() const {
    std::map<fs::path, fs::file_time_type> times;
    for (const auto& entry : fs::directory_iterator(cache_)) {
      times[entry.path()] = fs::last_write_time(entry.path());
    }
    return times;
  }
  [[nodiscard]] std::uint64_t used() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(cache_)) bytes += entry.file_size();
    return bytes;
  }

  TempFolder folder_;
  fs::path cache_ = folder_ / "cache";
};

TEST_F(CacheRoomTest, TheLeastRecentlyUsedGoesFirst) {
  for (const char* key : {"a", "b", "c"}) ASSERT_TRUE(get(key));
  age("a", 30);
  age("b", 20);
  age("c", 10);
  EXPECT_FALSE(get("a")->filled());  // used again, so b is now the oldest
  EXPECT_TRUE(get("d")->filled());
  EXPECT_TRUE(has("a"));
  EXPECT_FALSE(has("b"));
  EXPECT_TRUE(has("c"));
  EXPECT_TRUE(has("d"));
  EXPECT_LE(used(), kThree);
}

TEST_F(CacheRoomTest, WhatIsInUseIsNeverRemoved) {
  const auto a = get("a");
  const auto b = get("b");
  const auto c = get("c");
  const auto d = get("d");
  ASSERT_TRUE(a && b && c && d);
  EXPECT_THAT(d->warning(), HasSubstr("cache.max"));
  EXPECT_EQ(d->bytes()[0], std::byte{1});
  for (const char* key : {"a", "b", "c"}) EXPECT_TRUE(has(key));
  EXPECT_FALSE(has("d"));
}

TEST_F(CacheRoomTest, WhatExceedsTheWholeCacheTakesNobodysPlace) {
  ASSERT_TRUE(get("a"));
  const auto large = get_or_fill(cache_, "large", 4 * kBytes, fill_with_ones, kThree);
  ASSERT_TRUE(large);
  EXPECT_THAT(large->warning(), HasSubstr("kept in memory"));
  EXPECT_TRUE(has("a"));
}

TEST_F(CacheRoomTest, WhatAKilledProcessLeftHalfWrittenMakesRoom) {
  Gate halfway;
  Gate never;
  ChildProcess filler([&] {
    const auto fill = [&](std::span<std::byte>) -> Result<void> {
      halfway.open();
      never.wait();
      return {};
    };
    return get_or_fill(cache_, "killed", kBytes, fill, kThree) ? 0 : 1;
  });
  halfway.wait();
  ASSERT_TRUE(get("a"));
  ASSERT_TRUE(get("b"));
  // While it is written it counts, and is not touched: one of the others goes.
  ASSERT_TRUE(get("c"));
  EXPECT_FALSE(has("a") && has("b"));
  EXPECT_LE(used(), kThree);
  filler.kill_and_wait();
  ASSERT_TRUE(get("d"));
  EXPECT_TRUE(has("c"));
  EXPECT_LE(used(), kThree);
  EXPECT_TRUE(std::none_of(fs::directory_iterator(cache_), fs::directory_iterator(),
                           [](const auto& entry) { return entry.path().extension() == ".part"; }));
}

TEST_F(CacheRoomTest, HoldsAlsoWhereSeveralProcessesFill) {
  Gate start;
  std::vector<ChildProcess> children;
  for (int i = 0; i < 5; ++i) {
    children.emplace_back([&, i] {
      start.wait();
      for (int k = 0; k < 6; ++k) {
        const auto blob = get(std::to_string((i + k) % 7));
        if (!blob || blob->bytes()[kBytes - 1] != std::byte{1}) return 1;
      }
      return 0;
    });
  }
  for (int i = 0; i < 5; ++i) start.open();
  for (auto& child : children) EXPECT_EQ(child.wait(), 0);
  EXPECT_LE(used(), kThree);
}

}  // namespace
}  // namespace hpo
