#pragma once

#include <string>

namespace hpo {

/// The checkout's root folder. Compiled into one file of its own: the compiler cache then serves
/// all the others to another clone.
std::string source_dir();

/// The folder of the built programs.
std::string bin_dir();

}  // namespace hpo
