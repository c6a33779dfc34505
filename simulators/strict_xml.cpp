#include "simulators/strict_xml.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace huiyin::simulators {
namespace {

constexpr std::size_t kMaxDepth = 8;

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string forbidden_character(std::string_view text) {
  if (!is_valid_utf8(text)) return "not valid UTF-8";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
    if (control || text.substr(i).starts_with("\uFFFE") || text.substr(i).starts_with("\uFFFF")) {
      return "byte " + std::to_string(i) + ": a character that XML 1.0 forbids";
    }
  }
  return {};
}

/// Walks the text once, with the elements that are open on a stack of its own.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  tl::expected<XmlField, std::string> scan() {
    if (const auto why = forbidden_character(text_); !why.empty()) return tl::unexpected(why);
    if (!text_.starts_with("<xml>")) return tl::unexpected(std::string("does not begin with <xml>"));
    while (at_ < text_.size() && error_.empty() && !done_) step();
    if (error_.empty() && (!done_ || at_ != text_.size())) fail(done_ ? "something follows </xml>" : "ends too soon");
    if (!error_.empty()) return tl::unexpected("byte " + std::to_string(at_) + ": " + error_);
    return std::move(root_);
  }

 private:
  void fail(std::string why) {
    if (error_.empty()) error_ = std::move(why);
  }
  bool skip(std::string_view what) {
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  void step() {
    if (skip("<![CDATA[")) return cdata();
    if (skip("</")) return close();
    if (skip("<")) return open();
    characters();
  }
  std::string name() {
    const auto begin = at_;
    while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
    if (begin == at_) fail("not a plain element name (attributes and declarations are refused)");
    return std::string(text_.substr(begin, at_ - begin));
  }
  void open() {
    auto element = name();
    if (!skip(">")) return fail("an element with more than a name");
    if (open_.size() >= kMaxDepth) return fail("nested too deeply");
    open_.push_back({std::move(element), {}, {}});
    has_text_.push_back(false);
  }
  void close() {
    const auto element = name();
    if (!skip(">") || open_.empty() || open_.back().name != element) return fail("</" + element + "> closes nothing");
    auto field = std::move(open_.back());
    if (!field.fields.empty() && has_text_.back()) return fail("<" + element + "> mixes text and elements");
    if (!field.fields.empty()) field.value.clear();
    open_.pop_back();
    has_text_.pop_back();
    if (open_.empty()) {
      root_ = std::move(field);
      done_ = true;
    } else {
      open_.back().fields.push_back(std::move(field));
    }
  }
  void cdata() {
    const auto end = text_.find("]]>", at_);
    if (open_.empty() || end == std::string_view::npos) return fail("a CDATA section without end or element");
    open_.back().value += text_.substr(at_, end - at_);
    has_text_.back() = true;
    at_ = end + 3;
  }
  void characters() {
    if (open_.empty()) return fail("text outside of <xml>");
    const char c = text_[at_];
    if (c == '&') return entity();
    if (text_.substr(at_).starts_with("]]>")) return fail("a bare ]]>");
    open_.back().value += c;
    has_text_.back() = has_text_.back() || (c != ' ' && c != '\n' && c != '\r' && c != '\t');
    ++at_;
  }
  void entity() {
    constexpr std::array<std::pair<std::string_view, char>, 5> kKnown{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
    for (const auto& [written, meant] : kKnown) {
      if (!skip(written)) continue;
      open_.back().value += meant;
      has_text_.back() = true;
      return;
    }
    fail("an entity that XML does not know");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
  std::vector<XmlField> open_;
  std::vector<bool> has_text_;
  XmlField root_;
  bool done_ = false;
};

}  // namespace

const XmlField* XmlField::find(std::string_view child) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const XmlField& field) { return field.name == child; });
  return found == fields.end() ? nullptr : &*found;
}

std::string XmlField::text(std::string_view child) const {
  const auto* found = find(child);
  return found == nullptr ? std::string() : found->value;
}

tl::expected<XmlField, std::string> read_strictly(std::string_view text) { return Scanner(text).scan(); }

}  // namespace huiyin::simulators
