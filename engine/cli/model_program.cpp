#include "engine/cli/model_program.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "engine/cli/verbs.h"
#include "engine/execution/files.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> list;
  list.reserve(words.size() + 1);
  for (auto& word : words) list.push_back(word.data());
  list.push_back(nullptr);
  return list;
}

Error failed(const std::string& what, int error) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("hpo-model {}: {}", what, std::strerror(error))};
}

/// Starts the program with its stdout on `output`; waits; its status.
Result<int> spawn_and_wait(std::vector<std::string> words, int output) {
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const auto arguments = pointers(words);
  const int error =
      posix_spawn(&pid, words[0].c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return failed("cannot be started", error);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return failed("cannot be waited for", errno);
  }
  return status;
}

Result<std::vector<std::string>> command_line(const std::vector<std::string>& arguments) {
  const auto program = model_program();
  if (!program) return program.error();
  std::vector<std::string> words = {program->string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return words;
}

}  // namespace

Result<fs::path> model_program() {
  auto program = execution::helper_program("hpo-model", "HPO_MODEL_PROGRAM");
  if (program) return program;
  Error error = program.error();
  error.hint =
      "hpo was built without libtorch: configure with -DHPO_WITH_TORCH=ON (scripts/setup "
      "fetches it)";
  return error;
}

Result<void> run_model_program(const std::vector<std::string>& arguments) {
  auto words = command_line(arguments);
  if (!words) return words.error();
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0) return failed("cannot be started", errno);
  const auto status = spawn_and_wait(std::move(*words), nowhere);
  close(nowhere);
  if (!status) return status.error();
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
  return Error{
      .code = ErrorCode::environment,
      .message = fmt::format("hpo-model {} failed ({})", arguments.front(),
                             WIFEXITED(*status) ? fmt::format("exit code {}", WEXITSTATUS(*status))
                                                : fmt::format("signal {}", WTERMSIG(*status)))};
}

Result<std::string> first_line_of_model_program(const std::vector<std::string>& arguments) {
  auto words = command_line(arguments);
  if (!words) return words.error();
  // A file, not a pipe: however much it prints, it never waits for a reader.
  const int output = static_cast<int>(memfd_create("hpo-model", MFD_CLOEXEC));
  if (output < 0) return failed("cannot be asked", errno);
  const auto status = spawn_and_wait(std::move(*words), output);
  std::array<char, 256> buffer{};
  const ssize_t n = pread(output, buffer.data(), buffer.size(), 0);
  close(output);
  if (!status) return status.error();
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0) {
    return Error{.code = ErrorCode::environment,
                 .message = "hpo-model does not start",
                 .hint = "a library of libtorch may be missing: scripts/setup fetches it"};
  }
  const std::string text(buffer.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
  return text.substr(0, text.find('\n'));
}

int run_model(const ModelArgs& args) {
  auto words = command_line(args.words);
  if (!words) return fail(words.error(), Format::table);
  const auto arguments = pointers(*words);
  execv(arguments[0], arguments.data());
  return fail(failed("cannot be started", errno), Format::table);
}

}  // namespace hpo::cli
