#include "pages/small_pages.h"

namespace huiyin::pages {
namespace {

constexpr int kScores = 5;

std::string notice(std::string_view text) {
  return text.empty() ? std::string() : "<p class=\"notice\" role=\"status\">" + escape_lines(text) + "</p>\n";
}

std::string button(const std::string& label) {
  return "<button class=\"weui-btn weui-btn_primary\" type=\"submit\">" + escape(label) + "</button>";
}

std::string radio(std::string_view name, std::string_view value, const std::string& label, bool chosen) {
  return "<label class=\"weui-cell\"><input type=\"radio\" name=\"" + std::string(name) + "\" value=\"" +
         std::string(value) + "\"" + (chosen ? " checked" : "") + "> " + escape(label) + "</label>";
}

std::string choices(const std::string& question, const std::string& answers) {
  return "<fieldset class=\"weui-cells scores\"><legend>" + escape(question) + "</legend>" + answers + "</fieldset>";
}

std::string input(std::string_view attributes, const std::string& hint) {
  return "<div class=\"weui-cells\"><div class=\"weui-cell\"><div class=\"weui-cell__bd\"><input "
         "class=\"weui-input\" " +
         std::string(attributes) + " required placeholder=\"" + escape(hint) + "\"></div></div></div>";
}

}  // namespace

std::string render_words(std::string_view name, std::string_view locale, const Words& words) {
  return document(words("page.title", {}), locale, notice(words(name, {})));
}

std::string render(const SurveyPage& page, const Words& words) {
  const auto title = words("page.survey", {});
  std::string body = "<header class=\"head\"><h1>" + escape(title) + "</h1><p>" +
                     escape(words("page.survey_about", {{"number", page.number}, {"problem", page.problem}})) +
                     "</p></header>\n" + notice(page.notice);
  if (!page.notice.empty() && page.form_token.empty()) return document(title, page.locale, body);
  std::string scores, outcomes;
  for (int score = kScores; score > 0; --score) {
    const auto number = std::to_string(score);
    scores += radio("score", number, words("page.score_" + number, {}), score == page.chosen);
  }
  for (const auto outcome : kOutcomes)
    outcomes += radio("outcome", outcome, words("page.outcome_" + std::string(outcome), {}), outcome == page.outcome);
  body += "<form method=\"post\" action=\"" + escape(page.path) + "\">" + hidden("form", page.form_token) +
          choices(words("page.survey_score", {}), scores) + choices(words("page.survey_outcome", {}), outcomes);
  body +=
      "<div class=\"weui-cells\"><div class=\"weui-cell\"><div class=\"weui-cell__bd\"><textarea "
      "class=\"weui-textarea\" name=\"text\" rows=\"3\" maxlength=\"500\" placeholder=\"" +
      escape(words("page.survey_words", {})) + "\"></textarea></div></div></div>" + button(words("page.submit", {})) +
      "</form>";
  return document(title, page.locale, body);
}

std::string render(const SignInPage& page, const Words& words) {
  const auto title = words("page.sign_in", {});
  std::string body = "<header class=\"head\"><h1>" + escape(title) + "</h1><p>" +
                     escape(words(page.code_sent ? "page.code_sent" : "page.sign_in_why", {})) + "</p></header>\n" +
                     notice(page.notice) + "<form method=\"post\" action=\"" + escape(page.path) + "\">" +
                     hidden("form", page.form_token);
  if (page.code_sent)
    body +=
        hidden("who", page.who) +
        input("name=\"code\" inputmode=\"numeric\" autocomplete=\"one-time-code\" pattern=\"[0-9]{6}\" maxlength=\"6\"",
              words("page.hint_code", {}));
  else
    body += input("name=\"who\" autocomplete=\"username\" maxlength=\"64\"", words("page.hint_who", {}));
  body += button(words(page.code_sent ? "page.enter" : "page.send_code", {})) + "</form>";
  return document(title, page.locale, body);
}

}  // namespace huiyin::pages
