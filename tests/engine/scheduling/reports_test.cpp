#include "engine/scheduling/reports.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace hpo {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ObjectiveSpec loss(ValueRule rule) {
  return {.metric = "loss", .goal = Goal::minimize, .value = rule};
}

bool add(TrialReports& reports, std::int64_t step, double value,
         const std::string& metric = "loss") {
  Measurement report{.step = step, .metrics = {{metric, value}}};
  return reports.add(report);
}

TEST(TrialReports, TakesTheLastOrTheBestValue) {
  for (const auto rule : {ValueRule::last, ValueRule::best}) {
    TrialReports reports(loss(rule), 1);
    EXPECT_EQ(reports.value(), std::nullopt);
    add(reports, 0, 0.5);
    add(reports, 1, 0.2);
    add(reports, 2, 0.4);
    EXPECT_EQ(reports.value(), rule == ValueRule::last ? 0.4 : 0.2);
  }
}

TEST(TrialReports, TheBestValueIsFiniteWhereThereIsOne) {
  TrialReports reports(loss(ValueRule::best), 1);
  add(reports, 0, kNan);
  EXPECT_TRUE(std::isnan(*reports.value()));
  add(reports, 1, 3.0);
  add(reports, 2, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(reports.value(), 3.0);
}

TEST(TrialReports, IgnoresWhatWasReportedBefore) {
  TrialReports reports(loss(ValueRule::last), 1);
  EXPECT_TRUE(add(reports, 0, 0.5));
  EXPECT_FALSE(add(reports, 0, 0.9));
  EXPECT_TRUE(add(reports, 0, 0.7, "accuracy"));
  Measurement half_new{.step = 0, .metrics = {{"loss", 0.9}, {"time", 3.0}}};
  EXPECT_TRUE(reports.add(half_new));
  EXPECT_EQ(half_new.metrics, (std::map<std::string, double>{{"time", 3.0}}));
  EXPECT_EQ(reports.metrics(),
            (std::map<std::string, double>{{"accuracy", 0.7}, {"loss", 0.5}, {"time", 3.0}}));
}

TEST(TrialReports, GoesOnWithTheCurveOfTheCheckpoint) {
  const std::vector<Measurement> stored = {{.step = 0, .metrics = {{"loss", 0.9}}, .attempt = 1},
                                           {.step = 1, .metrics = {{"loss", 0.5}}, .attempt = 1},
                                           {.step = 2, .metrics = {{"loss", 0.1}}, .attempt = 1}};
  TrialReports reports(loss(ValueRule::best), 2);
  reports.load(stored);
  EXPECT_EQ(reports.value(), 0.1);  // an attempt that only had to end keeps what there was
  add(reports, 2, 0.4);
  EXPECT_EQ(reports.value(), 0.4);  // step 2 was done again: the first one's model is gone
  EXPECT_DOUBLE_EQ(*reports.curve().average_at(2), 0.6);
}

TEST(TrialReports, StartsAgainWithoutACheckpoint) {
  TrialReports reports(loss(ValueRule::best), 3);
  reports.load(std::vector<Measurement>{{.step = 0, .metrics = {{"loss", 0.3}}, .attempt = 1},
                                        {.step = 1, .metrics = {{"loss", 0.2}}, .attempt = 1},
                                        {.step = 1, .metrics = {{"loss", 0.4}}, .attempt = 2}});
  EXPECT_EQ(reports.value(), 0.3);
  add(reports, 0, 0.8);
  EXPECT_EQ(reports.value(), 0.8);
}

TEST(TrialReports, KnowsWhatTheStoreHoldsOfAnAdoptedAttempt) {
  TrialReports reports(loss(ValueRule::last), 1);
  reports.load(std::vector<Measurement>{{.step = 4, .metrics = {{"loss", 0.3}}, .attempt = 1}});
  EXPECT_FALSE(add(reports, 4, 0.3));
  EXPECT_TRUE(add(reports, 5, 0.2));
  EXPECT_EQ(reports.value(), 0.2);
}

TEST(Curve, AveragesUpToAStep) {
  Curve curve;
  EXPECT_EQ(curve.last_step(), std::nullopt);
  curve.add(1, 1.0);
  curve.add(2, kNan);
  curve.add(3, 3.0);
  EXPECT_EQ(curve.average_at(0), std::nullopt);
  EXPECT_EQ(curve.average_at(1), 1.0);
  EXPECT_EQ(curve.average_at(2), 1.0);
  EXPECT_EQ(curve.average_at(3), 2.0);
  EXPECT_EQ(curve.average_at(4), std::nullopt);
  EXPECT_EQ(curve.last_step(), 3);
}

TEST(Curve, ThinsALongCurveWithoutChangingItsAverages) {
  Curve curve;
  for (std::int64_t step = 0; step < 100'000; ++step) curve.add(step, static_cast<double>(step));
  EXPECT_EQ(curve.average_at(99'999), 99'999 / 2.0);
  // The nearest point that is left lies less than 1,024 steps before: 100,000 / 256, doubled.
  EXPECT_NEAR(*curve.average_at(50'000), 25'000, 512);
}

}  // namespace
}  // namespace hpo
