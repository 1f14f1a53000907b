// What every built-in objective must do; runs over the table.

#include <gtest/gtest.h>

#include <cmath>

#include "objectives/objective.h"

namespace hpo {
namespace {

class ObjectiveContract : public testing::TestWithParam<std::string_view> {
 protected:
  std::unique_ptr<Objective> objective_ = std::move(*make_objective(GetParam()));
};

TEST_P(ObjectiveContract, HasAValidSpace) { EXPECT_TRUE(objective_->space().problems().empty()); }

TEST_P(ObjectiveContract, AttainsItsOptimumAtItsOptimizer) {
  const auto best = objective_->evaluate(objective_->optimizer(), {});
  ASSERT_TRUE(best) << best.error().message;
  EXPECT_TRUE(objective_->space().check_configuration(objective_->optimizer()));
  EXPECT_NEAR(best->metrics.at("value"), objective_->optimum(), 1e-4);
}

TEST_P(ObjectiveContract, IsFiniteAndNotBelowItsOptimumOnAGrid) {
  const SearchSpace space = objective_->space();
  for (int corner = 0; corner < 64; ++corner) {
    Configuration configuration;
    for (std::size_t j = 0; j < space.parameters.size(); ++j) {
      const auto& domain = std::get<FloatParameter>(space.parameters[j].domain);
      const double share = ((corner >> (j % 6)) & 1) != 0 ? 0.81 : 0.13;
      configuration[space.parameters[j].name] = domain.min + share * (domain.max - domain.min);
    }
    const auto at = objective_->evaluate(configuration, {});
    ASSERT_TRUE(at);
    EXPECT_GE(at->metrics.at("value"), objective_->optimum() - 1e-9);
    EXPECT_TRUE(std::isfinite(at->metrics.at("value")));
  }
}

TEST_P(ObjectiveContract, NamesAMissingParameter) {
  const auto outcome = objective_->evaluate({}, {});
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().message.find("x1"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(All, ObjectiveContract, testing::ValuesIn(objective_names()),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Objectives, UnknownNamesListTheKnownOnes) {
  const auto made = make_objective("brannin");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("branin"), std::string::npos);
}

}  // namespace
}  // namespace hpo
