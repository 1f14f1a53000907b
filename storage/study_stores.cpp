#include "storage/study_stores.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace hpo {
namespace {

using Store = Result<std::unique_ptr<StudyStore>>;

struct Entry {
  std::string_view name;
  Store (*make)(const std::filesystem::path& file);
};

constexpr std::array kStudyStores = {
    Entry{"sqlite", make_sqlite_store},
    Entry{"memory", [](const std::filesystem::path&) { return Store(make_memory_store()); }},
};

}  // namespace

std::vector<std::string_view> study_store_names() {
  std::vector<std::string_view> names;
  for (const auto& entry : kStudyStores) names.push_back(entry.name);
  return names;
}

Store make_study_store(std::string_view name, const std::filesystem::path& file) {
  for (const auto& entry : kStudyStores) {
    if (entry.name == name) return entry.make(file);
  }
  return Error{.message = fmt::format("no store \"{}\"", name),
               .hint = fmt::format("use one of {}", fmt::join(study_store_names(), ", "))};
}

}  // namespace hpo
