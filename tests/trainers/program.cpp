#include "tests/trainers/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "objectives/error.h"
#include "tests/support/paths.h"

namespace hpo {
namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_with(const Variables& variables) {
  std::vector<std::string> all;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string entry = *at;
    if (!variables.contains(entry.substr(0, entry.find('=')))) all.push_back(entry);
  }
  for (const auto& [name, value] : variables) {
    std::string entry = name;
    entry += '=';
    all.push_back(entry + value);
  }
  return all;
}

int pipe_without_reader() {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC) == 0, "cannot make a pipe");
  ::close(ends[0]);
  return ends[1];
}

}  // namespace

Program::Program(const std::vector<std::string>& arguments, const Variables& variables,
                 Errors errors) {
  std::vector<std::string> words = {bin_dir() + "/hpo-model"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<std::string> environment = environment_with(variables);
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC) == 0, "cannot make a pipe");
  err_ = errors == Errors::kept ? ::memfd_create("stderr", MFD_CLOEXEC) : pipe_without_reader();
  check(err_ >= 0, "cannot make a file for stderr");
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err_, STDERR_FILENO);
  const int code = ::posix_spawn(&pid_, words[0].c_str(), &actions, nullptr,
                                 pointers_to(words).data(), pointers_to(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  out_ = ends[0];
  check(code == 0, "cannot start hpo-model");
}

Program::~Program() {
  if (pid_ > 0) {
    send(SIGKILL);
    wait();
  }
  ::close(out_);
  ::close(err_);
}

std::optional<std::string> Program::read_line() {
  while (true) {
    if (const auto end = output_.find('\n'); end != std::string::npos) {
      std::string line = output_.substr(0, end);
      output_.erase(0, end + 1);
      return line;
    }
    std::array<char, 4096> part{};
    const ssize_t n = ::read(out_, part.data(), part.size());
    if (n <= 0) return std::nullopt;
    output_.append(part.data(), static_cast<std::size_t>(n));
  }
}

void Program::send(int signal) const { ::kill(pid_, signal); }

int Program::wait() {
  std::array<char, 4096> part{};
  for (ssize_t n = 1; n > 0;) {
    n = ::read(out_, part.data(), part.size());
    if (n > 0) output_.append(part.data(), static_cast<std::size_t>(n));
  }
  int status = 0;
  check(::waitpid(pid_, &status, 0) == pid_, "cannot wait for hpo-model");
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string Program::errors() const {
  std::string text;
  std::array<char, 4096> part{};
  for (off_t at = 0;;) {
    const ssize_t n = ::pread(err_, part.data(), part.size(), at);
    if (n <= 0) return text;
    text.append(part.data(), static_cast<std::size_t>(n));
    at += n;
  }
}

Finished run_program(const std::vector<std::string>& arguments, const Variables& variables) {
  Program program(arguments, variables);
  const int status = program.wait();
  return {.status = status, .output = program.output(), .errors = program.errors()};
}

}  // namespace hpo
