#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialogs/understanding/understand.h"

namespace huiyin::dialogs {

/// A place, or a piece of one, as it stands in a text: 「3栋2单元」「我803」「楼上1506」.
struct Fragment {
  Place place{};
  std::size_t begin = 0, end = 0;  ///< bytes of the text
  const char* rule = "";
  bool own = false;      ///< the words before it say so: 我家, 住在
  bool foreign = false;  ///< somebody else's: 楼上1506, 5栋的邻居
  bool near = false;     ///< foreign, and in the owner's own building: 楼上3栋1506
  bool negated = false;  ///< 不是12栋
  bool chosen = false;   ///< 应该是22栋, 改成22栋
};

/// All pieces of a text, in its order; of numbers alone only those that the words around make a room or a floor.
[[nodiscard]] std::vector<Fragment> find_fragments(std::string_view text);

/// The Chinese or dashed place that begins at `begin`, which is the beginning of a number or letter.
[[nodiscard]] std::optional<Fragment> read_chinese_place(std::string_view text, std::size_t begin);

/// 「Building 6, Unit 2」「flat 12B, tower 3」「second floor」, where a Latin word or a number begins at `begin`.
[[nodiscard]] std::optional<Fragment> read_english_place(std::string_view text, std::size_t begin);

/// The place as it is shown: 「3号楼2单元602」, or 「Building 6, Unit 2, Room 602」.
[[nodiscard]] std::string shown_place(const Place& place);

/// A number in a place: 12, B3, 12A, A, 十二, 六零二.
struct PlaceNumber {
  std::string value{};  ///< in Arabic digits, letters as capitals
  std::size_t end = 0;
  std::size_t digits = 0;  ///< Arabic ones, or Chinese ones said one by one
  bool chinese = false;
  bool counted = false;  ///< with 十 or 百
};
[[nodiscard]] std::optional<PlaceNumber> read_place_number(std::string_view text, std::size_t begin);

}  // namespace huiyin::dialogs
