#include "engine/cli/training_log.h"

#include <array>
#include <cstdio>

namespace hpo::cli {

void TrainingLog::print_new() {
  if (!in_.is_open()) in_.open(file_, std::ios::binary);
  if (!in_.is_open()) return;
  std::array<char, 65536> buffer{};
  do {
    in_.clear();  // the end that was seen is none any more
    in_.read(buffer.data(), buffer.size());
    std::fwrite(buffer.data(), 1, static_cast<std::size_t>(in_.gcount()), stderr);
  } while (in_.gcount() > 0);
}

}  // namespace hpo::cli
