#include "pages/ticket_page.h"

namespace huiyin::pages {
namespace {

/// A label and what stands beside it; nothing without a value.
std::string cell(const std::string& label, std::string_view value) {
  if (value.empty()) return {};
  return "<div class=\"weui-cell\"><div class=\"weui-cell__hd\"><label class=\"weui-label\">" + escape(label) +
         "</label></div><div class=\"weui-cell__bd\">" + escape_lines(value) + "</div></div>\n";
}

std::string facts(const TicketPage& page, const Words& words) {
  std::string out = "<div class=\"weui-cells\">\n";
  out += cell(words("page.label_status", {}), page.status);
  out += cell(words("page.label_category", {}), page.category);
  out += cell(words("page.label_place", {}), page.place);
  out += cell(words("page.label_description", {}), page.description);
  out += cell(words("page.label_deadline", {}), page.deadline);
  out += cell(words("page.label_holder", {}), page.holder);
  out += cell(words("page.label_opened", {}), page.opened);
  return out + "</div>\n";
}

std::string photos(const TicketPage& page, const Words& words) {
  if (page.photos.empty()) return {};
  std::string out =
      "<div class=\"weui-cells__title\">" + escape(words("page.label_photos", {})) + "</div>\n<div class=\"photos\">";
  for (const auto& path : page.photos)
    out += "<a href=\"" + escape(path) + "\"><img src=\"" + escape(path) + "\" alt=\"" +
           escape(words("page.label_photos", {})) + "\" loading=\"lazy\"></a>";
  return out + "</div>\n";
}

std::string history(const TicketPage& page, const Words& words) {
  if (page.history.empty()) return {};
  std::string out = "<div class=\"weui-cells__title\">" + escape(words("page.label_history", {})) +
                    "</div>\n<ol class=\"weui-cells history\">\n";
  for (const auto& line : page.history)
    out += "<li class=\"weui-cell\"><div class=\"weui-cell__bd\">" + escape_lines(line.what) +
           "</div><div class=\"weui-cell__ft\">" + escape(line.at) +
           (line.who.empty() ? "" : "<br>" + escape(line.who)) + "</div></li>\n";
  return out + "</ol>\n";
}

std::string fields(const TicketPage& page, const TicketPage::Deed& deed, const Words& words) {
  std::string out;
  if (deed.needs_receiver)
    out +=
        "<div class=\"weui-cell\"><div class=\"weui-cell__bd\"><input class=\"weui-input\" name=\"receiver\" "
        "required maxlength=\"60\" placeholder=\"" +
        escape(words("page.hint_receiver", {})) + "\"></div></div>";
  if (deed.takes_category) {
    out += "<div class=\"weui-cell\"><div class=\"weui-cell__bd\"><select class=\"weui-select\" name=\"receiver\">";
    out += "<option value=\"\">" + escape(words("page.hint_category", {})) + "</option>";
    for (const auto& [value, label] : page.categories)
      out += "<option value=\"" + escape(value) + "\">" + escape(label) + "</option>";
    out += "</select></div></div>";
  }
  if (deed.needs_words)
    out +=
        "<div class=\"weui-cell\"><div class=\"weui-cell__bd\"><textarea class=\"weui-textarea\" name=\"text\" "
        "rows=\"3\" "
        "required maxlength=\"1000\" placeholder=\"" +
        escape(words("page.hint_words", {})) + "\"></textarea></div></div>";
  if (deed.needs_told) {
    out += "<fieldset class=\"weui-cell\"><legend>" + escape(words("page.label_told", {})) + "</legend>";
    for (const auto& [value, label] : page.told_by)
      out += "<label><input type=\"radio\" name=\"told_by\" required value=\"" + escape(value) + "\"> " +
             escape(label) + "</label> ";
    out += "</fieldset>";
  }
  // No `capture`: the phone offers both its camera and the photos that were taken on the spot.
  if (deed.takes_photos)
    out += "<div class=\"weui-cell\"><div class=\"weui-cell__bd\"><label>" +
           escape(words(deed.needs_photo ? "page.photos_needed" : "page.photos", {})) +
           " <input type=\"file\" name=\"photo\" accept=\"image/*\" multiple" + (deed.needs_photo ? " required" : "") +
           "></label></div></div>";
  return out;
}

std::string deed_form(const TicketPage& page, const TicketPage::Deed& deed, const Words& words) {
  const bool folds =
      deed.needs_words || deed.needs_told || deed.needs_receiver || deed.takes_category || deed.takes_photos;
  auto form = "<form method=\"post\" action=\"" + escape(page.path) + "\"" +
              (deed.takes_photos ? " enctype=\"multipart/form-data\"" : "") + ">" + hidden("form", page.form_token) +
              hidden("action", deed.action) + fields(page, deed, words) + "<button class=\"weui-btn " +
              (folds ? "weui-btn_default" : "weui-btn_primary") + "\" type=\"submit\">" + escape(deed.label) +
              "</button></form>\n";
  if (!folds) return form;
  return "<details class=\"weui-cells deed\"><summary class=\"weui-cell\">" + escape(deed.label) + "</summary>" + form +
         "</details>\n";
}

}  // namespace

std::string render(const TicketPage& page, const Words& words) {
  const auto title = words("page.ticket", {{"number", page.number}});
  std::string body = "<header class=\"head\"><h1>" + escape(title) + "</h1>";
  if (page.urgent) body += "<span class=\"urgent\">" + escape(words("page.urgent", {})) + "</span>";
  body += "<p>" + escape(words("page.reader", {{"name", page.reader}})) + "</p></header>\n";
  if (!page.notice.empty()) body += "<p class=\"notice\" role=\"status\">" + escape_lines(page.notice) + "</p>\n";
  body += facts(page, words) + photos(page, words);
  if (!page.deeds.empty()) {
    body += "<div class=\"deeds\">\n";
    for (const auto& deed : page.deeds) body += deed_form(page, deed, words);
    body += "</div>\n";
  }
  return document(title, page.locale, body + history(page, words));
}

}  // namespace huiyin::pages
