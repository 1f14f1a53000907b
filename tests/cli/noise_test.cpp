// Whether trials differ by more than noise: hpo compare.

#include "engine/cli/noise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Trial> trial_of(std::int64_t number, double x, double value) {
  return std::make_shared<const Trial>(Trial{.number = number,
                                             .configuration = {{"x", x}},
                                             .state = TrialState::complete,
                                             .value = value});
}

TEST(Noise, IsPooledOverRepeatedConfigurations) {
  Study study;
  study.spec.objectives = {{.metric = "loss"}};
  study.trials = {trial_of(0, 0.1, 1.0), trial_of(1, 0.1, 1.2), trial_of(2, 0.5, 5.0),
                  trial_of(3, 0.5, 5.4), trial_of(4, 0.9, 9.0)};
  const auto noise = noise_of(study);
  ASSERT_TRUE(noise);
  EXPECT_EQ(noise->repetitions, 2);
  // (2·0.1² + 2·0.2²) / 2 = 0.05; t of two degrees of freedom at 97.5 % is 4.303.
  EXPECT_NEAR(noise->stddev * noise->stddev, 0.05, 1e-12);
  EXPECT_NEAR(noise->quantile, 4.303, 1e-3);
  EXPECT_TRUE(noise->is_exceeded_by(-1.4));
  EXPECT_FALSE(noise->is_exceeded_by(1.3));
}

TEST(Noise, IsSaidByCompare) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trials: 10}"));
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  const auto compared = folder.hpo({"compare", "0", "1", "2", "--json"}).json();
  ASSERT_EQ(compared["differences"].size(), 2U);
  EXPECT_EQ(compared["differences"][0]["trial"], 1);
  EXPECT_TRUE(compared["noise"]["stddev"].is_number());
  EXPECT_EQ(compared["noise"]["repetitions"], 0);
  EXPECT_THAT(folder.hpo({"compare", "0", "1"}).out, HasSubstr("estimated by the model"));
}

}  // namespace
}  // namespace hpo::cli
