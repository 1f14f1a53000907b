#pragma once

#include <filesystem>
#include <string>

namespace hpo::resources {

/// The process's command name (15 characters at most); empty if it is not there.
std::string process_name(int pid);

enum class Descent {
  holder,   ///< it or an ancestor has the file open
  other,    ///< neither it nor any ancestor that could be looked at
  unknown,  ///< not there (another pid namespace), or another user's
};

/// Whether the process or one of its ancestors has `file` open: a trial's processes descend from
/// the supervisor that inherited the descriptor of their lease.
Descent descent_from_holder(int pid, const std::filesystem::path& file);

}  // namespace hpo::resources
