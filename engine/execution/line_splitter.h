#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hpo {

/// Cuts a stream of bytes into lines, in bounded memory.
///
/// A line's text is what a terminal shows of it at its end: what follows its last carriage return
/// (progress bars), at most kLongestLine bytes.
class LineSplitter {
 public:
  static constexpr std::size_t kLongestLine = 65'536;
  using LineFn = std::function<void(std::string_view)>;

  /// Calls on_line with each line that `bytes` complete, without its end.
  void feed(std::string_view bytes, const LineFn& on_line);
  /// The stream has ended: what was left without a newline is a line too.
  void finish(const LineFn& on_line);

 private:
  void append(std::string_view part);
  void end_line(const LineFn& on_line);

  std::string line_ = {};      ///< of the line that is not complete
  bool is_begun_ = false;      ///< the line has bytes
  bool after_return_ = false;  ///< they end with a carriage return
};

}  // namespace hpo
