#include "engine/aws/s3_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "engine/aws/s3_transfer.h"
#include "engine/aws/together.h"
#include "objectives/sha256.h"

namespace hpo::aws {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

/// Small files travel one by one; more at once do not make a slow line faster.
constexpr int kFilesAtOnce = 8;

Error folder_error(const fs::path& path, const std::string& why) {
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot read {}: {}", path.string(), why),
          .hint = "check its permissions"};
}

Result<std::string> file_hash(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return folder_error(file, std::strerror(errno));
  Sha256 hash;
  std::vector<char> bytes(256 << 10);
  while (in) {
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    hash.update({bytes.data(), static_cast<std::size_t>(in.gcount())});
  }
  if (in.bad()) return folder_error(file, std::strerror(errno));
  return hex(hash.digest());
}

/// Whether a name leads out of the folder it is to be put into.
bool leads_out(const fs::path& name) {
  return name.is_absolute() || std::find(name.begin(), name.end(), fs::path("..")) != name.end();
}

}  // namespace

Result<FolderContent> read_folder(const fs::path& folder) {
  FolderContent content;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(
      folder, fs::directory_options::follow_directory_symlink, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_regular_file(error) || error) continue;
    content.files.push_back({.name = entry->path().lexically_relative(folder).generic_string(),
                             .size = static_cast<std::int64_t>(entry->file_size(error))});
  }
  if (error) return folder_error(folder, error.message());
  if (content.files.empty()) {
    return Error{.message = folder.string() + " holds no file",
                 .hint = "a channel needs at least one"};
  }
  std::sort(content.files.begin(), content.files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  Sha256 all;
  for (const auto& file : content.files) {
    const auto hash = file_hash(folder / file.name);
    if (!hash) return hash.error();
    all.update(fmt::format("{} {}\n", *hash, file.name));
  }
  content.hash = hex(all.digest());
  return content;
}

asio::awaitable<Result<S3Uri>> upload_folder(S3& s3, fs::path folder, S3Uri base) {
  const auto content = read_folder(folder);
  if (!content) co_return content.error();
  const S3Uri target = base / (content->hash + "/");
  // Beside the folder, not in it: a channel gets every object whose key begins like its prefix.
  const S3Uri mark = base / (content->hash + ".complete");
  const auto is_complete = co_await s3.head(mark);
  if (!is_complete) co_return is_complete.error();
  if (*is_complete) co_return target;
  const auto there = co_await s3.list(target);
  if (!there) co_return there.error();
  std::map<std::string, std::int64_t> sizes;
  for (const auto& object : *there) sizes[object.key] = object.size;
  EachFn upload = [&](std::size_t index) -> asio::awaitable<Result<void>> {
    const auto& file = content->files[index];
    S3Uri uri = target / file.name;
    const auto known = sizes.find(uri.key);
    if (known != sizes.end() && known->second == file.size) co_return Result<void>();
    fs::path path = folder / file.name;
    co_return co_await upload_file(s3, std::move(path), std::move(uri));
  };
  const auto done = co_await for_each_together(content->files.size(), kFilesAtOnce, upload);
  if (!done) co_return done.error();
  std::string text = fmt::format("{} files\n", content->files.size());
  const PutOptions options{.content_type = "text/plain"};
  const auto marked = co_await s3.put(mark, std::move(text), options);
  if (!marked) co_return marked.error();
  co_return target;
}

asio::awaitable<Result<void>> download_folder(S3& s3, S3Uri prefix, fs::path folder) {
  if (!prefix.key.empty() && !prefix.key.ends_with('/')) prefix.key += '/';
  const auto objects = co_await s3.list(prefix);
  if (!objects) co_return objects.error();
  EachFn fetch = [&](std::size_t index) -> asio::awaitable<Result<void>> {
    const std::string& key = (*objects)[index].key;
    const fs::path name = key.substr(prefix.key.size());
    if (name.empty() || key.ends_with('/')) co_return Result<void>();  // a folder's own mark
    if (leads_out(name)) {
      co_return Error{
          .code = ErrorCode::corrupt,
          .message = fmt::format("s3://{}/{} leads out of {}", prefix.bucket, key, folder.string()),
          .hint = "rename the object"};
    }
    std::error_code error;
    fs::create_directories((folder / name).parent_path(), error);
    if (error) co_return folder_error(folder, error.message());
    S3Uri uri{.bucket = prefix.bucket, .key = key};
    fs::path file = folder / name;
    co_return co_await download_file(s3, std::move(uri), std::move(file));
  };
  co_return co_await for_each_together(objects->size(), kFilesAtOnce, fetch);
}

}  // namespace hpo::aws
