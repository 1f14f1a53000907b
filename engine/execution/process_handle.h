#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <csignal>

#include "objectives/descriptor.h"

namespace hpo::execution {

// System calls of Linux 5.1 and 5.3. The C library has them too, but glibc 2.36 declares them
// without extern "C".

/// A handle (pidfd) on a process, which can be waited on and never means another process. Empty,
/// with errno, where there is none.
inline Descriptor open_process(pid_t pid) {
  return Descriptor(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
}

/// Sends a signal; `info` as sigqueue has it, or null. Returns whether it could.
inline bool send_signal(int process, int signal, siginfo_t* info) {
  return syscall(SYS_pidfd_send_signal, process, signal, info, 0) == 0;
}

}  // namespace hpo::execution
