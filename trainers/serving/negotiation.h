#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "objectives/error.h"

namespace hpo::serving {

/// What a body holds.
enum class Payload {
  picture,         ///< application/x-image, image/jpeg, image/png: the format is what the bytes say
  base64_picture,  ///< the workshop's image/jpeg;base64
  tensors,         ///< application/json
};

/// Nothing for a media type that is not served. Parameters (charset=...) and case do not matter.
std::optional<Payload> payload_of(std::string_view content_type);

enum class AnswerType { json, csv };

/// The type that an Accept header wants most; JSON where it does not care or is absent; nothing
/// where it wants neither. RFC 9110, 12.5.1.
std::optional<AnswerType> answer_type_of(std::string_view accept);

/// How many classes are wanted: top_k of the query, else of the custom attributes (`top_k=5`, also
/// among others that commas or semicolons part); nothing where neither has it. Error: usage, for
/// anything but a positive number.
Result<std::optional<std::size_t>> top_k_of(std::string_view target, std::string_view attributes);

}  // namespace hpo::serving
