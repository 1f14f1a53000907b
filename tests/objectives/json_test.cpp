#include "objectives/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hpo {
namespace {

TEST(Json, SearchSpaceReadsBack) {
  const SearchSpace space{
      .parameters = {
          {.name = "lr", .domain = FloatParameter{.min = 1e-5, .max = 1e-2, .scale = Scale::log}},
          {.name = "dropout", .domain = FloatParameter{.min = 0.2, .max = 0.7, .step = 0.05}},
          {.name = "layers", .domain = IntParameter{.min = 1, .max = 9, .step = 2}},
          {.name = "size",
           .domain = OrdinalParameter{.values = {std::int64_t{96}, std::int64_t{224}}}},
          {.name = "kind", .domain = CategoricalParameter{.values = {std::string("a"), true, 2.5}}},
          {.name = "extra",
           .domain = BoolParameter{},
           .when = {{.parent = "layers", .values = {std::int64_t{3}}}}},
      }};
  const auto back = search_space_from(nlohmann::json::parse(to_json(space).dump()));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, space);
}

TEST(Json, DamagedSpaceIsAnErrorNotACrash) {
  EXPECT_FALSE(search_space_from(nlohmann::json::parse(R"([{"name":"x"}])")));
  EXPECT_FALSE(search_space_from(
      nlohmann::json::parse(R"([{"name":"x","type":"odd","when":[],"values":[]}])")));
}

TEST(Json, ConfigurationKeepsTypes) {
  const Configuration configuration{
      {"a", true}, {"b", std::int64_t{3}}, {"c", 3.0}, {"d", std::string("3")}};
  const auto back = configuration_from(nlohmann::json::parse(to_json(configuration).dump()));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, configuration);
}

TEST(Json, TimesReadBack) {
  const auto time = from_iso8601("2026-02-28T23:59:59.007Z");
  ASSERT_TRUE(time);
  EXPECT_EQ(to_iso8601(*time), "2026-02-28T23:59:59.007Z");
  EXPECT_FALSE(from_iso8601("yesterday"));
  EXPECT_FALSE(from_iso8601("2026-02-31T00:00:00.000Z"));
}

}  // namespace
}  // namespace hpo
