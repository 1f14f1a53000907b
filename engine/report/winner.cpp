#include "engine/report/winner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "objectives/glyphs.h"
#include "objectives/plain_text.h"

namespace hpo::report {
namespace {

using nlohmann::ordered_json;

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

/// Whether YAML 1.1 and 1.2 read the text as a string without quotes.
bool is_plain(const std::string& text) {
  static constexpr std::array kWords = {"true", "false", "yes",  "no",  "on", "off",
                                        "y",    "n",     "null", "nan", "inf"};
  if (text.empty() || !is_letter(text.front())) return false;
  const bool is_word = std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '_' ||
           c == '-' || c == '.';
  });
  return is_word && std::find(kWords.begin(), kWords.end(), lower(text)) == kWords.end();
}

/// JSON's strings are strings of YAML too.
std::string yaml_text(const std::string& text) {
  if (is_plain(text)) return text;
  return ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string yaml_value(const ParameterValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? yaml_text(*text) : to_text(value);
}

}  // namespace

std::string yaml_of(const SearchSpace& space, const Configuration& configuration) {
  std::string yaml;
  for (const auto& parameter : space.parameters) {
    const auto at = configuration.find(parameter.name);
    if (at == configuration.end()) continue;
    yaml += fmt::format("{}: {}\n", yaml_text(parameter.name), yaml_value(at->second));
  }
  return yaml;
}

ordered_json winner_json(const StudySource& source) {
  const Study& study = source.study();
  const auto best = study.best_trial();
  if (!best) return {};
  ordered_json configuration = ordered_json::array();
  for (const auto& parameter : study.spec.space.parameters) {
    const auto at = best->configuration.find(parameter.name);
    if (at == best->configuration.end()) continue;
    configuration.push_back({{"name", parameter.name}, {"value", printable(to_text(at->second))}});
  }
  std::vector<std::string> commands = {fmt::format("hpo show{} {}", source.flags, best->number),
                                       fmt::format("hpo explain{} {}", source.flags, best->number)};
  if (!best->artifact.empty()) {
    commands.push_back(fmt::format("hpo export{} --out model.tar.gz", source.flags));
  }
  return {{"trial", best->number},
          {"value", *best->value},
          {"yaml", yaml_of(study.spec.space, best->configuration)},
          {"configuration", std::move(configuration)},
          {"commands", commands}};
}

}  // namespace hpo::report
