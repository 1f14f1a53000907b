#pragma once

#include <fmt/format.h>

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "engine/tuning_config.h"
#include "objectives/error.h"

namespace hpo::cli {

enum class Format { table, json, csv };

/// What the process answers; a part of the interface (README).
enum ExitCode : int {
  kDone = 0,
  kNothingUsable = 1,
  kUsage = 2,
  kEnvironment = 3,
  kHeld = 4,
  kTargetMissed = 5,
  kInterrupted = 130,
  kTerminated = 143,
};

/// A result, to stdout as it is. A failed write is remembered and reported by finish_output.
void print(std::string_view text);
/// Writes out what print has buffered.
void flush_output();
/// A result as JSON, to stdout.
void print_json(const nlohmann::ordered_json& value);
/// A line for people, to stderr. Nothing fails where nobody reads it.
void note(std::string_view line);
/// The next useful command, as the last line for people; says nothing with json and csv.
void suggest(Format format, std::string_view command);

/// Reports the error where the format has it (text to stderr, JSON to stdout) and gives the exit
/// code.
int fail(const Error& error, Format format);
/// The same for the errors of a tuning file, all at once.
int fail(const std::vector<Diagnostic>& errors, Format format);
/// Advice about a file, to stderr.
void note_advice(const std::vector<Diagnostic>& advice);

/// Whether nobody reads stdout any more (`| head`).
bool is_output_closed();
/// Writes out what is buffered. `code`, or kEnvironment with a message where stdout could not take
/// everything; a closed pipe is no failure.
int finish_output(int code);

}  // namespace hpo::cli
