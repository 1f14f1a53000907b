// The examples and the README's commands, run as a reader would run them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/cli/hpo_program.h"
#include "tests/support/paths.h"

namespace hpo::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A test's own copy of examples/, and `hpo` in PATH.
class Examples : public testing::Test {
 protected:
  Examples() {
    fs::copy(fs::path(source_dir()) / "examples", folder / "examples", fs::copy_options::recursive);
  }
  [[nodiscard]] Ended shell(const std::string& lines) const {
    return folder.shell("set -e\nexport PATH=" + bin_dir() + ":\"$PATH\"\n" + lines);
  }
  TestFolder folder;
};

/// The fenced blocks of the README that are marked as commands.
std::vector<std::string> readme_blocks() {
  std::ifstream in(fs::path(source_dir()) / "README.md");
  std::vector<std::string> blocks;
  bool inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
      if (inside) blocks.emplace_back();
    } else if (inside) {
      blocks.back() += line + "\n";
    }
  }
  return blocks;
}

/// A port that nothing listens on: the README's own one may be in use on this machine.
std::string free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* any = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(probe, any, size) == 0 && getsockname(probe, any, &size) == 0;
  close(probe);
  return bound ? std::to_string(ntohs(address.sin_port)) : "8080";
}

/// `hpo serve` on that port instead of 8080.
std::string on_port(const std::string& block, const std::string& port) {
  const std::string moved = std::regex_replace(block, std::regex("8080"), port);
  return std::regex_replace(moved, std::regex("hpo serve"), "hpo serve --port " + port);
}

TEST_F(Examples, EveryCommandOfTheReadmeWorks) {
  const auto blocks = readme_blocks();
  ASSERT_GE(blocks.size(), 3U);
  int run = 0;
  for (const auto& block : blocks) {
    const bool needs_model = block.find("hpo predict") != std::string::npos;
    if (needs_model && !fs::exists(fs::path(bin_dir()) / "hpo-model")) continue;
    const auto ended = shell(on_port(block, free_port()));
    EXPECT_EQ(ended.code, 0) << block << "\n" << ended.err;
    if (block.find("/invocations") != std::string::npos) {
      EXPECT_THAT(ended.out, HasSubstr("\"predicted_class\":"));
    }
    ++run;
  }
  EXPECT_GE(run, 2);
}

TEST_F(Examples, BraninIsSolved) {
  const auto ended = shell("cd examples/branin; hpo run tuning.yaml --json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_LT(ended.json()["best"]["value"].get<double>(), 0.41);  // the minimum is 0.3979
}

TEST_F(Examples, TheLibraryFindsTheMinimum) {
  const auto ended = folder.shell(bin_dir() + "/hello_hpo");
  ASSERT_EQ(ended.code, 0);
  EXPECT_THAT(ended.out, testing::StartsWith("best of 25: 0.0"));
}

std::vector<std::string> metric_lines(const std::string& text) {
  static const std::regex line("epoch \\d+: .*");
  return {std::sregex_token_iterator(text.begin(), text.end(), line), {}};
}

TEST_F(Examples, AProgramPrintsTheSameByHandAndAsATrial) {
  const auto study = shell("cd examples/command; hpo run tuning.yaml --set limits.trials=1 --json");
  ASSERT_EQ(study.code, 0) << study.err;
  const auto chosen = study.json()["best"]["configuration"];
  std::string words;
  for (const auto& [name, value] : chosen.items()) words += " --" + name + " " + value.dump();
  const auto by_hand = shell("cd examples/command; python3 train.py --epochs 15" + words);
  const auto trial = shell("cd examples/command; hpo logs --storage half-moons.db 0");
  EXPECT_THAT(metric_lines(by_hand.out), testing::SizeIs(15));
  EXPECT_EQ(metric_lines(by_hand.out), metric_lines(trial.out));
}

TEST_F(Examples, AStoppedProgramSavesItsCheckpointAndGoesOn) {
  const fs::path command = folder / "examples/command";
  Process run(command,
              {"run", "tuning.yaml", "--set", "limits.trials=1", "--set",
               "trial.hyperparameters.epochs=100000", "--set", "strategy.early_stopping=none"});
  ASSERT_TRUE(run.read_until("trial 0 starts"));
  // Its log shows an epoch: it is past its start.
  Process log(command, {"logs", "--storage", "half-moons.db", "0", "-f"});
  ASSERT_TRUE(log.read_until("epoch 1:"));
  run.signal(SIGTERM);
  EXPECT_EQ(run.wait().code, 143);
  EXPECT_TRUE(fs::exists(command / "half-moons.runs/half-moons/0/checkpoints/state.json"));
  const auto status =
      shell("cd examples/command; hpo status --storage half-moons.db --json").json();
  EXPECT_EQ(status["counts"]["waiting"], 1) << status;
}

}  // namespace
}  // namespace hpo::cli
