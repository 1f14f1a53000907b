#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "objectives/descriptor.h"
#include "objectives/error.h"

namespace hpo::resources {

/// A device is this many units in its lock file, and a share of it some of them, so that studies
/// with other fractions never take more than the whole. Divisible by 1 to 10.
constexpr int kDeviceUnits = 5040;

/// Leases across processes: byte-range locks of open file descriptions (F_OFD_SETLK, Linux) in a
/// file that lasts.
///
/// Unit u is the bytes [4u, 4u + 4); the first unit of each locked run holds the pid of the process
/// that locked it, for people. Device d of the file is the units [d·5040, (d + 1)·5040). Each lease
/// has a description of its own, so its locks live exactly as long as some process holds a
/// descriptor of it: the engine, or the trial's supervisor that inherited it.
class LockFile {
 public:
  /// Creates the file where it is missing, for all users (0666). Error: environment.
  static Result<LockFile> open(const std::filesystem::path& path);

  /// Units of the device that nobody has locked.
  [[nodiscard]] int free_units(std::int64_t device) const;

  /// The pid recorded by who locked a part of the device; nothing where all of it is free.
  [[nodiscard]] std::optional<int> holder(std::int64_t device) const;

  /// A further description of the file, close-on-exec, for one lease. Error: environment.
  [[nodiscard]] Result<Descriptor> open_for_lease() const;

  /// Locks any `units` free units of the device through a lease's descriptor. False if there are
  /// not that many; some may be locked then, until the descriptor is closed.
  [[nodiscard]] bool lock(const Descriptor& lease, std::int64_t device, int units) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Run {
    std::int64_t first = 0;
    std::int64_t count = 0;
  };
  [[nodiscard]] std::vector<Run> free_runs(std::int64_t device) const;

  std::filesystem::path path_ = {};
  Descriptor look_ = {};  ///< holds no lock: the kernel shows it everyone's
};

}  // namespace hpo::resources
