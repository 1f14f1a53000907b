#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>

namespace hpo::supervision {

/// Takes the lock of a trial's folder, which the caller's process then holds until it ends: a POSIX
/// record lock, because its children do not inherit that and anybody can ask who holds it without
/// taking it. Returns a descriptor that must stay open, or −errno (−EAGAIN: another one holds it).
int take_lock(const std::filesystem::path& root);

/// Pid of the supervisor that holds the folder's lock; nothing where none runs. 0: one that this
/// process cannot see (another machine or pid namespace).
std::optional<pid_t> lock_holder(const std::filesystem::path& root);

}  // namespace hpo::supervision
