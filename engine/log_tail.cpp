#include "engine/log_tail.h"

#include <algorithm>
#include <fstream>

namespace hpo {
namespace {

constexpr std::streamoff kLongestTail = std::streamoff{256} * 1024;

}  // namespace

std::vector<std::string> last_lines(const std::filesystem::path& file, std::size_t count) {
  std::ifstream in(file, std::ios::binary);
  in.seekg(0, std::ios::end);
  const std::streamoff size = in.tellg();
  if (!in || size <= 0 || count == 0) return {};
  const std::streamoff begin = std::max<std::streamoff>(0, size - kLongestTail);
  in.seekg(begin);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
  // A line that the window cut is no line.
  if (begin > 0 && lines.size() > 1) lines.erase(lines.begin());
  if (lines.size() > count) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  }
  return lines;
}

}  // namespace hpo
