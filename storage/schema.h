#pragma once

#include <span>

namespace hpo {

/// "hpo1", in PRAGMA application_id.
inline constexpr int kApplicationId = 0x68706F31;

/// SQL that leads a database of user_version v to v + 1, at index v. The first is schema.sql.
std::span<const char* const> schema_steps();

}  // namespace hpo
