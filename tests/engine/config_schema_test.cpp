// The JSON Schema of `hpo schema` and the parser say the same of a file.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "bayesopt/sampler.h"
#include "engine/config/schema.h"
#include "engine/config/strategy_parts.h"
#include "tests/engine/schema_cases.h"
#include "tests/support/paths.h"

namespace hpo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Words = std::set<std::string>;

json schema() { return json::parse(config::tuning_schema()); }

/// The words of "one of a, b, c" after `mark` in an error.
Words words_after(const std::string& error, const std::string& mark) {
  Words words;
  const auto at = error.find(mark);
  if (at == std::string::npos) return words;
  std::istringstream in(error.substr(at + mark.size(), error.find(" |", at) - at - mark.size()));
  for (std::string word; std::getline(in, word, ',');) {
    words.insert(word.substr(word.find_first_not_of(' ')));
  }
  return words;
}

/// What the parser lists for an unknown key, or for an unknown word.
Words listed(const std::vector<std::string>& errors) {
  for (const auto& error : errors) {
    const bool is_option = error.find("unknown option") != std::string::npos;
    const bool is_unknown = is_option || error.find("unknown key") != std::string::npos ||
                            error.find("unknown value") != std::string::npos ||
                            error.find("unknown failure") != std::string::npos;
    if (!is_unknown) continue;
    if (is_option) return words_after(error, " takes ");
    const auto all = words_after(error, "one of ");
    return all.empty() ? words_after(error, "some of ") : all;
  }
  return {};
}

Words keys_of(const json& map) {
  Words keys;
  for (const auto& [key, value] : map.items()) keys.insert(key);
  return keys;
}

TEST(TuningSchema, HasTheKeysThatTheParserLists) {
  const json whole = schema();
  const ConfigFolder folder;
  const auto& own = config::kStrategyKeys;
  std::map<std::string, Words> known;
  for (auto map : schema_maps()) {
    map.file[map.at]["unknown_key"] = 1;
    Words words = listed(parser_errors(folder, map.file.dump()));
    words.erase("no options");
    if (map.definition == "inner_sampler") words.insert("name");
    if (map.definition == "strategy") words.insert(own.begin(), own.end());
    known[map.definition].insert(words.begin(), words.end());
    EXPECT_EQ(known[map.definition].count("unknown_key"), 0U);
  }
  for (const auto& [definition, words] : known) {
    EXPECT_EQ(words, keys_of(schema_of(whole, {.definition = definition}).at("properties")))
        << definition;
  }
  for (const auto& [name, definition] : whole["$defs"].items()) {
    EXPECT_EQ(known.count(name), definition.contains("properties") ? 1U : 0U) << name;
  }
}

TEST(TuningSchema, HasTheWordsThatTheParserLists) {
  const json whole = schema();
  const ConfigFolder folder;
  int compared = 0;
  for (const auto& map : schema_maps()) {
    for (const auto& [key, part] : schema_of(whole, map).at("properties").items()) {
      if (!part.contains("enum")) continue;
      json file = map.file;
      if (map.definition == "trial") file[map.at].erase("command");
      file[map.at][key] = "unknown_word";
      const Words words = listed(parser_errors(folder, file.dump()));
      if (words.empty() || words.count(key) > 0) continue;  // the key itself does not belong here
      EXPECT_EQ(words, part["enum"].get<Words>()) << map.definition << "." << key;
      ++compared;
    }
  }
  EXPECT_GE(compared, 15);
  const auto samplers = sampler_names();
  EXPECT_EQ(whole["$defs"]["sampler"]["enum"].get<Words>(),
            Words(samplers.begin(), samplers.end()));
  const json file = json::parse(R"({"study": "t", "trial": {"retry_on": "zzz"}})");
  EXPECT_EQ(listed(parser_errors(folder, file.dump())),
            whole["$defs"]["failure"]["enum"].get<Words>());
}

/// Holds that both accept or both refuse each file, but for what a schema cannot see.
void expect_agreement(const ConfigFolder& folder, const std::vector<json>& files) {
  const auto verdicts = validate(schema(), files);
  ASSERT_EQ(verdicts.size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto errors = parser_errors(folder, files[i].dump());
    if (errors.empty() && verdicts[i].empty()) continue;
    EXPECT_FALSE(errors.empty()) << "only the schema refuses " << files[i] << "\n" << verdicts[i];
    if (!verdicts[i].empty()) continue;
    EXPECT_THAT(without_unseen(errors), testing::IsEmpty())
        << "only the parser refuses " << files[i];
  }
}

class EachMap : public testing::TestWithParam<SchemaMap> {};

TEST_P(EachMap, TakesTheValuesThatTheParserTakes) {
  const json whole = schema();
  const SchemaMap& map = GetParam();
  std::set<json> files = {map.file};
  for (const auto& [key, part] : schema_of(whole, map).at("properties").items()) {
    json file = map.file;
    file[map.at].erase(key);
    files.insert(file);
    for (const auto& value : values_for(whole, part)) {
      file[map.at][key] = value;
      files.insert(file);
    }
  }
  expect_agreement(ConfigFolder(), {files.begin(), files.end()});
}

