#include "adapters/email/html_lines.h"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <string>

#include "adapters/email/ascii.h"
#include "core/text.h"
#include "net/http.h"

namespace huiyin::email {
namespace {

/// gumbo frees its tree by recursion: deeper markup than anybody writes is read by stripping the tags.
constexpr std::size_t kDeepest = 1000;
constexpr std::size_t kMostLines = 20000;

std::string attribute(const GumboElement& element, const char* name) {
  const auto* found = gumbo_get_attribute(&element.attributes, name);
  return found == nullptr ? std::string() : std::string(found->value);
}

/// The id without the `x_` that Outlook on the web puts before those of a mail it copies.
std::string plain_id(const GumboElement& element) {
  auto id = lower(attribute(element, "id"));
  while (id.starts_with("x_")) id.erase(0, 2);
  return id;
}

bool has_class(const std::string& classes, std::string_view name) {
  for (auto one : split(classes, ' ')) {
    while (one.starts_with("x_")) one.remove_prefix(2);
    if (one == name) return true;
  }
  return false;
}

bool is_unseen(const GumboElement& element) {
  switch (element.tag) {
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_TEXTAREA:
      return true;
    default:
      break;
  }
  auto style = lower(attribute(element, "style"));
  std::erase(style, ' ');
  return style.find("display:none") != std::string::npos;
}

bool is_block(GumboTag tag) {
  static constexpr std::array kBlocks{
      GUMBO_TAG_DIV,     GUMBO_TAG_P,      GUMBO_TAG_UL,         GUMBO_TAG_OL,      GUMBO_TAG_LI,     GUMBO_TAG_TABLE,
      GUMBO_TAG_TR,      GUMBO_TAG_H1,     GUMBO_TAG_H2,         GUMBO_TAG_H3,      GUMBO_TAG_H4,     GUMBO_TAG_H5,
      GUMBO_TAG_H6,      GUMBO_TAG_PRE,    GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_HR,      GUMBO_TAG_CENTER, GUMBO_TAG_SECTION,
      GUMBO_TAG_ARTICLE, GUMBO_TAG_HEADER, GUMBO_TAG_FOOTER,     GUMBO_TAG_ADDRESS, GUMBO_TAG_DL,     GUMBO_TAG_DT,
      GUMBO_TAG_DD,      GUMBO_TAG_FORM,   GUMBO_TAG_FIELDSET,   GUMBO_TAG_BODY,    GUMBO_TAG_FIGURE, GUMBO_TAG_MAIN};
  return std::find(kBlocks.begin(), kBlocks.end(), tag) != kBlocks.end();
}

/// Set off from its neighbours by an empty line.
bool has_margin(const GumboElement& element) {
  switch (element.tag) {
    case GUMBO_TAG_P:
      return !has_class(attribute(element, "class"), "MsoNormal") &&
             lower(attribute(element, "style")).find("margin") == std::string::npos;
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
      return true;
    default:
      return false;
  }
}

bool is_quotation(const GumboElement& element, const std::string& id) {
  const auto classes = attribute(element, "class");
  if (has_class(classes, "gmail_quote") || has_class(classes, "gmail_attr") || has_class(classes, "moz-cite-prefix") ||
      has_class(classes, "yahoo_quoted") || has_class(classes, "protonmail_quote") ||
      has_class(classes, "zmail_extra") || has_class(classes, "tutanota_quote") || has_class(classes, "gmail_extra"))
    return true;
  if (element.tag == GUMBO_TAG_BLOCKQUOTE)
    return lower(attribute(element, "type")) == "cite" || id == "isreplycontent" || !attribute(element, "cite").empty();
  return id == "isreplycontent" || id == "isforwardcontent";
}

bool is_history(const GumboElement& element, const std::string& id) {
  if (id == "appendonsend" || id == "divrplyfwdmsg" || id == "mail-editor-reference-message-container" ||
      id == "olk_src_body_section" || has_class(attribute(element, "class"), "OutlookMessageHeader"))
    return true;
  const char* name = element.original_tag.data;
  return element.tag == GUMBO_TAG_UNKNOWN && element.original_tag.length > 12 &&
         lower(std::string_view(name, 12)).starts_with("<includetail");
}

bool is_signature(const GumboElement& element, const std::string& id) {
  const auto classes = attribute(element, "class");
  return has_class(classes, "gmail_signature") || has_class(classes, "moz-signature") ||
         has_class(classes, "gmail_signature_prefix") || id == "signature" || id == "ms-outlook-mobile-signature" ||
         id == "applemailsignature" || id == "ydp-signature" || id.ends_with("ydpsignature") ||
         has_class(classes, "protonmail_signature_block") || has_class(classes, "xm_write_card") ||
         has_class(classes, "zmail_signature") || (id.starts_with("ntes-") && id.ends_with("-signature"));
}

/// Foxmail draws a short rule of this colour above the name of who writes.
bool is_foxmail_rule(const GumboElement& element) {
  return element.tag == GUMBO_TAG_HR && lower(attribute(element, "color")) == "#b5c4df";
}

bool is_cloud_attachment(const std::string& url) {
  static constexpr std::array<std::string_view, 6> kPlaces{"mail.qq.com/ftn", "mail.qq.com/cgi-bin/ftn",
                                                           "exmail.qq.com/",  "mail.163.com/large-attachment",
                                                           "u.163.com/",      "mail.126.com/large-attachment"};
  return url.starts_with("http") &&
         std::any_of(kPlaces.begin(), kPlaces.end(), [&](auto place) { return url.find(place) != std::string::npos; });
}

/// Collects text into lines.
class Lines {
 public:
  void text(std::string_view words, bool keep_blanks) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const char c = words[i];
      const bool no_break = words.substr(i).starts_with("\xC2\xA0");
      if (keep_blanks && c == '\n') {
        break_line();
      } else if (!no_break && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')) {
        blank_ = true;
      } else {
        put_blank();
        if (no_break) ++i;
        now_.text += no_break ? ' ' : c;
      }
    }
  }
  void picture(std::string id) { now_.pictures.push_back(std::move(id)); }
  void space() { blank_ = true; }
  /// Ends the line if there is anything on it.
  void end_line() {
    if (!now_.text.empty() || !now_.pictures.empty()) break_line();
  }
  void break_line() {
    auto next = MailLine{.quoted = quoted > 0, .signature = signature > 0 || signature_rest};
    next.history = false;
    now_.quoted = quoted > 0;
    now_.signature = signature > 0 || (signature_rest && quoted == 0);
    if (lines_.size() < kMostLines) lines_.push_back(std::exchange(now_, next));
    blank_ = false;
  }
  void paragraph() {
    end_line();
    if (!lines_.empty() && !lines_.back().text.empty()) break_line();
  }
  void begin_history() {
    end_line();
    now_.history = true;
    break_line();
  }
  std::vector<MailLine> take() {
    end_line();
    return std::move(lines_);
  }

