#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// The places of an estate, as its configuration lists them, against which a written one is compared. Immutable.
class PlaceTree {
 public:
  /// An owner's place that is not, or not surely, one of the estate's, and what he may mean.
  struct Doubt {
    bool several = false;              ///< he may mean any of `nearest`; else there is no such place
    std::vector<std::string> nearest;  ///< at most three, nearest first, written as places are shown
  };

  PlaceTree() = default;
  /// `paths`: 「3栋/2单元/602」; what cannot be read as a building, unit or room (会所) is left out.
  explicit PlaceTree(const std::vector<std::string>& paths);

  [[nodiscard]] bool empty() const { return places_.empty(); }

  /// Nothing where the place is one of the estate's, or cannot be told: it names no building, or more than the tree
  /// has below that branch (a room, where only units are listed). `address`: as written or as find_address() gave it.
  [[nodiscard]] std::optional<Doubt> doubt(std::string_view address) const;

 private:
  std::vector<Place> places_{};
};

}  // namespace huiyin::dialogs
