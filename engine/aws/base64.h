#pragma once

#include <string>

#include "objectives/sha256.h"

namespace hpo::aws {

/// A digest in base64, as checksum headers have it.
std::string base64(const Digest& digest);

}  // namespace hpo::aws
