#include "engine/report/page.h"

#include <fmt/format.h>

#include <span>

#include "engine/report/page_parts.h"
#include "objectives/base64.h"
#include "objectives/plain_text.h"
#include "objectives/sha256.h"

namespace hpo::report {
namespace {

/// As the policy names an inline script or style (CSP Level 3, section 2.3.1).
std::string hash_source(std::string_view text) {
  const Digest digest = sha256(text);
  return "'sha256-" + base64(digest) + "'";
}

std::string policy(std::string_view sources) {
  return fmt::format(
      "default-src 'none'; script-src {} {}; style-src {}; img-src data:; connect-src {}; "
      "base-uri 'none'; form-action 'none'",
      hash_source(page_library()), hash_source(page_script()), hash_source(page_style()), sources);
}

}  // namespace

std::string page(std::string_view title, std::string_view data, std::string_view sources) {
  std::string html;
  html.reserve(page_template().size() + page_style().size() + page_library().size() +
               page_script().size() + data.size() + 4096);
  std::string_view rest = page_template();
  // A place is written {{name}}; what is put there is never looked at again.
  while (true) {
    const auto begin = rest.find("{{");
    html += rest.substr(0, begin);
    if (begin == std::string_view::npos) return html;
    const auto end = rest.find("}}", begin);
    const std::string_view name = rest.substr(begin + 2, end - begin - 2);
    if (name == "title") html += escape_markup(title);
    if (name == "policy") html += policy(sources);
    if (name == "style") html += page_style();
    if (name == "library") html += page_library();
    if (name == "script") html += page_script();
    if (name == "data") html += data;
    rest.remove_prefix(end + 2);
  }
}

}  // namespace hpo::report
