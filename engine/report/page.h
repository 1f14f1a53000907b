#pragma once

#include <string>
#include <string_view>

namespace hpo::report {

/// The page: HTML that needs nothing but itself, and whose Content-Security-Policy allows no
/// request and no script or style but its own (by their hashes).
///
/// `title`: plain text. `data`: of page_data(); empty where the page is to fetch it. `sources`:
/// where it may, as the policy's connect-src says it.
std::string page(std::string_view title, std::string_view data,
                 std::string_view sources = "'none'");

}  // namespace hpo::report
