#include "dialogs/understanding/place_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "dialogs/understanding/extract.h"
#include "dialogs/understanding/places.h"

namespace huiyin::dialogs {
namespace {

constexpr std::size_t kMostNearest = 3;
constexpr std::size_t kMostCompared = 12;  // characters of one number

using Part = std::string Place::*;
constexpr std::array<Part, 5> kParts{&Place::phase, &Place::building, &Place::unit, &Place::floor, &Place::room};

std::string joined(std::string_view path) {
  const bool latin =
      std::none_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  std::string text;
  for (const char c : path) {
    if (c == '/')
      text += latin ? ", " : "";
    else
      text += c;
  }
  return text;
}

std::optional<Place> read(std::string_view text) {
  Place place;
  return find_address(text, &place) ? std::optional(std::move(place)) : std::nullopt;
}

int number_of(const std::string& text) {
  int number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// How many characters must be changed, added or left out.
int edits(std::string_view one, std::string_view other) {
  one = one.substr(0, kMostCompared);
  other = other.substr(0, kMostCompared);
  std::vector<int> row(other.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < one.size(); ++i) {
    int corner = std::exchange(row[0], static_cast<int>(i) + 1);
    for (std::size_t j = 0; j < other.size(); ++j) {
      const int changed = corner + (one[i] == other[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({changed, corner + 1, row[j] + 1});
    }
  }
  return row.back();
}

/// Does what the owner wrote fit this place of the estate? What either leaves out fits anything.
bool fits(const Place& written, const Place& listed) {
  return std::all_of(kParts.begin(), kParts.end(), [&](Part part) {
    return (written.*part).empty() || (listed.*part).empty() || written.*part == listed.*part;
  });
}

/// How far they are apart: by the digits that differ, then by how far the numbers are from each other.
int distance(const Place& written, const Place& listed) {
  constexpr int kEdit = 100'000;
  int sum = 0;
  for (const auto part : kParts) {
    if ((written.*part).empty() || (listed.*part).empty() || written.*part == listed.*part) continue;
    sum += kEdit * edits(written.*part, listed.*part);
    sum += std::min(std::abs(number_of(written.*part) - number_of(listed.*part)), kEdit / 10);
  }
  return sum;
}

/// What is listed, as far down as was written; below where the list ends, what was written.
Place proposed(const Place& written, const Place& listed) {
  Place place;
  place.english = listed.english;
  place.phase = listed.phase;
  place.building = listed.building;
  place.building_word = listed.building_word;
  if (!written.unit.empty() || !written.room.empty()) {
    place.unit = listed.unit;
    place.unit_word = listed.unit_word;
  }
  const bool floor_listed = !listed.floor.empty();
  if (!written.floor.empty()) {
    place.floor = floor_listed ? listed.floor : written.floor;
    place.floor_word = floor_listed ? listed.floor_word : written.floor_word;
  }
  if (!written.room.empty()) place.room = listed.room.empty() ? written.room : listed.room;
  if (listed.room.empty()) place.side = written.side;
  return place;
}

}  // namespace

PlaceTree::PlaceTree(const std::vector<std::string>& paths) {
  for (const auto& path : paths)
    if (auto place = read(joined(path)); place && !place->building.empty()) places_.push_back(*std::move(place));
}

std::optional<PlaceTree::Doubt> PlaceTree::doubt(std::string_view address) const {
  const auto written = places_.empty() ? std::nullopt : read(address);
  if (!written || written->building.empty()) return std::nullopt;
  const bool building = std::any_of(places_.begin(), places_.end(),
                                    [&](const Place& listed) { return listed.building == written->building; });
  std::vector<std::pair<int, std::string>> near;
  bool exists = false;
  for (const auto& listed : places_) {
    if (building && listed.building != written->building) continue;  // he knows his building
    const bool fit = fits(*written, listed);
    exists = exists || fit;
    near.emplace_back(fit ? 0 : distance(*written, listed), shown_place(proposed(*written, listed)));
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  std::vector<std::string> nearest;
  for (const auto& [apart, shown] : near) {
    if (exists && apart > 0) break;
    if (std::find(nearest.begin(), nearest.end(), shown) == nearest.end()) nearest.push_back(shown);
    if (nearest.size() > kMostNearest) break;
  }
  // A home that two units have is asked about; a building alone (its lift, its door) is not.
  const bool home = !written->room.empty() && written->unit.empty();
  if (exists && (!home || nearest.size() < 2 || nearest.size() > kMostNearest)) return std::nullopt;
  nearest.resize(std::min(nearest.size(), kMostNearest));
  return Doubt{.several = exists, .nearest = std::move(nearest)};
}

}  // namespace huiyin::dialogs
