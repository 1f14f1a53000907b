#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hpo {

/// One character as a terminal draws it.
struct Glyph {
  std::string text = {};
  int width = 1;            ///< columns
  int bytes = 1;            ///< of the line that it stands for
  bool is_control = false;  ///< drawn as `?`: a control character, or a byte that is not UTF-8
};

/// The characters of one line of UTF-8: a tab as a blank; what must not reach a terminal (control
/// characters, reordering marks, bytes that are not UTF-8) as `?`.
std::vector<Glyph> glyphs_of(std::string_view line);

/// The text as one line that is safe to show: control characters as `\x1b`, bytes that are not
/// UTF-8 as `\xff`, a line break as `\n`.
std::string printable(std::string_view text);
/// Output of a program, safe for a terminal: line ends, tabs and colours (SGR sequences) stay,
/// other control characters become `\x1b`.
std::string tame(std::string_view text);
/// The same line by line: line breaks stay.
std::string printable_lines(std::string_view text);

}  // namespace hpo
