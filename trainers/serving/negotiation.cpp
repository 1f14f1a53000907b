#include "trainers/serving/negotiation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "objectives/glyphs.h"
#include "objectives/plain_text.h"

namespace hpo::serving {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find_first_of(separators);
    parts.push_back(trimmed(text.substr(0, end), " \t"));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// A media range of an Accept header with its weight, 0 to 1.
struct Range {
  std::string type = {};
  double weight = 1;
};

Range range_of(std::string_view text) {
  const auto parts = split(text, ";");
  Range range{.type = lower(parts[0])};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (!parts[i].starts_with("q=") && !parts[i].starts_with("Q=")) continue;
    const std::string_view number = parts[i].substr(2);
    double weight = 0;
    const auto end = std::from_chars(number.data(), number.data() + number.size(), weight);
    range.weight = end.ec == std::errc() && weight >= 0 ? std::min(weight, 1.0) : 0;
  }
  return range;
}

/// The weight that the most specific range that covers the type gives it; 0 where none does.
double weight_of(const std::vector<Range>& ranges, const std::string& type) {
  const std::string group = type.substr(0, type.find('/')) + "/*";
  for (const std::string& pattern : {type, group, std::string("*/*")}) {
    for (const Range& range : ranges) {
      if (range.type == pattern) return range.weight;
    }
  }
  return 0;
}

std::optional<std::string_view> value_of(std::string_view text, std::string_view separators) {
  for (const auto part : split(text, separators)) {
    if (part.starts_with("top_k=")) return part.substr(6);
  }
  return std::nullopt;
}

}  // namespace

std::optional<Payload> payload_of(std::string_view content_type) {
  const auto parts = split(content_type, ";");
  const std::string type = lower(parts[0]);
  const bool is_base64 = std::any_of(parts.begin() + 1, parts.end(),
                                     [](std::string_view part) { return lower(part) == "base64"; });
  if (type == "application/json") return Payload::tensors;
  if (type != "application/x-image" && type != "image/jpeg" && type != "image/png") {
    return std::nullopt;
  }
  return is_base64 ? Payload::base64_picture : Payload::picture;
}

std::optional<AnswerType> answer_type_of(std::string_view accept) {
  if (trimmed(accept, " \t").empty()) return AnswerType::json;
  std::vector<Range> ranges;
  for (const auto part : split(accept, ",")) ranges.push_back(range_of(part));
  const double json = weight_of(ranges, "application/json");
  const double csv = weight_of(ranges, "text/csv");
  if (json <= 0 && csv <= 0) return std::nullopt;
  return csv > json ? AnswerType::csv : AnswerType::json;
}

Result<std::optional<std::size_t>> top_k_of(std::string_view target, std::string_view attributes) {
  const auto query = target.find('?');
  std::optional<std::string_view> text;
  if (query != std::string_view::npos) text = value_of(target.substr(query + 1), "&");
  if (!text) text = value_of(attributes, ",;");
  if (!text) return std::optional<std::size_t>();
  std::size_t count = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), count);
  if (end.ec == std::errc() && end.ptr == text->data() + text->size() && count > 0) {
    return std::optional<std::size_t>(count);
  }
  return Error{.code = ErrorCode::usage,
               .message = fmt::format("top_k: expected a number above 0, got \"{}\"",
                                      printable(text->substr(0, 40)))};
}

}  // namespace hpo::serving
