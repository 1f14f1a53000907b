// Packages that are damaged, or made to do harm.

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "storage/model_package.h"
#include "tests/storage/model_files.h"
#include "tests/support/temp_folder.h"

namespace hpo::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

/// One entry of a hand-made archive.
struct Entry {
  std::string name = {};
  std::string content = {};
  unsigned type = AE_IFREG;
  std::string link = {};      ///< target of a symbolic link
  std::string hardlink = {};  ///< target of a hard one
};

void write_archive(const fs::path& file, const std::vector<Entry>& entries) {
  archive* out = archive_write_new();
  archive_write_set_format_pax_restricted(out);
  archive_write_add_filter_gzip(out);
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  for (const auto& entry : entries) {
    archive_entry* header = archive_entry_new();
    archive_entry_set_pathname(header, entry.name.c_str());
    archive_entry_set_filetype(header, entry.type);
    archive_entry_set_perm(header, 0644);
    archive_entry_set_size(header, static_cast<la_int64_t>(entry.content.size()));
    if (!entry.link.empty()) archive_entry_set_symlink(header, entry.link.c_str());
    if (!entry.hardlink.empty()) archive_entry_set_hardlink(header, entry.hardlink.c_str());
    ASSERT_EQ(archive_write_header(out, header), ARCHIVE_OK) << archive_error_string(out);
    archive_write_data(out, entry.content.data(), entry.content.size());
    archive_entry_free(header);
  }
  ASSERT_EQ(archive_write_close(out), ARCHIVE_OK);
  archive_write_free(out);
}

class ModelPackageFaults : public testing::Test {
 protected:
  /// A manifest that names these files rightly.
  Entry manifest_of(const std::vector<Entry>& files) {
    json sums = json::object();
    for (const auto& entry : files) {
      write_text(folder_ / "to_sum", entry.content);
      sums[entry.name] = {{"sha256", sha256_of_file(folder_ / "to_sum").value()},
                          {"bytes", entry.content.size()}};
    }
    return {.name = "manifest.json", .content = json{{"files", sums}}.dump()};
  }

  /// What extraction says of the package; it must leave nothing behind then.
  std::string fault() {
    const auto extracted = extract_model_package(package_, folder_ / "into");
    if (extracted) return "it was extracted";
    EXPECT_EQ(static_cast<int>(extracted.error().code), static_cast<int>(ErrorCode::corrupt));
    EXPECT_FALSE(extracted.error().hint.empty());
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      EXPECT_THAT(entry.path().filename(), testing::AnyOf("package.tar.gz", "to_sum"));
    }
    return extracted.error().message;
  }

  TempFolder folder_;
  fs::path package_ = folder_ / "package.tar.gz";
  Entry weights_{.name = "weights", .content = "0123456789"};
};

TEST_F(ModelPackageFaults, AcceptAPackageMadeByHand) {
  write_archive(package_, {{.name = "./", .type = AE_IFDIR},
                           {.name = "./weights", .content = weights_.content},
                           manifest_of({weights_})});
  ASSERT_TRUE(extract_model_package(package_, folder_ / "into"));
  EXPECT_EQ(read_text(folder_ / "into/weights"), weights_.content);
}

TEST_F(ModelPackageFaults, AcceptNamesOfAnyAlphabetInEveryTarFormat) {
  const Entry bird{.name = "Eisvögel 鳥/" + std::string(200, 'x'), .content = "Alcedo atthis"};
  const auto manifest = manifest_of({bird}).content;
  for (const std::string format : {"gnu", "pax"}) {
    write_text(folder_ / "made/manifest.json", manifest);
    write_text(folder_ / "made" / bird.name, bird.content);
    const auto command = "cd '" + (folder_ / "made").string() +
                         "' && LC_ALL=C.UTF-8 tar --format=" + format + " -czf '" +
                         package_.string() + "' .";
    ASSERT_EQ(std::system(command.c_str()), 0);
    const auto extracted = extract_model_package(package_, folder_ / "into");
    ASSERT_TRUE(extracted) << format << ": " << extracted.error().message;
    EXPECT_EQ(contents(folder_ / "into"), contents(folder_ / "made"));
    fs::remove_all(folder_ / "into");
  }
}

TEST_F(ModelPackageFaults, NamesThatLeadElsewhere) {
  for (const auto& name : {"../evil", "/tmp/evil", "a/../../evil", "a/b/.."}) {
    const Entry evil{.name = name, .content = "x"};
    write_archive(package_, {manifest_of({evil}), evil});
    EXPECT_THAT(fault(), HasSubstr("leads out of the package")) << name;
  }
}

