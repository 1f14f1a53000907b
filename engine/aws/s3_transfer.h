#pragma once

#include <boost/asio/awaitable.hpp>
#include <filesystem>

#include "engine/aws/s3.h"

namespace hpo::aws {

/// Uploads a file: in parts where it is large, some at once, in at most some 40 MB of memory. Parts
/// of an upload that failed are removed. Errors: environment.
boost::asio::awaitable<Result<void>> upload_file(S3& s3, std::filesystem::path file, S3Uri uri);

/// Downloads an object, in ranges where it is large; the file is there whole or not at all, and of
/// one version. Errors: not_found, environment.
boost::asio::awaitable<Result<void>> download_file(S3& s3, S3Uri uri, std::filesystem::path file);

}  // namespace hpo::aws
