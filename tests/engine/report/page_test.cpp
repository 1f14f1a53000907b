// What the page is made of: packed columns, YAML to copy, and the file around them.

#include "engine/report/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "engine/report/binary.h"
#include "engine/report/columns.h"
#include "engine/report/page_parts.h"
#include "engine/report/winner.h"

namespace hpo::report {
namespace {

using testing::HasSubstr;
using testing::Not;

ParameterValue text(const char* value) { return std::string(value); }

TEST(Packed, IsTheTypeAndTheBytesInBase64) {
  EXPECT_EQ(packed<float>(std::vector<float>{1, 2}), "f4:AACAPwAAAEA=");
  EXPECT_EQ(packed<std::uint16_t>(std::vector<std::uint16_t>{1, 65535}), "u2:AQD//w==");
  EXPECT_EQ(packed<double>(std::vector<double>{}), "f8:");
}

TEST(Packed, ValuesKeepTheirSizeWhereAFloatWouldLoseThem) {
  EXPECT_EQ(packed_values(std::vector<double>{0.5, 0, -3}).substr(0, 3), "f4:");
  EXPECT_EQ(packed_values(std::vector<double>{1e300}).substr(0, 3), "f8:");
  EXPECT_EQ(packed_values(std::vector<double>{1e-300}).substr(0, 3), "f8:");
}

TEST(Yaml, StringsThatWouldBeSomethingElseAreQuoted) {
  SearchSpace space;
  Configuration c;
  for (const char* value : {"adam", "true", "12", "a: b", "no", "1e5", "", "with \"quotes\""}) {
    space.parameters.push_back({.name = std::string("p") + std::to_string(c.size())});
    c[space.parameters.back().name] = text(value);
  }
  EXPECT_EQ(yaml_of(space, c),
            "p0: adam\np1: \"true\"\np2: \"12\"\np3: \"a: b\"\np4: \"no\"\np5: \"1e5\"\np6: \"\"\n"
            "p7: \"with \\\"quotes\\\"\"\n");
}

TEST(Yaml, HasActiveParametersInTheSpacesOrder) {
  const SearchSpace space{.parameters = {{.name = "z"}, {.name = "inactive"}, {.name = "a"}}};
  EXPECT_EQ(yaml_of(space, {{"a", true}, {"z", 0.001}}), "z: 0.001\na: true\n");
}

Study study_of(const SearchSpace& space, const std::vector<Configuration>& configurations) {
  Study study;
  study.spec.objectives = {{.metric = "loss"}};
  study.spec.space = space;
  for (const auto& configuration : configurations) {
    study.trials.push_back(std::make_shared<const Trial>(
        Trial{.number = static_cast<std::int64_t>(study.trials.size()),
              .configuration = configuration,
              .state = TrialState::complete,
              .value = 0.5}));
  }
  return study;
}

TEST(Columns, ListedValuesAreNumberedAndAbsentOnesAreTheLastNumber) {
  const SearchSpace space{
      .parameters = {
          {.name = "kind", .domain = CategoricalParameter{.values = {text("a"), text("b")}}}}};
  const auto trials = trials_json(study_of(space, {{{"kind", text("b")}}, {}}), TimePoint());
  EXPECT_EQ(trials["columns"]["parameters"][0],
            packed<std::uint8_t>(std::vector<std::uint8_t>{1, 255}));
  EXPECT_EQ(trials["parameters"][0]["values"][1], "b");
  EXPECT_EQ(trials["count"], 2);
}

TEST(Columns, WholeNumbersThatNoFloatHoldsAreDoubles) {
  const std::int64_t large = 1LL << 40;
  const SearchSpace space{
      .parameters = {{.name = "n", .domain = IntParameter{.min = 0, .max = large}}}};
  const auto trials = trials_json(study_of(space, {{{"n", large - 1}}}), TimePoint());
  EXPECT_EQ(trials["columns"]["parameters"][0],
            packed<double>(std::vector<double>{static_cast<double>(large - 1)}));
}

TEST(Page, PutsItsPartsWhereTheyBelongAndLooksAtThemOnlyOnce) {
  const std::string html = page("<b> & {{data}}", R"({"text":"{{title}}"})");
  EXPECT_THAT(html, HasSubstr("<title>&lt;b&gt; &amp; {{data}}</title>"));
  EXPECT_THAT(html, HasSubstr(R"(id="data">{"text":"{{title}}"}</script>)"));
  EXPECT_THAT(html, Not(HasSubstr("{{policy}}")));
  EXPECT_THAT(html, HasSubstr("connect-src 'none'"));
  EXPECT_THAT(page("served", "", "'self'"), HasSubstr("connect-src 'self'"));
}

TEST(Page, NoPartEndsTheElementItStandsIn) {
  EXPECT_THAT(std::string(page_library()), Not(HasSubstr("</script")));
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("</script")));
  EXPECT_THAT(std::string(page_style()), Not(HasSubstr("</style")));
  EXPECT_THAT(std::string(page_library()), HasSubstr("Permission to use, copy, modify"));
  EXPECT_THAT(std::string(page_script()), Not(HasSubstr("import {")));
}

}  // namespace
}  // namespace hpo::report
