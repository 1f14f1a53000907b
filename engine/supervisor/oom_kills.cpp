#include "engine/supervisor/oom_kills.h"

#include <charconv>
#include <optional>
#include <string>

#include "engine/supervisor/records.h"

namespace hpo::supervision {
namespace {

/// The number after `oom_kill ` at the start of a line.
std::optional<std::int64_t> counter(const std::string& file) {
  const auto text = read_file(file);
  if (!text) return std::nullopt;
  const std::string key = "oom_kill ";
  auto at = text->rfind(key, 0) == 0 ? 0 : text->find("\n" + key);
  if (at == std::string::npos) return std::nullopt;
  at = text->find(' ', at) + 1;
  std::int64_t count = 0;
  std::from_chars(text->data() + at, text->data() + text->size(), count);
  return count;
}

/// The group's path in a line `4:memory:/path` (version 1) or `0::/path` (version 2).
std::optional<std::string> group(const std::string& groups, const std::string& controller) {
  const auto at = groups.find(controller);
  if (at == std::string::npos) return std::nullopt;
  const auto begin = at + controller.size();
  return groups.substr(begin, groups.find('\n', begin) - begin);
}

}  // namespace

std::int64_t oom_kills() {
  const std::string groups = read_file("/proc/self/cgroup").value_or("");
  // In a container the path may be the host's, and the group is then the mount's root.
  if (const auto path = group(groups, ":memory:")) {
    if (const auto n = counter("/sys/fs/cgroup/memory" + *path + "/memory.oom_control")) return *n;
    if (const auto n = counter("/sys/fs/cgroup/memory/memory.oom_control")) return *n;
  }
  if (const auto path = group(groups, "0::")) {
    if (const auto n = counter("/sys/fs/cgroup" + *path + "/memory.events")) return *n;
    if (const auto n = counter("/sys/fs/cgroup/memory.events")) return *n;
  }
  return counter("/proc/vmstat").value_or(0);
}

}  // namespace hpo::supervision
