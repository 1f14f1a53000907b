#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace hpo::test {

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Every regular file below a folder, by its name in it.
inline std::map<std::string, std::string> contents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[entry.path().lexically_relative(folder).generic_string()] = read_text(entry.path());
  }
  return files;
}

/// A small model's folder: weights, a file in a sub-folder, an empty one, a name that is not ASCII.
inline void write_model(const std::filesystem::path& folder) {
  std::string weights;
  for (int i = 0; i < 5'000; ++i) weights += static_cast<char>(i * i % 251);
  write_text(folder / "weights.safetensors", weights);
  write_text(folder / "code/inference.py", "print('bird')\n");
  write_text(folder / "empty", "");
  write_text(folder / "Eisvögel 鳥.txt", "Alcedo atthis");
}

}  // namespace hpo::test
