// The program `hpo ask-tell` at its pipes.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/cli/hpo_program.h"
#include "tests/support/paths.h"

namespace hpo::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr const char* kStudy =
    "study: talk\n"
    "objective: {metric: loss, goal: minimize}\n"
    "parameters:\n"
    "  x: {type: float, min: 0, max: 1}\n"
    "strategy: {name: random, seed: 1}\n";

class AskTellProgram : public testing::Test {
 protected:
  AskTellProgram() { folder.write("t.yaml", kStudy); }
  /// What the program answers to these lines.
  [[nodiscard]] Ended talk(const std::string& requests, const std::string& flags = {}) const {
    folder.write("requests", requests);
    return folder.shell("$HPO ask-tell t.yaml " + flags + " < requests");
  }
  TestFolder folder;
};

TEST_F(AskTellProgram, AnswersEachLineAndEndsWithItsInput) {
  const auto ended =
      talk("{\"op\":\"ask\"}\n{\"op\":\"tell\",\"number\":0,\"value\":0.5}\r\n{\"op\":\"best\"}",
           "--memory");
  EXPECT_EQ(ended.code, 0) << ended.err;
  ASSERT_EQ(ended.lines().size(), 3U);
  EXPECT_EQ(ended.lines()[1], R"({"number":0,"state":"complete"})");
  EXPECT_EQ(json::parse(ended.lines()[2])["value"], 0.5);
  EXPECT_EQ(ended.err, "");
  EXPECT_FALSE(std::filesystem::exists(folder / "hpo.db"));
}

TEST_F(AskTellProgram, SurvivesAHundredThousandLinesOfGarbage) {
  // Odd lines of every kind, a line of 30 MB, and a valid one in front of every 10,000.
  folder.write(
      "garbage.py",
      "import random, sys\n"
      "r = random.Random(1)\n"
      "out = sys.stdout.buffer\n"
      "kinds = [lambda: r.randbytes(r.randrange(200)).replace(b'\\n', b' '),\n"
      "         lambda: b'{\"op\":\"ask\"' + b'}' * r.randrange(2, 9),\n"
      "         lambda: b'{\"op\":\"tell\",\"number\":%d}' % r.randrange(-9, 99),\n"
      "         lambda: b'[' * r.randrange(3000), lambda: b'', lambda: b'null',\n"
      "         lambda: b'{\"op\":\"ask\",\"count\":\"1\"}', lambda: b'{\"op\":\"\\xff\"}']\n"
      "for i in range(100000):\n"
      "    if i % 10000 == 0:\n"
      "        out.write(b'{\"op\":\"ask\"}\\n')\n"
      "    out.write(r.choice(kinds)() + b'\\n')\n"
      "for _ in range(30):\n"
      "    out.write(b'x' * 1000000)\n"
      "out.write(b'\\n{\"op\":\"pending\"}\\n')\n");
  const auto ended =
      folder.shell("python3 garbage.py | (ulimit -v 600000; $HPO ask-tell t.yaml --memory)");
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto lines = ended.lines();
  ASSERT_EQ(lines.size(), 100'012U);
  EXPECT_EQ(json::parse(lines.back())["pending"].size(), 10U);
  int errors = 0;
  for (const auto& line : lines) errors += json::parse(line).contains("error") ? 1 : 0;
  EXPECT_EQ(errors, 100'001);
}

TEST_F(AskTellProgram, KeepsWhatWasAskedOverAKill) {
  const auto ended = folder.shell(
      "mkfifo in out\n"
      "$HPO ask-tell t.yaml < in > out 2> err & pid=$!\n"
      "exec 3> in 4< out\n"
      "echo '{\"op\":\"ask\",\"count\":2}' >&3\n"
      "read -r first <&4; read -r second <&4\n"
      "echo '{\"op\":\"tell\",\"number\":0,\"value\":3}' >&3\n"
      "read -r told <&4\n"
      "$HPO ask-tell t.yaml < /dev/null 2> held; echo \"code $?\"\n"
      "kill -9 $pid; wait $pid\n"
      "echo \"$second\"\n"
      "echo '{\"op\":\"pending\"}' | $HPO ask-tell t.yaml");
  const auto lines = ended.lines();
  ASSERT_EQ(lines.size(), 3U) << ended.out << ended.err;
  EXPECT_EQ(lines[0], "code 4");
  EXPECT_THAT(folder.read("held"), HasSubstr("held by process"));
  EXPECT_EQ(lines[2], "{\"pending\":[" + lines[1] + "]}");
  EXPECT_THAT(ended.err, HasSubstr("1 told, 1 pending"));
}

TEST_F(AskTellProgram, ReadsOnlyWhatItNeedsOfTheFile) {
  folder.write("t.yaml", std::string(kStudy) +
                             "limits: nonsense\ntrial: {command: [no-such-program]}\n"
                             "resources: {gpus: 9}\nkeep: 3\nexport: {to: /no/such/folder/m}\n"
                             "sagemaker: {role: x}\n");
  EXPECT_EQ(talk("{\"op\":\"ask\"}\n", "--memory").lines().size(), 1U);
  folder.write("t.yaml", std::string(kStudy) + "storag: x.db\n");
  const auto misspelt = talk("", "--memory");
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("did you mean \"storage\"?"));
}

TEST_F(AskTellProgram, TakesAStorageAndSets) {
  const auto ended = talk("{\"op\":\"ask\"}\n",
                          "--storage other.db --set parameters.x.min=0.5 --set strategy.seed=9");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_GE(json::parse(ended.lines().at(0))["parameters"]["x"].get<double>(), 0.5);
  const auto status = folder.hpo({"status", "--storage", "other.db", "--json"}).json();
  EXPECT_EQ(status["counts"]["running"], 1) << status;
}

TEST_F(AskTellProgram, LeavesStudiesAloneThatRunPrograms) {
  folder.write("run.yaml", branin_file("{trials: 1}"));
  ASSERT_EQ(folder.hpo({"run", "run.yaml"}).code, 0);
  const auto ended = folder.shell("$HPO ask-tell run.yaml < /dev/null");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("tunes something else"));
}

TEST_F(AskTellProgram, EndsWhenNobodyReadsItsAnswers) {
  const auto ended = folder.shell(
      "echo '{\"op\":\"ask\",\"count\":100000}' | $HPO ask-tell t.yaml --memory | head -n 1");
  EXPECT_EQ(ended.lines().size(), 1U);
}

TEST_F(AskTellProgram, ServesAPythonProgram) {
  std::filesystem::copy(std::filesystem::path(source_dir()) / "examples/ask_tell", folder.path());
  const auto ended = folder.shell("PATH=" + bin_dir() + ":\"$PATH\" python3 tune.py");
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("'layers': 3"));
}

}  // namespace
}  // namespace hpo::cli
