#pragma once

#include <fmt/format.h>

#include <cstdint>

#include "objectives/error.h"

namespace hpo {

/// The error of saving trial `number` where `next` is the next new one: numbers have no gaps.
inline Error trial_out_of_order(std::int64_t number, std::int64_t next) {
  return {.message = fmt::format("trial {} cannot be stored before trial {}", number, next),
          .hint = "save trials in the order of their numbers"};
}

/// The error of a report for a trial that the study does not have.
inline Error trial_never_saved(std::int64_t number) {
  return {.code = ErrorCode::not_found,
          .message = fmt::format("a report of trial {}, which the study does not have", number),
          .hint = "save a trial before its reports"};
}

}  // namespace hpo
