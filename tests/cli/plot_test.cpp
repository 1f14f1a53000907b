// hpo plot: axes, and drawings in a terminal and through a pipe.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/cli/axis.h"
#include "engine/cli/chart.h"
#include "engine/cli/text.h"
#include "storage/study_store.h"
#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

TEST(Axis, TicksAreRound) {
  EXPECT_THAT((Axis{.min = 0.3, .max = 9.7}.ticks(6)), ElementsAre(2, 4, 6, 8));
  EXPECT_THAT((Axis{.min = 1e-5, .max = 1e-1, .scale = Scale::log}.ticks(9)), SizeIs(5));
  EXPECT_THAT((Axis{.min = 1e-9, .max = 1, .scale = Scale::log}.ticks(4)), SizeIs(4));
  EXPECT_THAT((Axis{.min = 0.9, .max = 0.999, .scale = Scale::reverse_log}.ticks(4)), SizeIs(3));
  for (const Scale scale : {Scale::linear, Scale::log}) {
    const Axis axis = axis_over({3, 3}, scale);
    EXPECT_TRUE(axis.at(3));
    EXPECT_GE(axis.ticks(2).size(), 2U);
  }
}

TEST(Axis, PlacesFollowTheScale) {
  const Axis axis{.min = 1e-4, .max = 1, .scale = Scale::log};
  EXPECT_NEAR(axis.at(1e-2).value_or(-1), 0.5, 1e-12);
  EXPECT_FALSE(axis.at(0));
  EXPECT_FALSE(axis.at(2));
  EXPECT_EQ(scale_for({0.1, 20}), Scale::log);
  EXPECT_EQ(scale_for({-0.1, 20}), Scale::linear);
}

TEST(Chart, FitsAnyRoom) {
  Chart chart{.title = "a title that is rather long for so little room", .x_title = "x"};
  chart.x = {.min = 0, .max = 1};
  chart.y = {.min = 0, .max = 1000};
  chart.series = {{.name = "line", .is_line = true, .points = {{0, 0}, {1, 1000}}},
                  {.name = "complete", .mark = Mark::complete, .points = {{0.5, 500}}}};
  for (const bool has_unicode : {true, false}) {
    for (const int columns : {20, 40, 80, 200}) {
      const auto lines =
          chart_lines(chart, {.columns = columns, .lines = 12, .has_unicode = has_unicode});
      EXPECT_THAT(lines, SizeIs(12));
      for (const auto& line : lines) EXPECT_LE(display_width(line), columns) << line;
      const bool is_ascii = std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
        return std::all_of(line.begin(), line.end(), [](char c) { return c > 0; });
      });
      EXPECT_NE(is_ascii, has_unicode);
    }
  }
}

/// A study with a complete, a pruned and a failed trial.
class Plot : public testing::Test {
 protected:
  Plot() {
    StudySpec spec{.name = "s", .objectives = {{.metric = "loss"}}};
    spec.space.parameters = {
        {.name = "lr", .domain = FloatParameter{.min = 1e-4, .max = 1, .scale = Scale::log}},
        {.name = "opt",
         .domain = CategoricalParameter{.values = {std::string("adam"), std::string("sgd")}}}};
    auto store = make_sqlite_store(folder / "hpo.db");
    EXPECT_TRUE((*store)->open(spec, {}));
    const std::vector<TrialState> states = {TrialState::complete, TrialState::pruned,
                                            TrialState::failed, TrialState::complete};
    for (std::size_t k = 0; k < states.size(); ++k) {
      const auto number = static_cast<std::int64_t>(k);
      Trial trial{.number = number,
                  .configuration = {{"lr", k < 2 ? 1e-3 : 0.1},
                                    {"opt", std::string(k < 2 ? "adam" : "sgd")}},
                  .state = states[k]};
      if (trial.state != TrialState::failed) trial.value = 0.5 - 0.1 * static_cast<double>(k);
      EXPECT_TRUE((*store)->save(trial));
    }
  }
  TestFolder folder;
};

TEST_F(Plot, ThroughAPipeItIsPlainAsciiOf80Columns) {
  const auto history = folder.hpo({"plot", "history"});
  EXPECT_EQ(history.code, 0) << history.err;
  EXPECT_THAT(history.lines(), SizeIs(20));
  EXPECT_THAT(history.out, AllOf(HasSubstr("loss of s, minimize"), HasSubstr("v pruned"),
                                 HasSubstr("x failed"), HasSubstr("* best"), Not(HasSubstr("•"))));
  const auto slice = folder.hpo({"plot", "s", "slice", "--width", "40", "--height", "9"});
  EXPECT_THAT(slice.lines(), SizeIs(9 + 1 + 9));
  for (const auto& line : slice.lines()) EXPECT_LE(line.size(), 40U) << line;
  EXPECT_THAT(slice.out, AllOf(HasSubstr("lr (log)"), HasSubstr("0.01"), HasSubstr("adam")));
}

TEST_F(Plot, ATerminalIsDrawnOnInItsWidthWithoutColour) {
  for (const int columns : {40, 200}) {
    Process process(folder.path(), {"plot", "slice"}, Process::Io::terminal,
                    {{"LC_ALL", "C.UTF-8"}, {"NO_COLOR", "1"}});
    process.resize(columns, 24);
    const auto ended = process.wait();
    EXPECT_THAT(ended.out, AllOf(HasSubstr("★ best"), HasSubstr("▽ pruned"), HasSubstr("× failed"),
                                 Not(HasSubstr("\x1b"))));
  }
  Process dumb(folder.path(), {"plot", "history"}, Process::Io::terminal,
               {{"LC_ALL", "C.UTF-8"}, {"TERM", "dumb"}});
  EXPECT_THAT(dumb.wait().out, AllOf(HasSubstr("* best"), Not(HasSubstr("★"))));
  Process latin(folder.path(), {"plot", "history"}, Process::Io::terminal, {{"LC_ALL", "C"}});
  EXPECT_THAT(latin.wait().out, AllOf(HasSubstr("* best"), Not(HasSubstr("★"))));
}

TEST_F(Plot, ItsPointsAreJsonAndCsvToo) {
  const auto json = folder.hpo({"plot", "slice", "opt", "--json"}).json();
  ASSERT_THAT(json, SizeIs(1));
  EXPECT_EQ(json[0]["series"][1]["points"][0], nlohmann::json::array({"adam", 0.4}));
  EXPECT_THAT(folder.hpo({"plot", "history", "--format", "csv"}).out,
              AllOf(HasSubstr("chart,series,mark,x,y\n"), HasSubstr("trial,failed,failed,2,\n")));
}

TEST_F(Plot, WhatCannotBeDrawnIsSaid) {
  const auto kind = folder.hpo({"plot", "hsitory"});
  EXPECT_EQ(kind.code, 2);
  EXPECT_THAT(kind.err, HasSubstr("did you mean \"history\"?"));
  const auto parameter = folder.hpo({"plot", "slice", "otp"});
  EXPECT_EQ(parameter.code, 2);
  EXPECT_THAT(parameter.err, HasSubstr("did you mean \"opt\"?"));
  const auto curves = folder.hpo({"plot", "curves"});
  EXPECT_EQ(curves.code, 1);
  EXPECT_THAT(curves.err, HasSubstr("more than once"));
  EXPECT_EQ(folder.hpo({"plot"}).code, 2);
}

}  // namespace
}  // namespace hpo::cli
