#include "objectives/error.h"

#include <cstdio>
#include <cstdlib>

namespace hpo {

void fail_check(const char* message, const char* file, int line) {
  std::fprintf(stderr, "hpo: internal error at %s:%d: %s\n", file, line, message);
  std::abort();
}

}  // namespace hpo
