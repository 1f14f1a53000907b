#include "trainers/evaluation.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace hpo {
namespace {

using testing::ElementsAre;

TEST(Wilson, EqualsThePublishedIntervals) {
  // Newcombe (1998), Statistics in Medicine 17, table I, method 3.
  const Interval a = wilson_interval(81, 263);
  EXPECT_NEAR(a.low, 0.2553, 5e-5);
  EXPECT_NEAR(a.high, 0.3662, 5e-5);
  const Interval b = wilson_interval(15, 148);
  EXPECT_NEAR(b.low, 0.0624, 5e-5);
  EXPECT_NEAR(b.high, 0.1605, 5e-5);
  const Interval c = wilson_interval(0, 20);
  EXPECT_EQ(c.low, 0);
  EXPECT_NEAR(c.high, 0.1611, 5e-5);
  EXPECT_EQ(wilson_interval(0, 0).high, 1);
}

TEST(McNemar, IsTheExactBinomialTest) {
  EXPECT_DOUBLE_EQ(mcnemar_exact_p(0, 0), 1);
  EXPECT_DOUBLE_EQ(mcnemar_exact_p(5, 5), 1);
  EXPECT_NEAR(mcnemar_exact_p(0, 6), 0.03125, 1e-12);                // 2 / 2^6
  EXPECT_NEAR(mcnemar_exact_p(1, 9), 2 * (1 + 10) / 1024.0, 1e-12);  // k = 0, 1 of 10
  EXPECT_NEAR(mcnemar_exact_p(12, 3), mcnemar_exact_p(3, 12), 1e-15);
  EXPECT_GT(mcnemar_exact_p(2000, 2100), 0.05);  // no underflow to 0
  EXPECT_LT(mcnemar_exact_p(2000, 2400), 1e-6);
}

TEST(Evaluation, CountsByTrueAndPredictedClass) {
  const Evaluation e = evaluate({0, 0, 1, 1, 2}, {0, 1, 1, 1, 0}, 3);
  EXPECT_EQ(e.photos, 5);
  EXPECT_DOUBLE_EQ(e.accuracy, 0.6);
  EXPECT_THAT(e.confusion,
              ElementsAre(ElementsAre(1, 1, 0), ElementsAre(0, 2, 0), ElementsAre(1, 0, 0)));
  EXPECT_EQ(e.per_class[1].predicted, 3);
  EXPECT_EQ(e.per_class[2].correct, 0);
}

TEST(Evaluation, GivesPrecisionRecallAndF1) {
  const Evaluation e = evaluate({0, 0, 1, 1, 2}, {0, 1, 1, 1, 0}, 4);
  EXPECT_DOUBLE_EQ(e.per_class[1].recall(), 1);
  EXPECT_DOUBLE_EQ(e.per_class[1].precision(), 2 / 3.0);
  EXPECT_DOUBLE_EQ(e.per_class[1].f1(), 0.8);  // 2 · (2/3) / (5/3)
  EXPECT_DOUBLE_EQ(e.per_class[2].f1(), 0);
  EXPECT_DOUBLE_EQ(e.per_class[3].precision(), 0);     // never seen, never said
  EXPECT_DOUBLE_EQ(macro_f1(e), (0.5 + 0.8 + 0) / 3);  // class 3 has no photo
}

TEST(Evaluation, FindsTheMostConfusedPairs) {
  const Evaluation e = evaluate({0, 1, 2, 2, 0, 1}, {1, 0, 0, 0, 2, 1}, 3);
  const auto pairs = most_confused(e, 5);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].first, 0U);
  EXPECT_EQ(pairs[0].second, 2U);
  EXPECT_EQ(pairs[0].first_as_second, 1);
  EXPECT_EQ(pairs[0].second_as_first, 2);
  EXPECT_EQ(pairs[1].photos(), 2);
  EXPECT_EQ(most_confused(e, 1).size(), 1U);
}

TEST(Evaluation, CountsALabelAmongTheFirstK) {
  const std::vector<std::vector<double>> rows = {{0.6, 0.3, 0.1}, {0.6, 0.3, 0.1}, {0.4, 0.4, 0.2}};
  EXPECT_THAT(top_k_accuracy({0, 2, 1}, rows, 3), ElementsAre(1 / 3.0, 2 / 3.0, 1));
  EXPECT_THAT(top_k_accuracy({}, {}, 2), ElementsAre(0, 0));
}

TEST(Evaluation, SaysWhoIsBetterOnlyWhereItIsShown) {
  const std::vector<bool> all(20, true);
  std::vector<bool> some = all;
  some[0] = false;
  EXPECT_EQ(compare(all, some, "a", "b").verdict, "no difference shown");
  for (std::size_t i = 0; i < 8; ++i) some[i] = false;
  EXPECT_EQ(compare(all, some, "a", "b").verdict, "a is better");
  const Comparison turned = compare(some, all, "a", "b");
  EXPECT_EQ(turned.verdict, "b is better");
  EXPECT_EQ(turned.only_second, 8);
}

TEST(Prediction, IsWhatTheWorkshopsClientsRead) {
  EXPECT_EQ(prediction_json({"013.Bobolink", "017.Cardinal"}, {0.25, 0.75}),
            R"({"predicted_class":"017.Cardinal","class_labels":["013.Bobolink","017.Cardinal"],)"
            R"("probabilities":[[0.25,0.75]]})");
}

}  // namespace
}  // namespace hpo
