#pragma once

#include <sys/resource.h>

namespace hpo {

/// While it lives, this process can open nothing.
class NoOpenFiles {
 public:
  NoOpenFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    rlimit none = before_;
    none.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoOpenFiles() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoOpenFiles(const NoOpenFiles&) = delete;
  NoOpenFiles& operator=(const NoOpenFiles&) = delete;

 private:
  rlimit before_ = {};
};

}  // namespace hpo
