// Keys that a program prints: `credential_process` of a profile.

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/tokenizer.hpp>
#include <cstring>
#include <vector>

#include "engine/aws/credential_answer.h"
#include "engine/aws/credential_sources.h"
#include "engine/aws/pause.h"

extern char** environ;

namespace hpo::aws {
namespace {

namespace asio = boost::asio;

constexpr double kLongest_s = 60;
/// Keys are some hundred characters; a program that prints on and on is not read for ever.
constexpr std::size_t kMostOutput = 64 << 10;

Error process_error(const std::string& source, const std::string& what) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("the credential_process of {} {}", source, what),
          .hint = "run its command line yourself to see why"};
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  try {
    const boost::escaped_list_separator<char> rules("\\", " \t", "\"'");
    for (const auto& word : boost::tokenizer<boost::escaped_list_separator<char>>(line, rules)) {
      if (!word.empty()) words.push_back(word);
    }
  } catch (const boost::escaped_list_error&) {
    return {};
  }
  return words;
}

/// A program whose output is read. Killed with the object unless it has ended.
class Program {
 public:
  /// 0, or errno.
  int start(const std::vector<std::string>& words) {
    std::array<int, 2> ends = {};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const int error =
        posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = ends[0];
    if (error != 0) pid_ = -1;
    return error;
  }

  Program() = default;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program() {
    if (output_ >= 0) close(output_);
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  int take_output() { return std::exchange(output_, -1); }

  /// Its exit status; nothing while it runs.
  std::optional<int> status() {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

/// All that comes until the end of the output, or the time is over.
asio::awaitable<std::string> read_all(int fd) {
  const auto executor = co_await asio::this_coro::executor;
  asio::posix::stream_descriptor output(executor, fd);
  asio::steady_timer limit(executor, std::chrono::seconds(static_cast<long>(kLongest_s)));
  limit.async_wait([&output](const boost::system::error_code& error) {
    if (!error) output.cancel();
  });
  std::string text;
  std::array<char, 4096> bytes = {};
  boost::system::error_code error;
  while (!error && text.size() < kMostOutput) {
    const auto buffer = asio::buffer(bytes);
    const std::size_t count =
        co_await output.async_read_some(buffer, asio::redirect_error(asio::use_awaitable, error));
    text.append(bytes.data(), count);
  }
  co_return text;
}

}  // namespace

asio::awaitable<Result<Credentials>> process_credentials(std::string command_line,
                                                         std::string source) {
  const auto words = words_of(command_line);
  if (words.empty()) co_return process_error(source, "is no command line");
  Program program;
  if (const int error = program.start(words); error != 0) {
    co_return process_error(
        source, fmt::format("cannot be started: {}: {}", words[0], std::strerror(error)));
  }
  const std::string text = co_await read_all(program.take_output());
  std::optional<int> status = program.status();
  for (const double end_s = steady_s() + kLongest_s; !status && steady_s() < end_s;) {
    co_await pause(0.01);
    status = program.status();
  }
  if (!status) co_return process_error(source, "does not end");
  if (*status != 0) co_return process_error(source, "failed");
  co_return credentials_from_json(text, "the credential_process of " + source);
}

}  // namespace hpo::aws
