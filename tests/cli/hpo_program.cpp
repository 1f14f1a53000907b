#include "tests/cli/hpo_program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/paths.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

const std::string kProgram = bin_dir() + "/hpo";

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  for (auto& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

/// What a test sees must not depend on who runs it.
Environment clean(const Environment& own) {
  Environment all = {{"NO_COLOR", ""},    {"HPO_STORAGE", ""}, {"TERM", "xterm"},
                     {"LANG", "C.UTF-8"}, {"LC_ALL", ""},      {"COLUMNS", ""}};
  for (const auto& [name, value] : own) all[name] = value;
  return all;
}

[[noreturn]] void become(const fs::path& folder, std::vector<std::string> words,
                         const Environment& environment) {
  if (chdir(folder.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  setenv("HPO_LOCK_DIR", (folder / ".locks").c_str(), 1);
  setenv("HPO", kProgram.c_str(), 1);
  const auto arguments = pointers(words);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

nlohmann::json Ended::json() const {
  auto value = nlohmann::json::parse(out, nullptr, false);
  EXPECT_FALSE(value.is_discarded()) << "not JSON: " << out << "\n" << err;
  return value;
}

std::vector<std::string> Ended::lines() const {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin < out.size();) {
    const std::size_t end = std::min(out.find('\n', begin), out.size());
    list.push_back(out.substr(begin, end - begin));
    begin = end + 1;
  }
  return list;
}

Process::Process(const fs::path& folder, const std::vector<std::string>& arguments, Io io,
                 const Environment& environment) {
  std::vector<std::string> words = arguments;
  if (words.empty() || words.front().front() != '/') words.insert(words.begin(), kProgram);
  const Environment all = clean(environment);
  if (io == Io::terminal) {
    winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
    pid_ = forkpty(&out_, nullptr, nullptr, &size);
    if (pid_ == 0) become(folder, words, all);
    return;
  }
  std::array<int, 2> out{};
  std::array<int, 2> err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0) std::abort();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    become(folder, words, all);
  }
  close(out[1]);
  close(err[1]);
  out_ = out[0];
  err_ = err[0];
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (out_ >= 0) close(out_);
  if (err_ >= 0) close(err_);
}

bool Process::read_some() {
  if (out_ < 0 && err_ < 0) return false;  // poll would wait for ever
  std::array<pollfd, 2> ready{pollfd{.fd = out_, .events = POLLIN, .revents = 0},
                              pollfd{.fd = err_, .events = POLLIN, .revents = 0}};
  if (poll(ready.data(), ready.size(), -1) < 0) return errno == EINTR;
  std::array<char, 65536> buffer{};
  for (auto& one : ready) {
    if (one.fd < 0 || one.revents == 0) continue;
    const ssize_t n = read(one.fd, buffer.data(), buffer.size());
    int& fd = one.fd == out_ ? out_ : err_;
    std::string& text = one.fd == out_ ? out_text_ : err_text_;
    if (n <= 0) {  // a terminal's end is an error
      close(fd);
      fd = -1;
      continue;
    }
    text.append(buffer.data(), static_cast<std::size_t>(n));
    all_.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return out_ >= 0 || err_ >= 0;
}

bool Process::read_until(const std::string& text) {
  while (all_.find(text, found_) == std::string::npos) {
    if (!read_some()) return false;
  }
  found_ = all_.find(text, found_) + text.size();
  return true;
}

Ended Process::wait() {
  while (read_some()) {
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {.code = code, .out = out_text_, .err = err_text_};
}

void Process::signal(int number) const { kill(pid_, number); }

void Process::type(const std::string& text) const {
  ASSERT_EQ(write(out_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

void Process::resize(int columns, int rows) const {
  winsize size{.ws_row = static_cast<unsigned short>(rows),
               .ws_col = static_cast<unsigned short>(columns),
               .ws_xpixel = 0,
               .ws_ypixel = 0};
  ioctl(out_, TIOCSWINSZ, &size);
}

void TestFolder::write(const std::string& name, const std::string& text) const {
  std::ofstream(*this / name, std::ios::binary) << text;
}

std::string TestFolder::read(const std::string& name) const {
  std::ifstream in(*this / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Ended TestFolder::hpo(const std::vector<std::string>& arguments,
                      const Environment& environment) const {
  return Process(path(), arguments, Process::Io::pipes, environment).wait();
}

Ended TestFolder::shell(const std::string& line) const {
  return Process(path(), {"/bin/sh", "-c", line}).wait();
}

std::vector<std::string> processes_of(const TestFolder& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::error_code gone;  // it may end while it is looked at
    const std::string at = fs::read_symlink(entry.path() / "cwd", gone).string();
    std::ifstream in(entry.path() / "cmdline");
    const std::string line(std::istreambuf_iterator<char>(in), {});
    const std::string& place = folder.path().string();
    if (at.starts_with(place) || line.find(place) != std::string::npos) found.push_back(line);
  }
  return found;
}

std::string branin_file(const std::string& limits, const std::string& rest) {
  return "study: branin\n"
         "objective: {metric: value, goal: minimize}\n"
         "parameters:\n"
         "  x1: {type: float, min: -5, max: 10}\n"
         "  x2: {type: float, min: 0, max: 15}\n"
         "strategy: {name: random, seed: 7}\n"
         "limits: " +
         limits +
         "\n"
         "trial: {objective: branin}\n" +
         rest;
}

std::string script_file(const std::string& limits, const std::string& rest) {
  return "study: script\n"
         "objective: {metric: loss, goal: minimize}\n"
         "parameters:\n"
         "  lr: {type: float, min: 0.001, max: 0.1, scale: log}\n"
         "  kind: {type: categorical, values: [plain, fancy]}\n"
         "strategy: {name: random, seed: 3}\n"
         "limits: " +
         limits +
         "\n"
         "trial: {command: [sh, train.sh], metrics: {loss: 'loss: (\\S+)'}}\n"
         "resources: {cpus_per_trial: 0}\n" +
         rest;
}

}  // namespace hpo::cli
