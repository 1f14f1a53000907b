#include "engine/cli/remote_model.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <fstream>
#include <limits>

#include "engine/aws/s3_transfer.h"
#include "storage/package_archive.h"

namespace hpo::cli {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// A bucket is found from any region.
constexpr const char* kAnyRegion = "us-east-1";

Result<void> download(const std::string& uri, const fs::path& file) {
  auto from = aws::parse_s3_uri(uri);
  if (!from) return from.error();
  auto settings = aws::load_settings(aws::process_variables());
  if (!settings) return settings.error();
  if (settings->region.empty()) settings->region = kAnyRegion;
  asio::io_context io(1);
  aws::Client client(io.get_executor(), *settings, aws::retry_options(*settings));
  aws::S3 s3(client);
  Result<void> outcome;
  asio::co_spawn(io, aws::download_file(s3, *std::move(from), file),
                 [&](const std::exception_ptr& thrown, Result<void> done) {
                   if (thrown) std::rethrow_exception(thrown);
                   outcome = std::move(done);
                 });
  io.run();
  return outcome;
}

Result<void> write_entry(PackageReader& reader, const PackageEntry& entry, const fs::path& folder) {
  const fs::path file = folder / entry.name;
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  std::ofstream out(file, std::ios::binary);
  const auto append = [&](std::string_view bytes) -> Result<void> {
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (out) return {};
    return Error{.code = ErrorCode::environment,
                 .message = fmt::format("cannot write {}", file.string()),
                 .hint = "is the disk full?"};
  };
  if (auto read = reader.read(std::numeric_limits<std::int64_t>::max(), append); !read) return read;
  return append({});
}

}  // namespace

Result<void> fetch_model(const std::string& uri, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  const fs::path package = folder.string() + ".tar.gz";
  if (auto got = download(uri, package); !got) return got;
  auto reader = PackageReader::open(package);
  if (!reader) return reader.error();
  for (PackageEntry entry;;) {
    const auto more = reader->next(entry);
    if (!more) return more.error();
    if (!*more) return {};
    if (auto written = write_entry(*reader, entry, folder); !written) return written;
  }
}

}  // namespace hpo::cli
