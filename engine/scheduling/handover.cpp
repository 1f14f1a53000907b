#include "engine/scheduling/handover.h"

#include <fmt/format.h>

#include "engine/trial_directory.h"

namespace hpo {

namespace fs = std::filesystem;

Result<void> hand_over_checkpoints(const fs::path& study_folder, const Trial& trial) {
  if (!trial.continues) return {};
  const fs::path from = trial_directory(study_folder, *trial.continues).checkpoints();
  const fs::path to = trial_directory(study_folder, trial.number).checkpoints();
  std::error_code failure;
  if (fs::exists(to, failure) || !fs::is_directory(from, failure)) return {};
  fs::create_directories(to.parent_path(), failure);
  if (!failure) fs::rename(from, to, failure);
  if (!failure) return {};
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("trial {} starts from its beginning: {} could not be moved "
                                      "to {}: {}",
                                      trial.number, from.string(), to.string(), failure.message())};
}

}  // namespace hpo
