#include "engine/execution/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "engine/supervisor/records.h"
#include "objectives/descriptor.h"

namespace hpo::execution {
namespace {

namespace fs = std::filesystem;

/// Length of the well-formed UTF-8 character at the front; 0 where there is none.
std::size_t character_length(std::string_view bytes) {
  const auto at = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U;
  };
  const unsigned first = at(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0U) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  const unsigned second = at(1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return length;
}

bool is_control(unsigned char c) { return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F; }

}  // namespace

const char* hint_for(int error) {
  if (error == ENOSPC || error == EDQUOT) return "free some space, then run again";
  if (error == EMFILE || error == ENFILE) {
    return "raise the limit of open files (ulimit -n), or let fewer trials run in parallel";
  }
  if (error == EAGAIN || error == ENOMEM) {
    return "let fewer trials run in parallel: memory or the limit of processes (ulimit -u) is used "
           "up";
  }
  return "";
}

Error write_error(const fs::path& file, int error) {
  const bool is_refused = error == EROFS || error == EACCES || error == EPERM;
  return {.code = ErrorCode::environment,
          .message = fmt::format("cannot write {}: {}", file.string(), std::strerror(error)),
          .hint = is_refused ? "trial folders lie beside the storage file: let it be in a folder "
                               "that can be written"
                             : hint_for(error)};
}

Result<void> write_file(const fs::path& file, std::string_view text) {
  const fs::path part = file.string() + ".part";
  const Descriptor descriptor(open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!descriptor) return write_error(file, errno);
  if (const int error = supervision::write_all(descriptor.get(), text)) {
    return write_error(file, error);
  }
  if (std::rename(part.c_str(), file.c_str()) != 0) return write_error(file, errno);
  return {};
}

Result<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return write_error(folder, error.value());
  return {};
}

Result<void> make_link(const fs::path& link, const fs::path& target) {
  std::error_code error;
  if (fs::read_symlink(link, error) == target && !error) return {};
  const fs::path part = link.string() + ".part";
  fs::remove(part, error);
  fs::create_symlink(target, part, error);
  if (!error) fs::rename(part, link, error);
  if (error) return write_error(link, error.value());
  return {};
}

Result<fs::path> helper_program(const char* name, const char* variable) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nobody sets it
  const char* const given = std::getenv(variable);
  std::error_code error;
  const fs::path program = given != nullptr
                               ? fs::absolute(given, error)
                               : fs::read_symlink("/proc/self/exe", error).parent_path() / name;
  if (access(program.c_str(), X_OK) == 0) return program;
  return Error{.code = ErrorCode::environment,
               .message = fmt::format("there is no program {}", program.string()),
               .hint = fmt::format("{} belongs beside the program that runs; {}=FILE names another",
                                   name, variable)};
}

std::string tail_of(const fs::path& file, std::size_t most) {
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!descriptor) return {};
  const off_t size = lseek(descriptor.get(), 0, SEEK_END);
  const off_t begin = std::max<off_t>(0, size - static_cast<off_t>(most));
  if (lseek(descriptor.get(), begin, SEEK_SET) != begin) return {};
  std::string bytes(most, '\0');
  std::size_t length = 0;
  while (length < most) {
    const ssize_t got = read(descriptor.get(), bytes.data() + length, most - length);
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  bytes.resize(length);
  return bytes;
}

std::string printable(std::string_view bytes) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    if (length == 0 || is_control(static_cast<unsigned char>(bytes[0]))) {
      if (!text.ends_with(kReplacement)) text += kReplacement;
    } else {
      text += bytes.substr(0, length);
    }
    bytes.remove_prefix(std::max<std::size_t>(1, length));
  }
  return text;
}

}  // namespace hpo::execution
