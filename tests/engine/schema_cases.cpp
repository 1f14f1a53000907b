#include "tests/engine/schema_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include "engine/config/yaml_scalar.h"
#include "engine/config/yaml_tree.h"
#include "objectives/json.h"
#include "tests/support/paths.h"

namespace hpo {
namespace {

using nlohmann::json;

constexpr const char* kPlain = R"({
  "study": "test", "objective": {"metric": "loss", "goal": "minimize"},
  "parameters": {"kind": {"type": "categorical", "values": ["deep", "wide"]},
                 "lr": {"type": "float", "min": 0.1, "max": 0.9}},
  "trial": {"command": ["sh", "train.py"]}})";

json plain() { return json::parse(kPlain); }

/// The plain file with a value somewhere.
json with(const char* pointer, const char* value) {
  json file = plain();
  file[json::json_pointer(pointer)] = json::parse(value);
  return file;
}

json with_strategy(const char* value) {
  json file = with("/strategy", value);
  if (file["strategy"].value("name", "") == "grid") file["parameters"].erase("lr");
  return file;
}

json with_two_objectives() {
  json file = with("/objectives",
                   R"([{"metric": "a", "goal": "minimize"}, {"metric": "b", "goal": "maximize"}])");
  file.erase("objective");
  return file;
}

json with_trainer() {
  return json::parse(R"({
    "study": "test", "objective": {"metric": "validation:loss", "goal": "minimize"},
    "parameters": {"lr": {"type": "float", "min": 0.1, "max": 0.9}},
    "trial": {"trainer": "bird_classifier",
              "channels": {"train": "data/train", "validation": "data/validation"}}})");
}

/// A value as the schema's key shows it, through its definition.
void collect(const json& schema, const json& key, std::vector<json>& values) {
  if (!key.is_object()) return;
  for (const auto* word : {"enum", "examples"}) {
    for (const auto& value : key.value(word, json::array())) values.push_back(value);
  }
  for (const auto* word : {"default", "const", "minimum", "maximum"}) {
    if (key.contains(word)) values.push_back(key[word]);
  }
  if (key.contains("minimum")) values.push_back(key["minimum"].get<std::int64_t>() - 1);
  if (key.contains("maximum")) values.push_back(key["maximum"].get<std::int64_t>() + 1);
  for (const auto& part : key.value("anyOf", json::array())) collect(schema, part, values);
  if (!key.contains("$ref")) return;
  collect(schema, schema[json::json_pointer(key["$ref"].get<std::string>().substr(1))], values);
}

json json_of(const config::YamlNode& node) {
  if (node.is_scalar()) return to_json(*config::typed_scalar(node));
  json out = node.is_map() ? json::object() : node.is_sequence() ? json::array() : json();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    json value = json_of(node.items[i]);
    if (node.is_map()) {
      out[node.keys[i].text] = std::move(value);
    } else {
      out.push_back(std::move(value));
    }
  }
  return out;
}

}  // namespace

std::vector<SchemaMap> schema_maps() {
  using At = json::json_pointer;
  std::vector<SchemaMap> maps = {
      {"", At(), plain()},
      {"objective", At("/objective"), plain()},
      {"objective", At("/objectives/1"), with_two_objectives()},
      {"constraint", At("/constraints/0"), with("/constraints", R"([{"metric": "a", "max": 9}])")},
      {"limits", At("/limits"), with("/limits", "{}")},
      {"trial", At("/trial"), plain()},
      {"trial", At("/trial"), with_trainer()},
      {"resources", At("/resources"), with("/resources", "{}")},
      {"keep", At("/keep"), with("/keep", "{}")},
      {"cache", At("/cache"), with("/cache", "{}")},
      {"sagemaker", At("/sagemaker"),
       with("/sagemaker", R"({"role": "arn:aws:iam::123456789012:role/hpo", "image": "birds:1",
                             "instance_type": "ml.g5.xlarge", "bucket": "my-experiments"})")},
      {"export", At("/export"), with("/export", R"({"to": "model.tar.gz"})")},
      {"prior_study", At("/strategy/warm_start/0"),
       with_strategy(R"({"warm_start": [{"study": "other"}]})")},
      {"early_stopping", At("/strategy/early_stopping"),
       with_strategy(R"({"early_stopping": {"name": "asha"}})")},
      {"early_stopping", At("/strategy/early_stopping"),
       with_strategy(R"({"early_stopping": {"name": "median"}})")},
      {"budget", At("/strategy/budget"),
       with_strategy(R"({"name": "hyperband", "budget": {"parameter": "epochs", "max": 27}})")},
      {"inner_sampler", At("/strategy/sampler"),
       with_strategy(R"({"name": "hyperband", "budget": {"parameter": "epochs", "max": 27},
                         "sampler": {"name": "tpe"}})")},
      {"strategy", At("/strategy"), with_strategy("{}")},
      {"strategy", At("/strategy"),
       with_strategy(R"({"name": "auto", "budget": {"parameter": "epochs", "max": 27}})")},
      {"strategy", At("/strategy"),
       with_strategy(R"({"name": "hyperband", "budget": {"parameter": "epochs", "max": 27}})")},
  };
  for (const auto* name : {"random", "sobol", "grid", "bayesian", "tpe", "auto"}) {
    const std::string value = json{{"name", name}}.dump();
    maps.push_back({"strategy", At("/strategy"), with_strategy(value.c_str())});
  }
  for (const auto* value : {R"({"type": "float", "min": 0.5, "max": 9.5})",
                            R"({"type": "float", "min": 0.5, "max": 0.9, "scale": "reverse_log"})",
                            R"({"type": "int", "min": 0, "max": 9})", R"({"type": "bool"})",
                            R"({"type": "int", "min": 1, "max": 9, "scale": "log"})",
                            R"({"type": "categorical", "values": ["a"]})",
                            R"({"type": "ordinal", "values": [1, 2]})"}) {
    maps.push_back({"parameter", At("/parameters/x"), with("/parameters/x", value)});
  }
  return maps;
}

