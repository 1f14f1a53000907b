#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "objectives/error.h"
#include "trainers/images/image_folder.h"

namespace hpo {

/// What `hpo prepare SOURCE --out DIR` is asked to do.
struct PrepareOptions {
  std::filesystem::path source = {};      ///< a CUB-200-2011 folder, or one with a folder per class
  std::filesystem::path out = {};         ///< must not exist or be empty
  std::vector<std::string> classes = {};  ///< all where empty; `013.Bobolink` or `bobolink`
  std::vector<std::string> exclude = {};  ///< left out of those
  double validation = 0.2;                ///< of the training photos of each class, in [0, 1)
  /// Of the photos of each class, in [0, 1); 0.2 unless given. Only where the source has no split
  /// of its own.
  std::optional<double> test = {};
  std::uint64_t seed = 0;
};

/// What `hpo prepare --synthetic --out DIR` is asked to do.
struct SyntheticOptions {
  std::filesystem::path out = {};
  int species = 6;  ///< 2 to 40
  int images = 40;  ///< per species, before the split; 1 to 10000
  double validation = 0.2;
  double test = 0.2;
  std::uint64_t seed = 0;
};

/// Photos of one class in each channel.
struct ClassCounts {
  std::string name = {};
  int train = 0;
  int validation = 0;
  int test = 0;
};

/// What was made, for printing.
struct PrepareSummary {
  std::string source = {};  ///< `CUB-200-2011`, `class folders` or `synthetic`
  std::vector<ClassCounts> classes = {};
  std::vector<SkippedFile> skipped = {};  ///< photos left out, with reasons
};

/// Makes OUT/{train,validation,test}/<class>/*.jpg; a channel whose fraction is 0 is not made.
///
/// A CUB-200-2011 folder keeps its own test split. Everything else is split class by class, which
/// depends only on the class's paths and the seed, not on the other classes. Photos are hard links
/// where the file system allows, else copies; the source is never changed. OUT appears only when
/// it is complete. Error: usage (also an unknown class, with the nearest one), not_found,
/// environment, corrupt (CUB's lists), held (another `prepare` writes to OUT).
Result<PrepareSummary> prepare_channels(const PrepareOptions& options);

/// The same of drawn birds: equal options give equal bytes.
Result<PrepareSummary> prepare_synthetic(const SyntheticOptions& options);

}  // namespace hpo
