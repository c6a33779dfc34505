#include "adapters/wechat/wechat_xml.h"

#include <algorithm>
#include <pugixml.hpp>
#include <utility>

#include "core/text.h"

namespace huiyin::wechat {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kUsualChildren = 8;

/// Copies the tree; pugixml walks without recursion, so the depth of a hostile body costs no stack.
class Copier final : public pugi::xml_tree_walker {
 public:
  explicit Copier(Element& root) : open_{&root} {}
  bool too_deep = false;

  bool for_each(pugi::xml_node& node) override {
    const auto level = static_cast<std::size_t>(depth());  // children of the root: 0
    too_deep = too_deep || depth() >= kMaxDepth;
    if (too_deep) return false;
    open_.resize(level + 1);
    auto& parent = *open_.back();
    if (node.type() == pugi::node_element) {
      if (parent.children.empty()) parent.children.reserve(kUsualChildren);
      parent.children.push_back({node.name(), {}, {}});
      open_.push_back(&parent.children.back());
    } else if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
      parent.text += node.value();
    }
    return true;
  }

 private:
  std::vector<Element*> open_;  // from the root to the element last entered
};

tl::unexpected<std::string> refuse(std::string why) { return tl::unexpected(std::move(why)); }

}  // namespace

const Element* Element::find(std::string_view child) const {
  const auto found =
      std::find_if(children.begin(), children.end(), [child](const Element& element) { return element.name == child; });
  return found == children.end() ? nullptr : &*found;
}

std::vector<const Element*> Element::find_all(std::string_view child) const {
  std::vector<const Element*> found;
  for (const auto& element : children) {
    if (element.name == child) found.push_back(&element);
  }
  return found;
}

std::string Element::value(std::string_view child) const {
  const auto* found = find(child);
  return found == nullptr ? std::string() : std::string(trim(found->text));
}

tl::expected<Element, std::string> parse_xml(std::string_view body) {
  if (body.find('\0') != std::string_view::npos) return refuse("xml: holds a NUL");
  if (!is_valid_utf8(body)) return refuse("xml: not valid UTF-8");
  pugi::xml_document document;
  constexpr unsigned kOptions =
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata | pugi::parse_doctype | pugi::parse_eol;
  const auto result = document.load_buffer(body.data(), body.size(), kOptions, pugi::encoding_utf8);
  if (!result) return refuse(std::string("xml: ") + result.description());
  pugi::xml_node root;
  for (const auto& node : document.children()) {
    if (node.type() == pugi::node_doctype) return refuse("xml: has a document type");
    if (node.type() != pugi::node_element) continue;
    if (root) return refuse("xml: has two roots");
    root = node;
  }
  if (std::string_view(root.name()) != "xml") return refuse("xml: the root is not <xml>");
  Element out{"xml", {}, {}};
  Copier copier(out);
  root.traverse(copier);
  if (copier.too_deep) return refuse("xml: nested too deeply");
  return out;
}

std::string cdata_element(std::string_view name, std::string_view text) {
  std::string out;
  append_cdata(out, name, clean_text(text));
  return out;
}

void append_cdata(std::string& out, std::string_view name, std::string_view clean) {
  constexpr std::string_view kOpen = "><![CDATA[", kEnd = "]]>", kSplit = "]]]]><![CDATA[>";
  out.append("<").append(name).append(kOpen);
  for (auto at = clean.find(kEnd); at != std::string_view::npos; at = clean.find(kEnd)) {
    out.append(clean.substr(0, at)).append(kSplit);
    clean.remove_prefix(at + kEnd.size());
  }
  out.append(clean).append(kEnd).append("</").append(name).append(">");
}

}  // namespace huiyin::wechat
