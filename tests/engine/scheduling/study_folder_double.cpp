// Stands in for storage's path rule where that module is not built beside this one.

#include "storage/study_store.h"

namespace hpo {

std::filesystem::path study_folder(const std::filesystem::path& database, std::string_view study) {
  return database.parent_path() / (database.stem().string() + ".runs") / std::string(study);
}

}  // namespace hpo
