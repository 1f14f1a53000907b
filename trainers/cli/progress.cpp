#include "trainers/cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace hpo::cli {
namespace {

bool may_animate() {
  const char* terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) != 0 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

}  // namespace

Progress::Progress(std::size_t photos) : photos_(photos), is_terminal_(may_animate()) {}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - began_).count();
}

void Progress::step() {
  ++done_;
  const Clock::time_point now = Clock::now();
  const auto pause = is_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(30);
  if (now - shown_ < pause) return;
  shown_ = now;
  const double rate = static_cast<double>(done_) / seconds();
  const double left_s = static_cast<double>(photos_ - done_) / rate;
  // A shorter line must cover a longer one.
  fmt::print(stderr, "{}{} of {} photos, {:.0f}/s, {:.0f} s left{}", is_terminal_ ? "\r" : "",
             done_, photos_, rate, left_s, is_terminal_ ? "   " : "\n");
}

void Progress::finish() {
  if (is_terminal_ && shown_ != began_) fmt::print(stderr, "\r{:60}\r", "");
}

}  // namespace hpo::cli
