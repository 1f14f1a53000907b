// The command line itself: help, errors, exit codes, output that cannot be written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/cli/hpo_program.h"

namespace hpo::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(CommandLine, SaysItsVersion) {
  const TestFolder folder;
  const auto text = folder.hpo({"--version"});
  EXPECT_EQ(text.code, 0);
  EXPECT_THAT(text.out, testing::StartsWith("hpo 0."));
  const auto json = folder.hpo({"--version", "--json"}).json();
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_TRUE(json["version"].is_string());
}

TEST(CommandLine, HelpNamesEveryVerbWithExamples) {
  const TestFolder folder;
  const auto help = folder.hpo({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const auto* verb : {"run", "validate", "studies", "status", "trials", "show", "best", "logs",
                           "compare", "stop", "delete", "prepare", "export", "predict", "evaluate",
                           "serve", "train", "doctor", "completion"}) {
    EXPECT_THAT(help.out, HasSubstr(std::string("  ") + verb + " ")) << verb;
  }
  for (const auto* verb : {"run", "trials", "logs", "export", "prepare", "train"}) {
    const auto own = folder.hpo({verb, "--help"});
    EXPECT_EQ(own.code, 0);
    EXPECT_THAT(own.out, AllOf(HasSubstr("Usage: hpo "), HasSubstr("Examples:")));
  }
  EXPECT_EQ(folder.hpo({"help", "run"}).out, folder.hpo({"run", "--help"}).out);
}

TEST(CommandLine, WithoutAVerbShowsTheHelp) {
  const TestFolder folder;
  const auto ended = folder.hpo({});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("Usage: hpo"));
}

TEST(CommandLine, GuessesWhatWasMeant) {
  const TestFolder folder;
  const auto verb = folder.hpo({"statsu"});
  EXPECT_EQ(verb.code, 2);
  EXPECT_THAT(verb.err, AllOf(HasSubstr("unknown command \"statsu\""), HasSubstr("\"status\"")));
  const auto flag = folder.hpo({"trials", "--sotr", "value"});
  EXPECT_EQ(flag.code, 2);
  EXPECT_THAT(flag.err, AllOf(HasSubstr("--sotr"), HasSubstr("--sort")));
}

TEST(CommandLine, ErrorsAreJsonWhereThatIsAskedFor) {
  const TestFolder folder;
  const auto ended = folder.hpo({"status", "--json"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_EQ(ended.err, "");
  const auto error = ended.json()["error"];
  EXPECT_EQ(error["code"], "not_found");
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("hpo.db"));
  EXPECT_TRUE(error["file"].is_null());
  const auto parse = folder.hpo({"status", "--nonsense", "--format", "json"});
  EXPECT_EQ(parse.code, 2);
  EXPECT_EQ(parse.json()["error"]["code"], "usage");
}

TEST(CommandLine, FileErrorsInJsonHaveTheirPlace) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file("{trilas: 8, parallel: 0}"));
  const auto ended = folder.hpo({"run", "t.yaml", "--json"});
  EXPECT_EQ(ended.code, 2);
  const auto error = ended.json()["error"];
  EXPECT_EQ(error["line"], 7);
  EXPECT_EQ(error["column"], 10);
  EXPECT_THAT(error["file"].get<std::string>(), HasSubstr("t.yaml"));
  EXPECT_GE(error["errors"].size(), 2U);
}

TEST(CommandLine, SaysHowToPointToAStorage) {
  const TestFolder folder;
  folder.write("other.db", "");
  const auto ended = folder.hpo({"studies"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("no storage hpo.db"), HasSubstr("--storage other.db")));
}

TEST(CommandLine, ADiskThatIsFullIsNoSuccess) {
  const TestFolder folder;
  const auto ended = folder.shell("\"$HPO\" --help > /dev/full");
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("No space left"));
  folder.write("t.yaml", branin_file());
  EXPECT_EQ(folder.shell("\"$HPO\" run t.yaml > /dev/full").code, 3);
  EXPECT_EQ(folder.hpo({"status", "--json"}).json()["state"], "finished");
  EXPECT_EQ(folder.shell("\"$HPO\" status > /dev/full").code, 3);
}

TEST(CommandLine, AReaderThatGoesAwayIsNoError) {
  const TestFolder folder;
  const auto ended =
      folder.shell("for i in 1 2 3; do \"$HPO\" --help; done | head -n 1; echo done >&2");
  EXPECT_EQ(ended.err, "done\n");
  EXPECT_EQ(ended.lines().size(), 1U);
}

TEST(CommandLine, CorruptAndForeignFilesAreNamed) {
  const TestFolder folder;
  folder.write("hpo.db", std::string(5000, 'x'));
  const auto ended = folder.hpo({"studies"});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, HasSubstr("hpo.db"));
}

TEST(Completion, ScriptsNameVerbsAndOptions) {
  const TestFolder folder;
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto ended = folder.hpo({"completion", shell});
    EXPECT_EQ(ended.code, 0);
    for (const auto* word : {"status", "trials", "compare", "doctor"}) {
      EXPECT_THAT(ended.out, HasSubstr(word)) << shell;
    }
    folder.write(shell, ended.out);
  }
  EXPECT_THAT(folder.read("bash"), HasSubstr("--dry-run"));
  EXPECT_EQ(folder.hpo({"completion", "tcsh"}).code, 2);
}

TEST(Completion, BashCompletesVerbsOptionsAndStudies) {
  const TestFolder folder;
  folder.write("t.yaml", branin_file());
  ASSERT_EQ(folder.hpo({"run", "t.yaml"}).code, 0);
  folder.write("c.bash", folder.hpo({"completion", "bash"}).out);
  folder.write("try.bash",
               "hpo() { \"$HPO\" \"$@\"; }\n. ./c.bash\n"
               "complete_words() { COMP_WORDS=(hpo \"$@\"); COMP_CWORD=$#; _hpo; "
               "echo \"${COMPREPLY[*]}\"; }\n"
               "complete_words stat\ncomplete_words trials --so\ncomplete_words status bra\n");
  const auto ended = folder.shell("bash -n c.bash && bash try.bash");
  EXPECT_EQ(ended.out, "status\n--sort\nbranin\n") << ended.err;
}

TEST(ModelVerbs, SayWhatIsMissing) {
  const TestFolder folder;
  const auto ended =
      folder.hpo({"predict", "m.tar.gz", "photos"}, {{"HPO_MODEL_PROGRAM", "/nowhere/hpo-model"}});
  EXPECT_EQ(ended.code, 3);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("/nowhere/hpo-model"), HasSubstr("libtorch")));
}

TEST(ModelVerbs, HandEveryWordToTheModelProgram) {
  const TestFolder folder;
  folder.write("model", "#!/bin/sh\necho \"$@\"\nexit 7\n");
  std::filesystem::permissions(folder / "model", std::filesystem::perms::owner_all);
  const Environment environment = {{"HPO_MODEL_PROGRAM", (folder / "model").string()}};
  const auto ended = folder.hpo({"evaluate", "m", "--format", "json", "-x"}, environment);
  EXPECT_EQ(ended.code, 7);
  EXPECT_EQ(ended.out, "evaluate m --format json -x\n");
  EXPECT_EQ(folder.hpo({"train"}, environment).out, "train\n");
}

}  // namespace
}  // namespace hpo::cli
