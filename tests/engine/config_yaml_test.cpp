// YAML itself: typing of scalars, durations, files that are no YAML.

#include <gmock/gmock.h>

#include <cmath>

#include "engine/config/suggestions.h"
#include "engine/config/yaml_scalar.h"
#include "engine/config/yaml_tree.h"
#include "objectives/spelling.h"
#include "tests/engine/config_files.h"

namespace hpo::config {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

std::optional<ParameterValue> typed(const std::string& yaml) {
  return typed_scalar(parse_yaml(yaml).root);
}

TEST(YamlScalar, IsTypedByTheCoreSchema) {
  EXPECT_EQ(typed("12"), ParameterValue{std::int64_t{12}});
  EXPECT_EQ(typed("-012"), ParameterValue{std::int64_t{-12}});
  EXPECT_EQ(typed("+7"), ParameterValue{std::int64_t{7}});
  EXPECT_EQ(typed("0x1F"), ParameterValue{std::int64_t{31}});
  EXPECT_EQ(typed("0o17"), ParameterValue{std::int64_t{15}});
  EXPECT_EQ(typed("1e-5"), ParameterValue{1e-5});
  EXPECT_EQ(typed("12."), ParameterValue{12.0});
  EXPECT_EQ(typed("-.5"), ParameterValue{-0.5});
  EXPECT_EQ(typed("true"), ParameterValue{true});
  EXPECT_EQ(typed("FALSE"), ParameterValue{false});
  EXPECT_EQ(typed("-.inf"), ParameterValue{-INFINITY});
  EXPECT_TRUE(std::isnan(std::get<double>(typed(".nan").value_or(0.0))));
  EXPECT_EQ(typed("99999999999999999999"), ParameterValue{1e20});
  EXPECT_EQ(typed("~"), std::nullopt);
}

TEST(YamlScalar, LeavesWordsAndQuotedOnesStrings) {
  for (const std::string yaml : {"yes", "off", "1.2.3", "1e", "e5", "0x", ".", "inf", "1_000"}) {
    EXPECT_EQ(typed(yaml), ParameterValue{yaml}) << yaml;
  }
  EXPECT_EQ(typed("\"12\""), ParameterValue{std::string("12")});
  EXPECT_EQ(typed("'true'"), ParameterValue{std::string("true")});
  EXPECT_EQ(typed("!!str 12"), ParameterValue{std::string("12")});
  EXPECT_EQ(typed("|\n  12\n"), ParameterValue{std::string("12\n")});
}

TEST(Duration, TakesUnitsAndPlainSeconds) {
  EXPECT_EQ(parse_duration_s("2h"), 7200);
  EXPECT_EQ(parse_duration_s("30m"), 1800);
  EXPECT_EQ(parse_duration_s("90s"), 90);
  EXPECT_EQ(parse_duration_s("1h30m"), 5400);
  EXPECT_EQ(parse_duration_s("1h 30m"), 5400);
  EXPECT_EQ(parse_duration_s("1.5h"), 5400);
  EXPECT_EQ(parse_duration_s("500ms"), 0.5);
  EXPECT_EQ(parse_duration_s("45"), 45);
  for (const auto* bad : {"", "h", "2x", "2 h", "1h30", "soon", "-2h", "2hh"}) {
    EXPECT_EQ(parse_duration_s(bad), std::nullopt) << bad;
  }
}

TEST(Suggestions, CountLettersAndSwaps) {
  EXPECT_EQ(edit_distance("trials", "trilas"), 1U);
  EXPECT_EQ(edit_distance("Adam", "adam"), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(nearest("zzz", {"trials", "parallel"}), "");
  EXPECT_EQ(nearest("paralel", {"trials", "parallel"}), "parallel");
  EXPECT_EQ(nearest("low", {"min", "max"}), "min");
}

struct NoYaml {
  std::string name = {};
  std::string text = {};
  int line = 0;
  std::string message = {};
  std::string hint = {};
};

class NotYaml : public testing::TestWithParam<NoYaml> {};

TEST_P(NotYaml, IsOneErrorWithItsPlace) {
  const ConfigFolder folder;
  const auto loaded = folder.load(GetParam().text);
  ASSERT_THAT(loaded.errors, SizeIs(1)) << rendered(loaded.errors);
  EXPECT_EQ(loaded.errors[0].line, GetParam().line) << rendered(loaded.errors);
  EXPECT_THAT(loaded.errors[0].message, HasSubstr(GetParam().message));
  EXPECT_THAT(loaded.errors[0].hint + loaded.errors[0].expected, HasSubstr(GetParam().hint));
}

INSTANTIATE_TEST_SUITE_P(
    Files, NotYaml,
    testing::Values(
        NoYaml{"Empty", "", 0, "is empty", "study"},
        NoYaml{"OnlyComment", "# nothing\n", 0, "is empty", "study"},
        NoYaml{"OpenMap", "study: x\nlimits: {trials: 3\n", 3, "not valid YAML", "closed"},
        NoYaml{"Tab", "study: x\nlimits:\n\ttrials: 3\n", 3, "not valid YAML", "spaces, not tabs"},
        NoYaml{"Escape", "study: \"a\\S\"\n", 1, "not valid YAML", "single quotes"},
        NoYaml{"ColonInValue", "study: a: b\n", 1, "not valid YAML", "quotes"},
        NoYaml{"OpenQuote", "study: x\nstorage: \"abc\n", 2, "this quote is never closed", ""},
        NoYaml{"OpenQuoteAtTheEnd", "study: x\nstorage: \"abc", 2, "not valid YAML", ""},
        NoYaml{"OpenSingleQuote", "study: x\nstorage: 'it''s\n\n", 2, "never closed", ""},
        NoYaml{"OpenQuoteOfAnAnchor", "\xEF\xBB\xBFstudy: 'ä'\nstorage: &a \"b\\\"\n", 2,
               "never closed", ""},
        NoYaml{"UnknownAlias", "study: *nobody\n", 1, "not valid YAML", ""},
        NoYaml{"TwoDocuments", "study: a\n---\nstudy: b\n", 3, "second YAML document", ""},
        NoYaml{"Binary", std::string("study: a\nb\0c", 12), 2, "not a text file", ""},
        NoYaml{"Latin1", "study: a\nname: \xE9t\n", 2, "not a text file", ""},
        NoYaml{"List", "- a\n- b\n", 1, "expected a map, got a list", ""},
        NoYaml{"DeepNesting", std::string(100'000, '['), 1, "not valid YAML", ""}),
    [](const auto& tested) { return tested.param.name; });

TEST(TuningFile, ThatIsMissingOrAFolderIsSaid) {
  const ConfigFolder folder;
  const auto missing = load_tuning_config(folder / "none.yaml");
  EXPECT_THAT(messages(missing.errors), testing::ElementsAre("there is no such file"));
  const auto directory = load_tuning_config(folder.path());
  EXPECT_THAT(messages(directory.errors), testing::ElementsAre("is a folder"));
  EXPECT_THAT(directory.errors[0].hint, HasSubstr("tuning.yaml"));
}

TEST(TuningFile, CannotFillTheMemoryWithAliases) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int k = 0; k < 9; ++k) text += ", " + below;
    text += "]\n";
  }
  const auto parsed = parse_yaml(text);
  ASSERT_TRUE(parsed.problem);
  EXPECT_THAT(parsed.problem->message, HasSubstr("too many values"));
}

TEST(TuningFile, IsToldWhereItIsNestedTooDeeply) {
  const auto list = parse_yaml("a: " + std::string(3000, '[') + std::string(3000, ']') + "\n");
  ASSERT_TRUE(list.problem);
  EXPECT_THAT(list.problem->message, HasSubstr("nested too deeply"));
  EXPECT_EQ(list.problem->place.line, 1);
  EXPECT_EQ(list.problem->place.column, 103);  // of the hundredth bracket
  std::string text;
  for (int level = 0; level < 600; ++level) text += std::string(2 * level, ' ') + "a:\n";
  const auto maps = parse_yaml(text);
  ASSERT_TRUE(maps.problem);
  EXPECT_THAT(maps.problem->message, HasSubstr("nested too deeply"));
  EXPECT_EQ(maps.problem->place.line, 100);
}

}  // namespace
}  // namespace hpo::config
