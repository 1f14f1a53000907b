#include "trainers/batch/list.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "objectives/glyphs.h"

namespace hpo::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Error bad_list(std::string_view name, const std::string& what) {
  return {.message = fmt::format("{}: {}", printable(name), what),
          .hint = "a list has one path in each line, or is a manifest as SageMaker reads it"};
}

/// `../photos/./a.jpg` and `/photos/a.jpg` are both named photos/a.jpg.
std::string name_of(const fs::path& listed) {
  fs::path name;
  for (const auto& part : listed.lexically_normal().relative_path()) {
    if (part != ".." && part != "." && !part.empty()) name /= part;
  }
  return name.generic_string();
}

Result<Input> input_of(std::string_view listed, const fs::path& prefix, std::string_view name) {
  if (listed.starts_with("s3://") || prefix.native().starts_with("s3:/")) {
    return Error{.message = fmt::format("{}: {} lies in S3", printable(name), printable(listed)),
                 .hint = "download the photos first: the paths of a list are files"};
  }
  Input input{.file = prefix / listed, .name = name_of(listed)};
  if (input.name.empty()) {
    return bad_list(name, fmt::format("\"{}\" is no path of a photo", printable(listed)));
  }
  return input;
}

/// Calls `use(line, number)` for every line that is not blank, until it fails.
template <class Use>
Result<void> for_each_line(std::string_view text, const Use& use) {
  const char end = text.find('\0') == std::string_view::npos ? '\n' : '\0';
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t size = text.find(end);
    std::string_view line = text.substr(0, size);
    text.remove_prefix(size == std::string_view::npos ? text.size() : size + 1);
    if (end == '\n' && line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    if (auto used = use(line, number); !used) return used;
  }
  return {};
}

std::optional<std::string> text_at(const json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return std::nullopt;
  return object[key].get<std::string>();
}

Result<std::vector<Input>> read_manifest(std::string_view text, const fs::path& base,
                                         std::string_view name) {
  const json entries = json::parse(text, nullptr, false);
  if (!entries.is_array()) return bad_list(name, "is no JSON list");
  fs::path prefix = base;
  std::vector<Input> inputs;
  for (const json& entry : entries) {
    if (const auto given = text_at(entry, "prefix"); given && inputs.empty()) {
      prefix = given->starts_with("s3://") ? fs::path(*given) : base / *given;
      continue;
    }
    if (!entry.is_string()) return bad_list(name, "its entries are paths, the first a prefix");
    auto input = input_of(entry.get<std::string>(), prefix, name);
    if (!input) return input.error();
    inputs.push_back(std::move(*input));
  }
  return inputs;
}

}  // namespace

Result<std::vector<Input>> read_list(std::string_view text, const fs::path& base,
                                     std::string_view name) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') {
    return read_manifest(text, base, name);
  }
  const bool is_json = first != std::string_view::npos && text[first] == '{';
  std::vector<Input> inputs;
  const auto done =
      for_each_line(text, [&](std::string_view line, std::size_t number) -> Result<void> {
        std::optional<std::string> listed = std::string(line);
        if (is_json) listed = text_at(json::parse(line, nullptr, false), "source-ref");
        if (!listed) {
          return bad_list(name, fmt::format("line {}: expected {{\"source-ref\": PATH}}", number));
        }
        auto input = input_of(*listed, base, name);
        if (!input) return input.error();
        inputs.push_back(std::move(*input));
        return {};
      });
  if (!done) return done.error();
  return inputs;
}

}  // namespace hpo::batch