TEST_F(ModelPackageFaults, LinksAndDevices) {
  const std::vector<Entry> evils = {{.name = "weights", .type = AE_IFLNK, .link = "/etc/passwd"},
                                    {.name = "weights", .hardlink = "/etc/passwd"},
                                    {.name = "weights", .type = AE_IFCHR},
                                    {.name = "weights", .type = AE_IFIFO}};
  for (const auto& evil : evils) {
    write_archive(package_, {manifest_of({weights_}), evil});
    EXPECT_THAT(fault(), HasSubstr("is a link or device")) << evil.type;
  }
}

TEST_F(ModelPackageFaults, FilesThatTheManifestDoesNotTell) {
  write_archive(package_, {manifest_of({weights_}), weights_, {.name = "more", .content = "x"}});
  EXPECT_THAT(fault(), HasSubstr("more is not in the manifest"));
  write_archive(package_, {manifest_of({weights_})});
  EXPECT_THAT(fault(), HasSubstr("weights is missing"));
  write_archive(package_, {manifest_of({weights_}), weights_, weights_});
  EXPECT_THAT(fault(), HasSubstr("weights is there twice"));
  write_archive(package_, {manifest_of({weights_}), {.name = "weights", .content = "9876543210"}});
  EXPECT_THAT(fault(), HasSubstr("weights is not what the manifest says"));
  write_archive(package_, {manifest_of({weights_}), {.name = "weights", .content = "0123"}});
  EXPECT_THAT(fault(), HasSubstr("weights is not what the manifest says"));
  write_archive(package_,
                {manifest_of({weights_}), {.name = "weights", .content = std::string(9999, 'x')}});
  EXPECT_THAT(fault(), HasSubstr("larger than it should be"));
}

TEST_F(ModelPackageFaults, ManifestsThatAreNone) {
  write_archive(package_, {weights_});
  EXPECT_THAT(fault(), HasSubstr("has no manifest.json"));
  write_archive(package_, {{.name = "manifest.json", .content = "{"}, weights_});
  EXPECT_THAT(fault(), HasSubstr("is not JSON"));
  write_archive(package_, {{.name = "manifest.json", .content = R"({"files":{"a":1}})"}});
  EXPECT_THAT(fault(), HasSubstr("no valid \"files\""));
  write_archive(package_,
                {{.name = "manifest.json", .content = std::string((16U << 20U) + 1, ' ')}});
  EXPECT_THAT(fault(), HasSubstr("larger than it should be"));
}

TEST_F(ModelPackageFaults, FilesThatAreNoPackages) {
  write_text(package_, "a text");
  EXPECT_THAT(fault(), HasSubstr("no gzipped tar archive"));
  write_text(package_, "");
  EXPECT_THAT(fault(), HasSubstr("package.tar.gz"));
  const auto missing = extract_model_package(folder_ / "none", folder_ / "into");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
}

TEST_F(ModelPackageFaults, AFolderThatHoldsSomethingIsLeftAlone) {
  write_archive(package_, {manifest_of({weights_}), weights_});
  write_text(folder_ / "into/kept", "kept");
  const auto refused = extract_model_package(package_, folder_ / "into");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_EQ(contents(folder_ / "into").size(), 1U);
}

TEST_F(ModelPackageFaults, AnyFlippedByteIsFoundOrHarmless) {
  write_model(folder_ / "model");
  ASSERT_TRUE(write_model_package(folder_ / "model", {{"study", "birds"}}, package_));
  fs::remove_all(folder_ / "model");
  ASSERT_TRUE(extract_model_package(package_, folder_ / "intact"));
  const auto intact = contents(folder_ / "intact");
  fs::remove_all(folder_ / "intact");
  const auto bytes = read_text(package_);
  int found = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    auto flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    write_text(package_, flipped);
    const auto extracted = extract_model_package(package_, folder_ / "into");
    if (extracted) {
      EXPECT_EQ(contents(folder_ / "into"), intact) << "byte " << at;
      fs::remove_all(folder_ / "into");
    } else {
      EXPECT_EQ(static_cast<int>(extracted.error().code), static_cast<int>(ErrorCode::corrupt));
      ++found;
    }
  }
  EXPECT_GT(found, static_cast<int>(bytes.size() / 7) / 2);
}

TEST_F(ModelPackageFaults, ATruncatedPackageIsFoundOrWhole) {
  write_model(folder_ / "model");
  ASSERT_TRUE(write_model_package(folder_ / "model", {}, package_));
  fs::remove_all(folder_ / "model");
  const auto bytes = read_text(package_);
  // The last bytes are padding and gzip's own trailer, which the sums make needless.
  for (std::size_t length = 0; length + 64 < bytes.size(); length += 97) {
    write_text(package_, bytes.substr(0, length));
    EXPECT_THAT(fault(), HasSubstr("package.tar.gz")) << length;
  }
}

}  // namespace
}  // namespace hpo::test