INSTANTIATE_TEST_SUITE_P(TuningSchema, EachMap, testing::ValuesIn(schema_maps()),
                         [](const auto& map) {
                           return "of_" + map.param.definition + std::to_string(map.index);
                         });

TEST(TuningSchema, HasNoKeyThatTheParserNeverTakes) {
  const json whole = schema();
  const ConfigFolder folder;
  std::map<std::string, bool> is_used;
  for (const auto& map : schema_maps()) {
    for (const auto& [key, part] : schema_of(whole, map).at("properties").items()) {
      EXPECT_TRUE(part.contains("description") || part.contains("$ref")) << key;
      bool& used = is_used[map.definition + "." + key];
      for (const auto& value : values_for(whole, part)) {
        if (used) break;
        json file = map.file;
        if (map.definition.empty() && key == "objectives") file.erase("objective");
        const bool runs = key == "trainer" || key == "objective";
        if (map.definition == "trial" && runs) file[map.at].erase("command");
        file[map.at][key] = value;
        used = without_unseen(parser_errors(folder, file.dump())).empty();
      }
    }
  }
  for (const auto& [key, used] : is_used) EXPECT_TRUE(used) << key;
}

TEST(TuningSchema, BothRefuseBadFiles) {
  const TuningText good;
  const ConfigFolder folder;
  std::vector<json> files;
  for (const std::string text :
       {"{}", "[]", "study: test", "study: 5\ntrial: {command: [sh]}",
        "study: a b\ntrial: {command: [sh]}", "study: test\ntrial: {}",
        "study: test\ntrial: {command: [sh], objective: branin}",
        "study: test\ntrial: {command: sh train.py}", "study: test\ntrial: {command: []}",
        "study: test\ntrial: {trainer: bird_classifier}", "study: test\nparameters: {a: 5}",
        "study: test\ntrial: {command: [sh], channels: {a/b: data}}",
        "study: test\ntrial: {command: [sh], environment: {a=b: 1}}",
        "study: test\nobjective: {metric: a, goal: minimize}"}) {
    files.push_back(json_of_yaml(text));
  }
  for (const auto* parameter :
       {"-a: {type: bool}", "'a b': {type: bool}", "a=b: {type: bool}", "a: {type: text}",
        "a: {type: float, min: 0, max: 1, scale: log}", "a: {min: 0, max: 1}",
        "a: {type: float, min: 0.5, max: 1, scale: reverse_log}", "a: {type: bool, values: [1]}",
        "a: {type: int, min: 1, max: 9, scale: reverse_log}", "a: {type: int, min: 1.5, max: 9}",
        "a: {type: float, min: 1, max: 9, scale: log, step: 1}", "a: {type: ordinal, values: []}",
        "a: {type: categorical, values: [b, b]}", "a: {type: categorical, min: 1, max: 2}",
        "a: {type: bool, when: [b]}", "a: {type: bool, when: {b: []}}"}) {
    TuningText bad = good;
    bad.parameters = std::string("parameters: {b: {type: bool}, ") + parameter + "}\n";
    files.push_back(json_of_yaml(bad.text()));
  }
  const auto verdicts = validate(schema(), files);
  ASSERT_EQ(verdicts.size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_NE(verdicts[i], "") << files[i];
    EXPECT_FALSE(parser_errors(folder, files[i].dump()).empty()) << files[i];
  }
}

TEST(TuningSchema, AcceptsTheExamples) {
  std::vector<json> files;
  const ConfigFolder folder;
  fs::create_directories(folder / "weights");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(source_dir()) / "examples")) {
    if (entry.path().extension() != ".yaml") continue;
    std::ostringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    EXPECT_THAT(without_unseen(parser_errors(folder, text.str())), testing::IsEmpty())
        << entry.path();
    files.push_back(json_of_yaml(text.str()));
  }
  EXPECT_GE(files.size(), 8U);
  EXPECT_THAT(validate(schema(), files), testing::Each(""));
}

/// The README's YAML blocks, each completed to a file.
std::vector<json> readme_files() {
  std::ifstream in(fs::path(source_dir()) / "README.md");
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```yaml";
      if (inside) blocks.emplace_back();
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  std::vector<json> files;
  const json rest = json_of_yaml(
      "{study: test, objective: {metric: loss, goal: minimize}, "
      "parameters: {lr: {type: float, min: 0.1, max: 0.9}}, trial: {command: [sh, train.py]}}");
  for (const auto& block : blocks) {
    json file = json_of_yaml(block);
    for (const auto& [key, value] : rest.items()) {
      if (file.contains(key) || (key == "objective" && file.contains("objectives"))) continue;
      file[key] = value;
    }
    files.push_back(std::move(file));
  }
  return files;
}

TEST(TuningSchema, AcceptsTheReadme) {
  const auto files = readme_files();
  const ConfigFolder folder;
  for (const auto* name : {"weights", "code"}) fs::create_directories(folder / name);
  EXPECT_GE(files.size(), 3U);
  for (const auto& file : files) {
    EXPECT_THAT(parser_errors(folder, file.dump()), testing::IsEmpty()) << file;
  }
  EXPECT_THAT(validate(schema(), files), testing::Each(""));
}

}  // namespace
}  // namespace hpo
