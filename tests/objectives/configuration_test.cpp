#include "objectives/configuration.h"

#include <gtest/gtest.h>

namespace hpo {
namespace {

TEST(Configuration, PrintsFloatsThatReadBack) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(std::stod(to_text(1.0 / 3.0)), 1.0 / 3.0);
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text(std::int64_t{-3}), "-3");
}

TEST(Configuration, KeysTellTypesAndBordersApart) {
  EXPECT_NE(canonical_key({{"a", std::int64_t{1}}}), canonical_key({{"a", 1.0}}));
  EXPECT_NE(canonical_key({{"a", std::string("1;b=2")}}),
            canonical_key({{"a", std::string("1")}, {"b", std::string("2")}}));
  EXPECT_EQ(canonical_key({{"a", 0.5}, {"b", true}}), canonical_key({{"b", true}, {"a", 0.5}}));
}

}  // namespace
}  // namespace hpo
