#include "engine/resources/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>

namespace hpo::resources {
namespace fs = std::filesystem;
namespace {

/// /proc/<pid>/stat: "pid (any name) state ppid ..."; 0 if it is not there.
int parent_of(int pid) {
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string text;
  std::getline(in, text, '\0');
  const auto after_name = text.rfind(')');
  if (after_name == std::string::npos || after_name + 4 >= text.size()) return 0;
  return std::atoi(text.c_str() + after_name + 4);
}

Descent has_open(int pid, const struct stat& file) {
  const std::string folder = fmt::format("/proc/{}/fd", pid);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(folder.c_str()), closedir);
  if (!entries) return Descent::unknown;
  while (const dirent* entry = readdir(entries.get())) {
    struct stat target = {};
    if (fstatat(dirfd(entries.get()), entry->d_name, &target, 0) != 0) continue;
    if (target.st_dev == file.st_dev && target.st_ino == file.st_ino) return Descent::holder;
  }
  return Descent::other;
}

}  // namespace

std::string process_name(int pid) {
  std::ifstream in(fmt::format("/proc/{}/comm", pid));
  std::string name;
  std::getline(in, name);
  return name;
}

Descent descent_from_holder(int pid, const fs::path& file) {
  struct stat identity = {};
  if (stat(file.c_str(), &identity) != 0) return Descent::unknown;
  const Descent own = has_open(pid, identity);
  if (own != Descent::other) return own;
  for (int ancestor = parent_of(pid); ancestor > 1; ancestor = parent_of(ancestor)) {
    if (has_open(ancestor, identity) == Descent::holder) return Descent::holder;
  }
  return Descent::other;
}

}  // namespace hpo::resources