const json& schema_of(const json& schema, const SchemaMap& map) {
  return map.definition.empty() ? schema : schema.at("$defs").at(map.definition);
}

std::vector<json> values_for(const json& schema, const json& key) {
  static const json kOthers = json::parse(
      R"([null, "zzz", "", "a/b", "0", "0s", "5", "1e3", "1h 30m", "-5s", "5 parsecs", "off", 0, 1,
          2, -1, 0.5, -0.5, 1.5, 10000000, 5000.5, true, [], ["a"], [1], ["", 1], [["a"]], {},
          {"a": 1}, {"a": [1, 2]}])");
  std::vector<json> values;
  collect(schema, key, values);
  values.insert(values.end(), kOthers.begin(), kOthers.end());
  return values;
}

json json_of_yaml(const std::string& text) {
  const auto parsed = config::parse_yaml(text);
  EXPECT_FALSE(parsed.problem) << text;
  return json_of(parsed.root);
}

std::vector<std::string> parser_errors(const ConfigFolder& folder, const std::string& text) {
  const json file = json_of_yaml(text);
  const bool asks = !file.contains("trial");
  const bool trains = !asks && !(file.contains("parameters") &&
                                 (file.contains("objective") || file.contains("objectives")));
  const auto use = asks ? ConfigUse::ask_tell : trains ? ConfigUse::training : ConfigUse::study;
  std::vector<std::string> errors;
  for (const auto& found : folder.load(text, {}, use).errors) {
    errors.push_back(found.message + " | " + found.expected + " | " + found.hint);
  }
  return errors;
}

std::vector<std::string> without_unseen(std::vector<std::string> errors) {
  static const std::vector<std::string> unseen = {
      // this machine
      "there is no folder", "there is no program", "is a folder", "is a file",
      // texts with a language of their own
      "not a regular expression", "has no group",
      // several values
      "must be greater than min", "must be > min", "must be at most max - min", "a trial takes",
      "names a parameter that does not exist", "is no parameter", "is not a value of",
      "does not report", "cannot be a condition's parent", "is in the list already",
      "is this study itself", "needs finitely many", "brackets: must be from",
      "there is no step of eta", "can never be reached", "strategy.budget.max: is missing",
      "strategy.budget: is missing", "needs 1 <= min < max", "is the storage file",
      "is given beside instance_types", "is for spot jobs only", "covers waiting and running",
      "must be from 1 s to 28 days", "must be at most 6 hours", "a VPC needs both",
      "needs price_per_hour", "is missing | its price for an hour", "sagemaker.price_per_hour.",
      "is no tag", "spot machines are not kept", "keeps no model", "its conditions lead back",
      "is fixed here and searched", "is searched under parameters", "strategy.initial[", "needs it",
      "is defined from", "always needs it"};
  errors.erase(std::remove_if(errors.begin(), errors.end(),
                              [](const std::string& error) {
                                return std::any_of(unseen.begin(), unseen.end(), [&](auto& part) {
                                  return error.find(part) != std::string::npos;
                                });
                              }),
               errors.end());
  return errors;
}

std::vector<std::string> validate(const json& schema, const std::vector<json>& instances) {
  const TempFolder folder;
  const std::string in = (folder / "in").string();
  {
    std::ofstream out(in);
    out << schema.dump() << "\n";
    for (const auto& instance : instances) out << instance.dump() << "\n";
  }
  const std::string command =
      "/usr/bin/python3 " + source_dir() + "/tests/engine/validate_schema.py <" + in;
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c): a fixed command
  if (pipe == nullptr) return {};
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << "is python3-jsonschema installed (scripts/setup)?";
  std::vector<std::string> verdicts;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    verdicts.push_back(line == "ok" ? std::string() : line);
  }
  return verdicts;
}

}  // namespace hpo
