#include "engine/cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/cli/terminal.h"
#include "objectives/glyphs.h"

namespace hpo::cli {
namespace {

using nlohmann::ordered_json;

/// The errno of the first write to stdout that failed; 0 while none has. The process has one
/// stdout, so this is one fact of the process.
int output_error = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

const char* name_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::exhausted:
      return "exhausted";
    case ErrorCode::environment:
      return "environment";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::newer_version:
      return "newer_version";
    case ErrorCode::held:
      return "held";
    case ErrorCode::numerical:
      return "numerical";
  }
  return "usage";
}

int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
    case ErrorCode::not_found:
    case ErrorCode::exhausted:
      return kUsage;
    case ErrorCode::environment:
    case ErrorCode::corrupt:
    case ErrorCode::newer_version:
    case ErrorCode::numerical:
      return kEnvironment;
    case ErrorCode::held:
      return kHeld;
  }
  return kUsage;
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json count_or_null(int count) { return count > 0 ? ordered_json(count) : ordered_json(); }

ordered_json error_json(const Diagnostic& d, const char* code) {
  return {{"code", code},
          {"message", d.message},
          {"file", text_or_null(d.file)},
          {"line", count_or_null(d.line)},
          {"column", count_or_null(d.column)},
          {"hint", text_or_null(d.hint)}};
}

}  // namespace

void print(std::string_view text) {
  if (output_error != 0) return;
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) output_error = errno;
}

void flush_output() {
  if (output_error == 0 && std::fflush(stdout) != 0) output_error = errno;
}

void print_json(const ordered_json& value) {
  print(value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void note(std::string_view line) {
  const std::string text = std::string(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void suggest(Format format, std::string_view command) {
  if (format != Format::table) return;
  flush_output();
  const bool is_coloured = is_lively(STDERR_FILENO);
  note(fmt::format("{}next: {}{}", is_coloured ? "\033[2m" : "", command,
                   is_coloured ? "\033[0m" : ""));
}

int fail(const Error& error, Format format) {
  if (format == Format::json) {
    const Diagnostic d{.message = error.message, .hint = error.hint};
    print_json({{"error", error_json(d, name_of(error.code))}});
  } else {
    flush_output();
    note(fmt::format("hpo: {}", printable_lines(error.message)));
    if (!error.hint.empty()) note(fmt::format("  hint: {}", printable_lines(error.hint)));
  }
  return exit_code(error.code);
}

int fail(const std::vector<Diagnostic>& errors, Format format) {
  if (format == Format::json && !errors.empty()) {
    ordered_json first = error_json(errors.front(), "usage");
    for (const auto& d : errors) first["errors"].push_back(error_json(d, "usage"));
    print_json({{"error", std::move(first)}});
    return kUsage;
  }
  for (const auto& d : errors) note(render(d));
  if (errors.size() > 1) note(fmt::format("{} errors", errors.size()));
  return kUsage;
}

void note_advice(const std::vector<Diagnostic>& advice) {
  for (auto d : advice) {
    d.message = "advice: " + d.message;
    note(render(d));
  }
}

bool is_output_closed() { return output_error == EPIPE; }

int finish_output(int code) {
  flush_output();
  if (output_error == 0 || output_error == EPIPE) return code;
  note(fmt::format("hpo: cannot write the output: {}", std::strerror(output_error)));
  return kEnvironment;
}

}  // namespace hpo::cli
