#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "objectives/error.h"

namespace hpo::batch {

/// A photo to predict.
struct Input {
  std::filesystem::path file = {};
  std::string name = {};  ///< of what is written about it, below the output folder: no `..`, no
                          ///< leading slash, with slashes

  bool operator==(const Input&) const = default;
};

/// The photos that the words of a command line mean, each once:
///
/// - a photo: named as its file;
/// - a folder: its .jpg, .jpeg and .png files at any depth, hidden ones left out; named from there;
/// - a pattern (`*`, `?`, `[...]`) that is no file: what it matches, folders as above; named from
///   the last folder above the first wildcard;
/// - a list (a file .txt, .list, .lst, .manifest, .json or .jsonl, or `-`: what `read_stdin`
///   answers): named as listed, an absolute path without its slash.
///
/// Files that are listed need not exist: whoever opens them says so. Errors: not_found; usage (no
/// photo, two photos of one name, a damaged list); environment.
Result<std::vector<Input>> find_inputs(const std::vector<std::string>& words,
                                       const std::function<std::string()>& read_stdin);

}  // namespace hpo::batch
