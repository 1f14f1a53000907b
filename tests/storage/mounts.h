#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace hpo::test {

/// Gives this process mounts of its own, if it may have them: as root, or in a user namespace.
inline bool unshare_mounts() {
  const auto uid = getuid();
  const bool is_root = geteuid() == 0 && unshare(CLONE_NEWNS) == 0;
  if (!is_root) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/uid_map") << "0 " << uid << " 1";
  }
  return mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

/// Mounts an empty file system of that size there.
inline bool mount_tmpfs(const std::string& folder, const std::string& size) {
  return mount("none", folder.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
}

inline bool resize_tmpfs(const std::string& folder, const std::string& size) {
  return mount("none", folder.c_str(), "tmpfs", MS_REMOUNT, ("size=" + size).c_str()) == 0;
}

/// Mounts a folder on itself, read-only.
inline bool make_read_only(const std::string& folder) {
  return mount(folder.c_str(), folder.c_str(), nullptr, MS_BIND, nullptr) == 0 &&
         mount(nullptr, folder.c_str(), nullptr, MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

}  // namespace hpo::test
