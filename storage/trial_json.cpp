#include "storage/trial_json.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

#include "objectives/json.h"

namespace hpo {
namespace {

using nlohmann::json;

Error damaged(std::string_view what, std::string_view text) {
  return {.code = ErrorCode::corrupt,
          .message = fmt::format("{} cannot be read: {}", what, text.substr(0, 200))};
}

Result<std::string> dump(const json& value, const char* what) {
  try {
    return value.dump();
  } catch (const json::exception& error) {
    return Error{.message = fmt::format("{} cannot be stored: {}", what, error.what()),
                 .hint = "names and values must be UTF-8 text"};
  }
}

json number_json(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

std::optional<double> number_from(const json& value) {
  if (value.is_number()) return value.get<double>();
  if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (value == "inf") return std::numeric_limits<double>::infinity();
  if (value == "-inf") return -std::numeric_limits<double>::infinity();
  return std::nullopt;
}

}  // namespace

Result<std::string> configuration_text(const Configuration& configuration) {
  for (const auto& [name, value] : configuration) {
    const auto* number = std::get_if<double>(&value);
    if (number != nullptr && !std::isfinite(*number)) {
      return Error{.message = fmt::format("parameter {} cannot be stored: it is {}", name, *number),
                   .hint = "parameters are finite numbers"};
    }
  }
  return dump(to_json(configuration), "the configuration");
}

Result<Configuration> configuration_from_text(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return damaged("a configuration", text);
  return configuration_from(*parsed);
}

Result<std::string> metrics_text(const Metrics& metrics) {
  json object = json::object();
  for (const auto& [name, value] : metrics) object[name] = number_json(value);
  return dump(object, "a metric");
}

Result<Metrics> metrics_from_text(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object()) return damaged("metrics", text);
  Metrics metrics;
  for (const auto& [name, item] : parsed->items()) {
    const auto value = number_from(item);
    if (!value) return damaged("metrics", text);
    metrics.emplace(name, *value);
  }
  return metrics;
}

}  // namespace hpo
