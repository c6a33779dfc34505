#include "dialogs/understanding/phrase_parser.h"

#include <algorithm>
#include <cstddef>

namespace huiyin::dialogs {
namespace {

using Wordings = std::vector<std::string>;

constexpr std::string_view kGap = "…";
constexpr std::size_t kMostWordings = 4000;  // of one part: (a|b)(c|d) are four
constexpr std::size_t kMostParts = 8;
constexpr std::size_t kMostLevels = 4;  // of brackets in brackets

/// `(a|b|)c` written out: ac, bc, c.
class Expansion {
 public:
  explicit Expansion(std::string_view part) : rest_(part) {}

  tl::expected<Wordings, std::string> run() {
    // An explicit stack: each open bracket holds the alternatives closed so far and the one being written.
    std::vector<Level> levels(1);
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '(') {
        if (levels.size() > kMostLevels) return tl::unexpected(std::string("too many brackets inside each other"));
        levels.emplace_back();
      } else if (c == ')') {
        if (levels.size() < 2) return tl::unexpected(std::string("brackets do not match"));
        const auto inner = closed(std::move(levels.back()));
        levels.pop_back();
        if (!multiply(levels.back().open, inner)) return tl::unexpected(std::string("it stands for too many wordings"));
      } else if (c == '|') {
        levels.back().done.insert(levels.back().done.end(), levels.back().open.begin(), levels.back().open.end());
        levels.back().open.assign(1, {});
      } else {
        for (auto& wording : levels.back().open) wording += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      }
    }
    if (levels.size() != 1) return tl::unexpected(std::string("brackets do not match"));
    return closed(std::move(levels.back()));
  }

 private:
  struct Level {
    Wordings done{};
    Wordings open = Wordings(1);
  };

  static Wordings closed(Level level) {
    level.done.insert(level.done.end(), level.open.begin(), level.open.end());
    std::sort(level.done.begin(), level.done.end());
    level.done.erase(std::unique(level.done.begin(), level.done.end()), level.done.end());
    return std::move(level.done);
  }

  static bool multiply(Wordings& left, const Wordings& right) {
    if (left.size() * right.size() > kMostWordings) return false;
    Wordings product;
    product.reserve(left.size() * right.size());
    for (const auto& one : left)
      for (const auto& other : right) product.push_back(one + other);
    left = std::move(product);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

tl::expected<PhraseParts, std::string> parse_phrase(std::string_view phrase) {
  PhraseParts parts;
  bool far = false;
  for (bool more = true; more;) {
    const auto gap = phrase.find(kGap);
    more = gap != std::string_view::npos;
    const auto part = phrase.substr(0, gap);
    const auto opened = std::count(part.begin(), part.end(), '(');
    if (more && opened != std::count(part.begin(), part.end(), ')'))
      return tl::unexpected(std::string("`…` may not stand inside brackets"));
    auto wordings = Expansion(part).run();
    if (!wordings) return tl::unexpected(std::move(wordings.error()));
    if (wordings->front().empty())
      return tl::unexpected(std::string("it would match anything"));  // sorted: the empty one is first
    if (parts.size() == kMostParts) return tl::unexpected(std::string("it has too many …"));
    parts.push_back({*std::move(wordings), far});
    if (more) phrase.remove_prefix(gap + kGap.size());
    far = phrase.starts_with(kGap);
    if (more && far) phrase.remove_prefix(kGap.size());
  }
  return parts;
}

}  // namespace huiyin::dialogs
