#include "engine/supervisor/descendants.h"

#include <dirent.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <string>
#include <vector>

#include "engine/supervisor/records.h"

namespace hpo::supervision {
namespace {

constexpr useconds_t kBetweenLooks_us = 5000;

/// Pids in a text, separated by blanks.
std::vector<pid_t> pids_in(const std::string& text) {
  std::vector<pid_t> pids;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at != end) {
    pid_t pid = 0;
    const auto parsed = std::from_chars(at, end, pid);
    if (parsed.ec == std::errc()) pids.push_back(pid);
    at = parsed.ec == std::errc() ? parsed.ptr : at + 1;
  }
  return pids;
}

/// The parent of a process, from /proc/<pid>/stat: the second field after the name's last bracket.
pid_t parent_of(const std::string& name) {
  const auto stat = read_file("/proc/" + name + "/stat");
  if (!stat) return 0;
  const auto bracket = stat->rfind(')');
  if (bracket == std::string::npos || bracket + 4 > stat->size()) return 0;
  pid_t parent = 0;
  std::from_chars(stat->data() + bracket + 4, stat->data() + stat->size(), parent);
  return parent;
}

/// For kernels without /proc/<pid>/task/<tid>/children.
std::vector<pid_t> children_by_scan() {
  std::vector<pid_t> pids;
  DIR* const processes = opendir("/proc");
  if (processes == nullptr) return pids;
  while (const dirent* entry = readdir(processes)) {
    const std::string name = entry->d_name;  // NOLINT: an array that ends with NUL
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      continue;
    }
    if (parent_of(name) == getpid()) pids.push_back(std::stoi(name));
  }
  closedir(processes);
  return pids;
}

std::vector<pid_t> children() {
  const std::string self = std::to_string(getpid());
  const auto list = read_file("/proc/self/task/" + self + "/children");
  return list ? pids_in(*list) : children_by_scan();
}

}  // namespace

void kill_descendants() {
  while (true) {
    // Only this process reaps them, so none of these pids can be another's by now.
    const auto pids = children();
    bool any = false;
    for (const pid_t pid : pids) any = kill(pid, SIGKILL) == 0 || any;
    if (!pids.empty() && !any) return;
    const pid_t ended = waitpid(-1, nullptr, pids.empty() ? WNOHANG : 0);
    if (ended < 0) return;
    if (ended == 0) usleep(kBetweenLooks_us);  // there is a child that /proc does not show yet
  }
}

}  // namespace hpo::supervision
