#include "pages/html.h"

namespace huiyin::pages {
namespace {

std::string escaped(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case '\n':
        out += lines ? "<br>" : "\n";
        break;
      case '\0':
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string escape(std::string_view text) { return escaped(text, false); }
std::string escape_lines(std::string_view text) { return escaped(text, true); }

std::string document(std::string_view title, std::string_view locale, std::string_view body) {
  std::string out = "<!doctype html>\n<html lang=\"";
  out += escape(locale);
  out +=
      "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<meta name=\"robots\" content=\"noindex\"><meta name=\"format-detection\" content=\"telephone=no\"><title>";
  out += escape(title);
  out +=
      "</title><link rel=\"stylesheet\" href=\"/pages/weui.css\"><link rel=\"stylesheet\" href=\"/pages/huiyin.css\">"
      "</head><body>\n<main class=\"page\">\n";
  out += body;
  return out + "\n</main>\n</body></html>\n";
}

std::string hidden(std::string_view name, std::string_view value) {
  return "<input type=\"hidden\" name=\"" + escape(name) + "\" value=\"" + escape(value) + "\">";
}

}  // namespace huiyin::pages