  int quoted = 0;
  int signature = 0;
  bool signature_rest = false;

 private:
  void put_blank() {
    if (blank_ && !now_.text.empty() && !now_.text.ends_with(' ')) now_.text += ' ';
    blank_ = false;
  }
  std::vector<MailLine> lines_{};
  MailLine now_{};
  bool blank_ = false;
};

/// Walks the tree without recursion.
class Walk {
 public:
  std::vector<MailLine> run(const GumboNode* root) {
    if (root->type == GUMBO_NODE_ELEMENT && enter(root->v.element)) stack_.push_back({root, 0});
    while (!stack_.empty()) {
      auto& [node, next] = stack_.back();
      const auto& children = node->v.element.children;
      if (next == children.length) {
        const auto* left = node;
        stack_.pop_back();
        leave(left->v.element);
        continue;
      }
      visit(static_cast<const GumboNode*>(children.data[next++]));
    }
    return lines_.take();
  }

 private:
  struct Frame {
    const GumboNode* node;
    unsigned next;
  };

  void visit(const GumboNode* node) {
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE || node->type == GUMBO_NODE_CDATA)
      lines_.text(node->v.text.text, preformatted_ > 0);
    else if (node->type == GUMBO_NODE_ELEMENT && enter(node->v.element))
      stack_.push_back({node, 0});
  }

  /// False: its children are not looked at.
  bool enter(const GumboElement& element) {
    if (is_unseen(element)) return false;
    const auto id = plain_id(element);
    if (is_history(element, id)) lines_.begin_history();
    if (element.tag == GUMBO_TAG_IMG) return picture(element), false;
    if (element.tag == GUMBO_TAG_BR) return lines_.break_line(), false;
    if (has_margin(element))
      lines_.paragraph();
    else if (is_block(element.tag))
      lines_.end_line();
    if (is_foxmail_rule(element)) lines_.signature_rest = true;
    if (is_quotation(element, id)) {
      lines_.end_line();
      ++lines_.quoted;
    }
    if (is_signature(element, id)) {
      lines_.end_line();
      ++lines_.signature;
    }
    if (element.tag == GUMBO_TAG_PRE) ++preformatted_;
    if (element.tag == GUMBO_TAG_LI) lines_.text("• ", false), lines_.space();
    if (element.tag == GUMBO_TAG_TD || element.tag == GUMBO_TAG_TH) lines_.space();
    return true;
  }

  void leave(const GumboElement& element) {
    const auto id = plain_id(element);
    if (element.tag == GUMBO_TAG_A) link(element);
    if (is_quotation(element, id)) {
      lines_.end_line();
      --lines_.quoted;
    }
    if (is_signature(element, id)) {
      lines_.end_line();
      --lines_.signature;
    }
    if (element.tag == GUMBO_TAG_PRE) --preformatted_;
    if (has_margin(element))
      lines_.paragraph();
    else if (is_block(element.tag))
      lines_.end_line();
  }

  void picture(const GumboElement& element) {
    const auto source = attribute(element, "src");
    if (lower(source.substr(0, 4)) == "cid:") lines_.picture(url_decode(source.substr(4), false));
  }

  void link(const GumboElement& element) {
    const auto url = attribute(element, "href");
    if (is_cloud_attachment(url)) lines_.text(" " + clean_text(url.substr(0, 1000)), false);
  }

  std::vector<Frame> stack_{};
  Lines lines_{};
  int preformatted_ = 0;
};

