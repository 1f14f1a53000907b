// The program `hpo`: only this folder reads arguments, prints, or ends the process.

#include <csignal>
#include <string>
#include <vector>

#include "engine/cli/command_line.h"
#include "engine/cli/output.h"

int main(int argc, char** argv) {
  // A reader that went away shows as a failed write. A handler, unlike SIG_IGN, is not inherited by
  // trials.
  struct sigaction quiet {};
  quiet.sa_handler = [](int) {};
  quiet.sa_flags = SA_RESTART;
  sigaction(SIGPIPE, &quiet, nullptr);
  sigaction(SIGXFSZ, &quiet, nullptr);  // the same of a file that may not grow (ulimit -f)
  const std::vector<std::string> words(argv + 1, argv + argc);
  return hpo::cli::finish_output(hpo::cli::run_command_line(words));
}
