#include "objectives/prior.h"

#include <gtest/gtest.h>

#include "objectives/study.h"

namespace hpo {
namespace {

PriorStudy source(const std::string& study, const std::string& asked = {}) {
  return {.study = study, .asked = asked, .id = "id of " + study};
}

TEST(Prior, KeepsWhatWasReadAndEndsWhatIsNoLongerWanted) {
  auto uses = with_sources({}, {source("a"), source("b")}, 0);
  PriorStudy grown = source("a");
  grown.results.push_back({.trial = 3, .value = 1});
  uses = with_sources(std::move(uses), {grown, source("c")}, 8);
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].source->results.size(), 0U);
  EXPECT_FALSE(uses[0].until_event);
  EXPECT_EQ(uses[1].until_event, 8);
  EXPECT_EQ(uses[2].since_event, 8);
  EXPECT_EQ(with_sources(uses, {grown, source("c")}, 9).size(), 3U);
}

TEST(Prior, ReadsAnewWhatHadGoneOrIsAskedForDifferently) {
  auto uses = with_sources({}, {source("a")}, 0);
  uses = with_sources(std::move(uses), {}, 5);
  uses = with_sources(std::move(uses), {source("a", "related")}, 9);
  uses = with_sources(std::move(uses), {source("a")}, 9);
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_TRUE(uses[0].holds_at(4));
  EXPECT_FALSE(uses[0].holds_at(5));
  EXPECT_FALSE(uses[1].holds_at(9)) << "no suggestion was made with it";
  EXPECT_TRUE(uses[2].holds_at(9));
}

TEST(Prior, IsPartOfWhatASamplerSaw) {
  Study study;
  study.prior = with_sources({}, {source("a")}, 0);
  study.prior = with_sources(study.prior, {source("b")}, 6);
  ASSERT_EQ(study_at(study, 5).sources().size(), 1U);
  EXPECT_EQ(study_at(study, 5).sources()[0].source->study, "a");
  ASSERT_EQ(study_at(study, 6).sources().size(), 1U);
  EXPECT_EQ(study_at(study, 6).sources()[0].source->study, "b");
}

}  // namespace
}  // namespace hpo
