#include "storage/study_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/study_store.h"

namespace hpo {
namespace {

constexpr std::size_t kLongestName = 63;

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool may_stand_in_name(char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; }

}  // namespace

Result<void> check_study_name(std::string_view name) {
  if (!name.empty() && name.size() <= kLongestName && is_alphanumeric(name.front()) &&
      std::all_of(name.begin(), name.end(), may_stand_in_name)) {
    return {};
  }
  return Error{.message = fmt::format("study: \"{}\" cannot be a study's name", name),
               .hint = "use 1 to 63 letters, digits, '.', '_' or '-', a letter or digit first"};
}

std::string numbered_name(std::string_view name, int number) {
  const auto suffix = fmt::format("-{}", number);
  return std::string(name.substr(0, kLongestName - suffix.size())) + suffix;
}

std::filesystem::path canonical_database(const std::filesystem::path& database) {
  std::error_code failed;
  auto canonical = std::filesystem::weakly_canonical(database, failed);
  if (!failed && canonical.is_absolute()) return canonical;
  // weakly_canonical leaves a name relative whose first part does not exist yet.
  const auto absolute = std::filesystem::absolute(database, failed);
  canonical = std::filesystem::weakly_canonical(absolute, failed);
  return failed ? absolute : canonical;
}

std::filesystem::path study_folder(const std::filesystem::path& database, std::string_view study) {
  const auto file = canonical_database(database);
  // Files of one folder that differ only behind the dot must not share their trials' folders.
  const auto& name = file.extension() == ".db" ? file.stem() : file.filename();
  return file.parent_path() / (name.string() + ".runs") / study;
}

}  // namespace hpo
