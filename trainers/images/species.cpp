#include "trainers/images/species.h"

#include <fmt/format.h>

#include <array>

#include "objectives/error.h"

namespace hpo {
namespace {

struct Plumage {
  const char* name;
  Color back, belly, wing, accent;
};

// Ordered so that neighbours are easily confused in a warm or a cold light.
constexpr std::array kPlumages = {
    Plumage{
        "Amber", {.72F, .50F, .22F}, {.92F, .80F, .52F}, {.38F, .28F, .18F}, {.20F, .15F, .12F}},
    Plumage{
        "Russet", {.62F, .35F, .20F}, {.88F, .70F, .50F}, {.36F, .24F, .18F}, {.16F, .13F, .12F}},
    Plumage{
        "Olive", {.48F, .48F, .24F}, {.84F, .80F, .46F}, {.30F, .29F, .19F}, {.14F, .15F, .12F}},
    Plumage{
        "Lemon", {.80F, .72F, .22F}, {.95F, .90F, .50F}, {.34F, .32F, .22F}, {.15F, .14F, .12F}},
    Plumage{
        "Slate", {.42F, .47F, .54F}, {.80F, .81F, .82F}, {.26F, .29F, .34F}, {.12F, .13F, .16F}},
    Plumage{
        "Azure", {.30F, .47F, .72F}, {.78F, .83F, .88F}, {.20F, .27F, .42F}, {.10F, .12F, .20F}},
    Plumage{
        "Dusky", {.36F, .33F, .32F}, {.66F, .62F, .58F}, {.22F, .20F, .20F}, {.09F, .08F, .08F}},
    Plumage{"Rose", {.66F, .36F, .40F}, {.90F, .72F, .72F}, {.38F, .26F, .28F}, {.22F, .10F, .13F}},
    Plumage{
        "Scarlet", {.75F, .22F, .18F}, {.88F, .50F, .40F}, {.30F, .16F, .15F}, {.12F, .08F, .08F}},
    Plumage{
        "Sandy", {.70F, .61F, .46F}, {.92F, .87F, .76F}, {.44F, .37F, .29F}, {.26F, .20F, .15F}},
};

struct Build {
  const char* name;
  double bill_length, bill_depth, tail_length, plumpness;
};
constexpr std::array kBuilds = {Build{"Finch", 0.27, 0.20, 0.75, 1.05},
                                Build{"Warbler", 0.27, 0.09, 0.80, 0.90},
                                Build{"Thrush", 0.34, 0.12, 0.95, 1.00}};

constexpr Color kHorn = {.42F, .36F, .30F};
constexpr Color kOrange = {.85F, .52F, .18F};

/// Gives the second of a pair the one trait that the first has not.
void add_trait(Species& bird, int trait, std::string& adjective) {
  switch (trait) {
    case 0:
      bird.wing_bars = true;
      adjective = "Wing-barred";
      return;
    case 1:
      bird.bill_length *= 2.1;
      adjective = "Long-billed";
      return;
    case 2:
      bird.tail_length *= 1.7;
      adjective = "Long-tailed";
      return;
    case 3:
      bird.cap = !bird.cap;
      adjective = bird.cap ? "Capped" : "Plain-headed";
      return;
    case 4:
      bird.streaks = true;
      adjective = "Streaked";
      return;
    default:
      bird.eye_stripe = true;
      adjective = "Browed";
      return;
  }
}

}  // namespace

Species species(int number) {
  check(number >= 0 && number < kMaxSpecies, "no such species");
  const int pair = number / 2;
  const auto& plumage = kPlumages[static_cast<std::size_t>(pair) % kPlumages.size()];
  // A second round through the plumages meets other builds, so that no pair is there twice.
  const auto build_number = static_cast<std::size_t>(pair + pair / 10) % kBuilds.size();
  const auto& build = kBuilds[build_number];
  Species bird{.back = plumage.back,
               .belly = plumage.belly,
               .wing = plumage.wing,
               .accent = plumage.accent,
               .bill = pair % 4 == 1 ? kOrange : kHorn,
               .bill_length = build.bill_length,
               .bill_depth = build.bill_depth,
               .tail_length = build.tail_length,
               .plumpness = build.plumpness,
               .cap = pair % 3 == 1,
               .throat = pair % 3 == 2};
  std::string adjective;
  if (number % 2 == 1) add_trait(bird, pair % 6, adjective);
  bird.name = fmt::format("{:03}.{}{}{}_{}", number + 1, adjective, adjective.empty() ? "" : "_",
                          plumage.name, build.name);
  return bird;
}

}  // namespace hpo
