// The arrows between the folders, as data: a new one is a deliberate one-line change here.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace {

namespace fs = std::filesystem;

/// Folder → folders whose headers it may include (besides its own).
const std::map<std::string, std::set<std::string>> kArrows = {
    {"objectives", {}},
    {"bayesopt", {"objectives"}},
    {"storage", {"objectives"}},
    {"trainers/images", {"objectives"}},
    {"trainers", {"objectives", "trainers/images"}},
    {"trainers/batch", {"objectives", "trainers", "trainers/images"}},
    {"trainers/serving", {"objectives", "trainers", "trainers/images"}},
    {"trainers/cli",
     {"objectives", "storage", "trainers", "trainers/batch", "trainers/images",
      "trainers/serving"}},
    {"engine", {"objectives", "bayesopt", "storage", "engine/supervisor", "engine/aws"}},
    {"engine/aws", {"objectives"}},
    {"engine/supervisor", {}},
    {"engine/cli",
     {"objectives", "bayesopt", "storage", "trainers/images", "engine", "engine/aws"}},
};

/// A heavy header's first characters → the only folders that may include it.
const std::map<std::string, std::set<std::string>> kOwners = {
    {"torch/", {"trainers"}},
    {"ATen/", {"trainers"}},
    {"c10/", {"trainers"}},
    {"Eigen/", {"bayesopt"}},
    {"sqlite3.h", {"storage"}},
    {"archive", {"storage"}},
    {"boost/asio", {"engine", "engine/cli", "engine/aws", "trainers/serving"}},
    {"boost/beast", {"trainers/serving"}},
    {"curl/", {"engine/aws"}},
    {"yaml-cpp/", {"engine"}},
    {"re2/", {"engine"}},
    {"turbojpeg.h", {"trainers/images"}},
    {"png.h", {"trainers/images"}},
    {"CLI/", {"engine/cli", "trainers/cli"}},
};

/// Heavy headers that no header of the project may include.
const std::vector<std::string> kNeverInHeaders = {
    "torch/torch.h", "nlohmann/json.hpp", "boost/asio.hpp", "yaml-cpp/", "CLI/",
    "re2/",          "sqlite3.h"};

/// Extensions of data, which no one reads line by line.
const std::set<std::string> kNotWritten = {".json", ".txt", ".xz", ".pyc", ".png"};

const std::string kFolders[] = {"objectives", "bayesopt", "storage", "trainers", "engine"};

std::string room_of(const fs::path& file) {
  const std::string folder = file.parent_path().generic_string();
  return kArrows.contains(folder) ? folder : folder.substr(0, folder.find('/'));
}

struct Include {
  fs::path file;
  std::string header;
};

std::vector<Include> all_includes() {
  std::vector<Include> includes;
  const fs::path root = hpo::source_dir();
  for (const auto& folder : kFolders) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("#include ")) continue;
        const auto begin = line.find_first_of("<\"") + 1;
        const auto end = line.find_first_of(">\"", begin);
        includes.push_back(
            {entry.path().lexically_relative(root), line.substr(begin, end - begin)});
      }
    }
  }
  return includes;
}

TEST(Architecture, ArrowsBetweenFoldersPointOneWay) {
  const auto includes = all_includes();
  ASSERT_GT(includes.size(), 50U);
  for (const auto& [file, header] : includes) {
    const std::string from = room_of(file);
    if (!fs::exists(fs::path(hpo::source_dir()) / header)) continue;
    const std::string to = room_of(header);
    const bool allowed = from == to || kArrows.at(from).contains(to);
    EXPECT_TRUE(allowed) << file << " includes " << header;
  }
}

TEST(Architecture, HeavyHeadersStayWithTheirOwners) {
  for (const auto& [file, header] : all_includes()) {
    for (const auto& [prefix, owners] : kOwners) {
      if (!header.starts_with(prefix)) continue;
      EXPECT_TRUE(owners.contains(room_of(file))) << file << " includes " << header;
    }
    if (file.extension() != ".h") continue;
    for (const auto& heavy : kNeverInHeaders) {
      EXPECT_FALSE(header.starts_with(heavy)) << file << " includes " << header;
    }
  }
}

TEST(Architecture, FilesStayUnderFourHundredLines) {
  const fs::path root = hpo::source_dir();
  for (const auto& folder : {"objectives", "bayesopt", "storage", "trainers", "engine", "examples",
                             "tests", "scripts"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      if (!entry.is_regular_file() || kNotWritten.contains(extension)) continue;
      std::ifstream in(entry.path());
      int lines = 0;
      for (std::string line; std::getline(in, line);) ++lines;
      EXPECT_LE(lines, 400) << entry.path();
    }
  }
}

}  // namespace
