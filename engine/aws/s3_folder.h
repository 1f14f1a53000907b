#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>

#include "engine/aws/s3.h"

namespace hpo::aws {

/// A folder's files as they are uploaded: their relative names, in order, and a hash over names and
/// contents.
struct FolderContent {
  struct File {
    std::string name = {};
    std::int64_t size = 0;
  };
  std::vector<File> files = {};
  std::string hash = {};  ///< 64 hexadecimal digits
};

/// Errors: environment (a file that cannot be read); usage (no file in it).
Result<FolderContent> read_folder(const std::filesystem::path& folder);

/// Uploads a folder once for its content: to `<base>/<hash>/`, which is returned, and which is then
/// complete. What an interrupted upload left is used.
boost::asio::awaitable<Result<S3Uri>> upload_folder(S3& s3, std::filesystem::path folder,
                                                    S3Uri base);

/// Fetches all objects below the prefix into the folder, by their names behind the prefix.
boost::asio::awaitable<Result<void>> download_folder(S3& s3, S3Uri prefix,
                                                     std::filesystem::path folder);

}  // namespace hpo::aws
