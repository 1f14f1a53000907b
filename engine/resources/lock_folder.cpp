#include "engine/resources/lock_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace hpo::resources {
namespace fs = std::filesystem;
namespace {

/// Every hpo process of the machine must come to the same answer, so nothing in it is a user's own
/// ($XDG_RUNTIME_DIR, $TMPDIR).
fs::path chosen_folder() {
  const char* chosen = std::getenv("HPO_LOCK_DIR");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  const fs::path run = "/run/lock";
  if (access(run.c_str(), W_OK | X_OK) == 0 || fs::is_directory(run / "hpo")) return run / "hpo";
  return "/tmp/hpo-locks";
}

}  // namespace

Result<fs::path> lock_folder() {
  const fs::path folder = chosen_folder();
  std::error_code failure;
  fs::create_directories(folder.parent_path(), failure);
  if (mkdir(folder.c_str(), 0777) == 0) {
    // Against the umask; should it fail, the folder serves this user only.
    [[maybe_unused]] const int mode = chmod(folder.c_str(), 01777);
  } else if (errno != EEXIST) {
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot make the folder of lock files {}: {}",
                                        folder.string(), std::strerror(errno)),
                 .hint =
                     "set HPO_LOCK_DIR to a folder that every user of this machine's devices "
                     "can write to"};
  }
  return folder;
}

}  // namespace hpo::resources
