// The manual page, what an installation holds, and the schema's verb.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/cli/command_line.h"
#include "tests/cli/hpo_program.h"
#include "tests/support/paths.h"

namespace hpo::cli {
namespace {

using testing::HasSubstr;

TEST(ManualPage, HoldsEveryVerbWithItsOptions) {
  const TestFolder folder;
  const auto page = folder.hpo({"help", "--man"});
  ASSERT_EQ(page.code, 0) << page.err;
  EXPECT_EQ(folder.hpo({"--man"}).out, page.out);
  for (const auto& verb : all_verbs()) {
    std::string name = verb.name;
    if (const auto dash = name.find('-'); dash != std::string::npos) name.insert(dash, "\\");
    EXPECT_THAT(page.out, HasSubstr(".SS \"hpo " + name)) << name;
  }
  for (const auto* part : {"\\-\\-dry\\-run", "\\-o, \\-\\-out FILE.tar.gz", ".SH EXIT STATUS",
                           ".B 130, 143", ".SH FILES", ".SH ENVIRONMENT", ".B HPO_STORAGE"}) {
    EXPECT_THAT(page.out, HasSubstr(part));
  }
}

TEST(ManualPage, IsReadWithoutAWarning) {
  const TestFolder folder;
  folder.write("hpo.1", folder.hpo({"--man"}).out);
  const auto readers = folder.shell("command -v man && command -v mandoc");
  if (readers.code != 0) GTEST_SKIP() << "no man or no mandoc (scripts/setup)";
  const auto read = folder.shell("LC_ALL=C.UTF-8 MANWIDTH=90 man --warnings -l -Tutf8 ./hpo.1");
  EXPECT_EQ(read.code, 0);
  EXPECT_EQ(read.err, "");
  EXPECT_THAT(read.out, HasSubstr("hpo run tuning.yaml --dry-run"));
  EXPECT_THAT(read.out, HasSubstr("'{\"lr\": 0.01, \"optimizer\": \"adam\"}'"));
  const auto lint = folder.shell("mandoc -T lint -W error hpo.1");
  EXPECT_EQ(lint.code, 0) << lint.out;
}

TEST(Installation, HoldsTheProgramsAndTheManualPage) {
  const TestFolder folder;
  const auto installed = folder.shell("cmake --install '" + bin_dir() + "/..' --prefix usr");
  ASSERT_EQ(installed.code, 0) << installed.err;
  EXPECT_EQ(folder.shell("usr/bin/hpo --version").out, folder.hpo({"--version"}).out);
  EXPECT_EQ(folder.shell("test -x usr/bin/hpo-supervisor").code, 0);
  EXPECT_EQ(folder.read("usr/share/man/man1/hpo.1"), folder.hpo({"--man"}).out);
}

TEST(Schema, IsPrintedAsJson) {
  const TestFolder folder;
  const auto ended = folder.hpo({"schema"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.json()["$schema"], "https://json-schema.org/draft/2020-12/schema");
}

}  // namespace
}  // namespace hpo::cli
