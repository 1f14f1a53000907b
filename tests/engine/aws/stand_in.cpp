#include "tests/engine/aws/stand_in.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "engine/aws/http.h"
#include "tests/support/paths.h"

extern char** environ;

namespace hpo {

SageMakerSpec sagemaker_spec() {
  return {.role = "arn:aws:iam::123456789012:role/hpo",
          .image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/trials:1",
          .instance_types = {"ml.m5.large"},
          .bucket = "bkt"};
}

StandIn::StandIn() {
  std::array<int, 2> input = {};
  std::array<int, 2> output = {};
  if (pipe2(input.data(), O_CLOEXEC) != 0 || pipe2(output.data(), O_CLOEXEC) != 0) std::abort();
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
  std::vector<std::string> environment = {"PYTHONPATH=" + source_dir() + "/tests",
                                          "PYTHONDONTWRITEBYTECODE=1"};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("PYTHON")) environment.emplace_back(*entry);
  }
  std::vector<char*> variables;
  for (auto& variable : environment) variables.push_back(variable.data());
  variables.push_back(nullptr);
  std::string folder = folder_.path().string();
  std::vector<std::string> words = {"python3", "-m", "aws_stand_in", "--folder", folder};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  if (posix_spawnp(&process_, "python3", &actions, nullptr, arguments.data(), variables.data()) !=
      0) {
    std::abort();
  }
  posix_spawn_file_actions_destroy(&actions);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  char c = 0;
  while (read(output[0], &c, 1) == 1 && c != '\n') port_ += c;
  close(output[0]);
  if (port_.empty()) std::abort();
}

StandIn::~StandIn() {
  close(input_);  // it ends with its input
  waitpid(process_, nullptr, 0);
}

std::string StandIn::address() const { return "http://127.0.0.1:" + port_; }

aws::Variables StandIn::variables() const {
  return {{"AWS_ENDPOINT_URL", address()},
          {"AWS_REGION", "us-east-1"},
          {"AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"},
          {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"},
          {"AWS_EC2_METADATA_DISABLED", "true"},
          {"HOME", folder_.path().string()},
          {"HPO_SAGEMAKER_PACE", "0.001"}};
}

nlohmann::json StandIn::control(const std::string& action, const nlohmann::json& given) const {
  boost::asio::io_context io;
  aws::Http http(io.get_executor());
  aws::HttpRequest request{.method = "POST",
                           .url = address() + "/_control/" + action,
                           .body = given.dump(),
                           .is_local = true};
  const auto outcome = finish(io, http.send(std::move(request)));
  if (outcome.failure || outcome.response.status != 200) std::abort();
  return nlohmann::json::parse(outcome.response.body);
}

int StandIn::calls(const std::string& operation, int status) const {
  int count = 0;
  for (const auto& call : control("calls")) {
    if (call.at(0) == operation && (status == 0 || call.at(1) == status)) ++count;
  }
  return count;
}

}  // namespace hpo