/// How deep elements may be nested at most, by their tags alone.
std::size_t depth_bound(std::string_view html) {
  std::size_t open = 0, closed = 0;
  for (std::size_t at = html.find('<'); at != std::string_view::npos && at + 1 < html.size();
       at = html.find('<', at + 1)) {
    const auto name = lower(html.substr(at + 1, 4));
    if (name.starts_with('/'))
      ++closed;
    else if (!name.empty() && name[0] >= 'a' && name[0] <= 'z' && !name.starts_with("br") && !name.starts_with("img") &&
             !name.starts_with("hr") && !name.starts_with("meta") && !name.starts_with("p"))
      ++open;
  }
  return open - std::min(open, closed);
}

std::vector<MailLine> without_tags(std::string_view html) {
  std::string text;
  bool tag = false;
  for (const char c : html) {
    if (c == '<') tag = true;
    if (!tag) text += c;
    if (c == '>') tag = false;
  }
  return plain_lines(text);
}

}  // namespace

std::vector<MailLine> html_lines(std::string_view html) {
  if (depth_bound(html) > kDeepest) return without_tags(html);
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  auto* output = gumbo_parse_with_options(&options, html.data(), html.size());
  auto lines = Walk().run(output->root);
  gumbo_destroy_output(&options, output);
  return lines;
}

}  // namespace huiyin::email
