#include "engine/metric_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/execution/metric_value.h"
#include "tests/engine/execution/trial_room.h"

namespace hpo {
namespace {

using testing::HasSubstr;

MetricReader reader(const std::vector<MetricPattern>& patterns) {
  auto made = MetricReader::make(patterns);
  EXPECT_TRUE(made);
  return *std::move(made);
}

Measurement at(std::int64_t step, std::map<std::string, double> metrics) {
  return {.step = step, .metrics = std::move(metrics)};
}

TEST(MetricValue, ReadsTheFormsThatProgramsPrint) {
  EXPECT_EQ(metric_value("0.5"), 0.5);
  EXPECT_EQ(metric_value("1e-3"), 1e-3);
  EXPECT_EQ(metric_value("+2.5E+2"), 250.0);
  EXPECT_EQ(metric_value("-.5"), -0.5);
  EXPECT_EQ(metric_value("97.5%"), 97.5);
  EXPECT_EQ(metric_value("0.25,"), 0.25);
  EXPECT_EQ(metric_value(" 3 "), 3.0);
  EXPECT_EQ(metric_value("\"0.5\""), 0.5);
  EXPECT_EQ(metric_value("(0.5)"), 0.5);
  EXPECT_EQ(metric_value("0.93 - 12s/epoch"), 0.93);
  EXPECT_EQ(metric_value("5."), 5.0);
  EXPECT_EQ(metric_value("-inf"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(metric_value("Infinity"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(metric_value("1e999"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(metric_value("1e-999"), 0.0);
  EXPECT_TRUE(std::isnan(metric_value("nan").value_or(0)));
  EXPECT_TRUE(std::isnan(metric_value("NaN,").value_or(0)));
}

TEST(MetricValue, RefusesWhatIsNoNumber) {
  for (const char* text : {"", " ", "abc", "1.2.3", "5abc", "nano", "--5", "."}) {
    EXPECT_EQ(metric_value(text), std::nullopt) << text;
  }
}

TEST(JsonReport, ReadsNumbersAsPythonAndJavaScriptWriteThem) {
  EXPECT_EQ(json_report(R"({"metric": "loss", "value": 0.5, "step": 3})"),
            (JsonReport{.metric = "loss", .value = 0.5, .step = 3}));
  EXPECT_EQ(json_report(R"(  {"value": "0.5", "metric": "loss", "lr": [1]})"),
            (JsonReport{.metric = "loss", .value = 0.5, .step = -1}));
  EXPECT_EQ(json_report(R"({"metric": "a", "value": -Infinity, "note": "NaN \" NaN"})")->value,
            -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(json_report(R"({"metric": "a", "value": NaN})")->value));
  EXPECT_EQ(json_report(R"({"metric": "a", "value": 1e999, "step": 4})")->value,
            std::numeric_limits<double>::infinity());
  EXPECT_EQ(json_report(R"({"metric": "a", "value": 1e-999, "step": 4})")->value, 0);
  EXPECT_TRUE(std::isnan(json_report(R"({"metric": "NaN", "value": null})")->value));
  EXPECT_EQ(json_report(R"({"metric": "a", "value": 1, "step": 2.0})")->step, 2);
  EXPECT_EQ(json_report(R"({"metric": "a", "value": 1, "step": -2})")->step, -1);
  EXPECT_EQ(json_report(R"({"metric": "a", "value": 1, "step": 1.5})")->step, -1);
}

TEST(JsonReport, IgnoresOtherLines) {
  for (const char* line :
       {"", "loss: 0.5", "{", "{}", R"({"metric": "a"})", R"({"metric": 1, "value": 1})",
        R"({"metric": "a", "value": "x"})", R"({"metric": "a", "value": [1]})",
        R"({"metric": "a", "value": 1} tail)", R"(["metric"])", R"({"metric": "", "value": 1})"}) {
    EXPECT_EQ(json_report(line), std::nullopt) << line;
  }
}

TEST(MetricReader, CountsStepsOfEachMetricWhereTheProgramGivesNone) {
  auto metrics = reader({{"loss", R"(loss: (\S+))"}, {"accuracy", R"(acc=([0-9.]+))"}});
  EXPECT_EQ(metrics.read("loss: 0.5"), std::vector{at(0, {{"loss", 0.5}})});
  EXPECT_EQ(metrics.read("epoch 2 loss: 0.4 acc=0.7"),
            (std::vector{at(0, {{"accuracy", 0.7}}), at(1, {{"loss", 0.4}})}));
  EXPECT_EQ(metrics.read(R"({"metric": "loss", "value": 0.3, "step": 7})"),
            std::vector{at(7, {{"loss", 0.3}})});
  EXPECT_EQ(metrics.read("loss: 0.2"), std::vector{at(8, {{"loss", 0.2}})});
  EXPECT_TRUE(metrics.read("nothing here").empty());
}

TEST(MetricReader, CombinesMetricsOfOneStepOnALine) {
  auto metrics = reader({{"loss", R"(loss: (\S+))"}, {"accuracy", R"(acc=([0-9.]+))"}});
  EXPECT_EQ(metrics.read("loss: 0.5, acc=0.7"),
            std::vector{at(0, {{"accuracy", 0.7}, {"loss", 0.5}})});
}

TEST(MetricReader, TakesTheWholeMatchOfAnExpressionWithoutGroup) {
  auto metrics = reader({{"loss", R"(\d+\.\d+)"}});
  EXPECT_EQ(metrics.read("the loss is 0.25 now"), std::vector{at(0, {{"loss", 0.25}})});
}

TEST(MetricReader, CountsWhatMatchedAndWhatWasNoNumber) {
  auto metrics = reader({{"loss", R"(loss: (\S+))"}, {"never", "xyz: (.*)"}});
  for (const char* line : {"loss: 0.5", "loss: oops", R"({"metric": "extra", "value": 1})"}) {
    const auto ignored = metrics.read(line);
  }
  EXPECT_EQ(metrics.counts().at("loss"),
            (MetricCount{.values = 1, .unreadable = 1, .example = "oops"}));
  EXPECT_EQ(metrics.counts().at("never"), MetricCount{});
  EXPECT_EQ(metrics.counts().at("extra"), MetricCount{.values = 1});
}

TEST(MetricReader, CopiesCountOnTheirOwn) {
  const auto pristine = reader({{"loss", R"(loss: (\S+))"}});
  auto first = pristine;
  auto second = pristine;
  EXPECT_EQ(first.read("loss: 1").front().step, 0);
  EXPECT_EQ(first.read("loss: 1").front().step, 1);
  EXPECT_EQ(second.read("loss: 1").front().step, 0);
}

TEST(MetricReader, SurvivesBinaryAndHostileLines) {
  auto metrics = reader({{"loss", R"(loss: (\S+))"}});
  std::string noise;
  for (int i = 0; i < 65'536; ++i) noise += static_cast<char>(i * 7919 % 256);
  EXPECT_TRUE(metrics.read(noise).empty());
  EXPECT_TRUE(metrics.read("{\"metric\"" + std::string(60'000, '[')).empty());
  EXPECT_TRUE(metrics.read(std::string_view("\0\0{\0", 4)).empty());
  EXPECT_EQ(metrics.read("\xFF\xFE loss: 0.5 \xC3").size(), 1U);
}

TEST(MetricReader, RefusesAnExpressionThatIsNone) {
  const auto made = MetricReader::make({{"loss", "loss: (\\S+"}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::usage);
  EXPECT_THAT(made.error().message, HasSubstr("loss"));
}

TEST(ScanLog, CountsLinesAndMetricsOfAFile) {
  const TrialRoom room;
  const auto file = room.write("a.log", "loss: 1\nhello\nloss: x\nloss: 2");
  const auto scan = scan_log(file, {{"loss", R"(loss: (\S+))"}});
  ASSERT_TRUE(scan);
  EXPECT_EQ(scan->lines, 4);
  EXPECT_EQ(scan->metrics.at("loss").values, 2);
  EXPECT_EQ(scan->metrics.at("loss").unreadable, 1);
  EXPECT_EQ(scan_log(room / "none.log", {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(scan_log(room.path(), {}).error().code, ErrorCode::environment);
}

}  // namespace
}  // namespace hpo
