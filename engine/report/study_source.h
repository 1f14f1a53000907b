#pragma once

#include <filesystem>
#include <string>

#include "storage/study_store.h"

namespace hpo::report {

/// A study of which a page is made, and where its trials' logs and reports are found.
struct StudySource {
  const StoredStudy& stored;
  StudyReader& reader;
  std::filesystem::path folder = {};  ///< study_folder() of it
  std::string flags = {};             ///< what a command needs to find it: ` birds --storage b.db`

  [[nodiscard]] const Study& study() const { return stored.study; }
};

}  // namespace hpo::report
