#include "tests/storage/child.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

namespace hpo::test {
namespace {

constexpr uid_t kNobody = 65'534;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

void Child::Voice::say(const std::string& line) const {
  const std::string text = line + '\n';
  require(write(out_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
}

void Child::Voice::wait() const {
  char byte = 0;
  while (read(in_, &byte, 1) < 0 && errno == EINTR) {
  }
}

Child::Child(const std::function<void(const Voice&)>& body) {
  std::array<int, 2> up{};
  std::array<int, 2> down{};
  require(pipe2(up.data(), O_CLOEXEC) == 0 && pipe2(down.data(), O_CLOEXEC) == 0);
  pid_ = fork();
  require(pid_ >= 0);
  if (pid_ == 0) {
    close(up[0]);
    close(down[1]);
    body(Voice(up[1], down[0]));
    _exit(0);
  }
  close(up[1]);
  close(down[0]);
  from_child_ = up[0];
  to_child_ = down[1];
}

Child::~Child() {
  if (!is_joined_) kill_now();
  close(from_child_);
  close(to_child_);
}

std::string Child::hear() {
  while (true) {
    const auto end = buffer_.find('\n');
    if (end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> block{};
    const auto length = read(from_child_, block.data(), block.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return {};
    buffer_.append(block.data(), static_cast<std::size_t>(length));
  }
}

void Child::go_on() const { require(write(to_child_, "g", 1) == 1); }

void Child::kill_now() {
  kill(pid_, SIGKILL);
  join();
}

int Child::join() {
  int status = 0;
  require(waitpid(pid_, &status, 0) == pid_);
  is_joined_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string in_child(const std::function<std::string()>& body) {
  std::array<int, 2> ends{};
  require(pipe2(ends.data(), O_CLOEXEC) == 0);
  const pid_t pid = fork();
  require(pid >= 0);
  if (pid == 0) {
    const auto said = body();
    const auto length = write(ends[1], said.data(), said.size());
    _exit(length == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string said;
  std::array<char, 4096> block{};
  while (true) {
    const auto length = read(ends[0], block.data(), block.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    said.append(block.data(), static_cast<std::size_t>(length));
  }
  close(ends[0]);
  int status = 0;
  require(waitpid(pid, &status, 0) == pid);
  if (status != 0) said += " [the child ended with status " + std::to_string(status) + "]";
  return said;
}

std::string as_nobody(const std::function<std::string()>& body) {
  return in_child([&]() -> std::string {
    if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) return "cannot setuid";
    return body();
  });
}

}  // namespace hpo::test
