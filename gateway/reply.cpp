#include "gateway/reply.h"

#include <algorithm>

#include "core/overloaded.h"
#include "core/text.h"

namespace huiyin::gateway {
namespace {

constexpr auto kMoreTemplate = "gateway.more";  // 「回复“更多”继续看」

/// Takes from `rest` what fits into one message; what is left stays in `rest`.
std::string take_page(const Desk& desk, const std::string& locale, std::string& rest) {
  const std::size_t limit = desk.capabilities.max_bytes;
  if (limit == 0 || rest.size() <= limit) return std::exchange(rest, {});
  const std::string tail = "\n" + desk.renderer->render(kMoreTemplate, locale, desk.kind, {});
  const auto pages = paginate(rest, limit - tail.size());
  std::string left;
  for (std::size_t i = 1; i < pages.size(); ++i) left += (left.empty() ? "" : "\n") + pages[i];
  rest = std::move(left);
  return rest.empty() ? pages.front() : pages.front() + tail;
}

void add_paragraph(const Desk& desk, std::string& text, const std::string& paragraph) {
  if (paragraph.empty()) return;
  if (!text.empty()) text += desk.capabilities.segment > 0 ? "\n" : "\n\n";
  text += paragraph;
}

bool is_of_danger(const Desk& desk, std::string_view name) {
  return std::any_of(desk.flow.dangers.begin(), desk.flow.dangers.end(),
                     [name](const dialogs::DangerRule& rule) { return rule.say == name; });
}

}  // namespace

std::optional<OutboundMessage> render_reply(const Desk& desk, const std::vector<dialogs::Effect>& effects,
                                            Conversation& conversation) {
  OutboundMessage message{.to = conversation.peer, .locale = conversation.locale};
  bool of_danger = false;
  const auto say = [&](const std::string& name, const templates::Data& data) {
    // What providers with approved templates send of it: the last, but what to do in danger before all else.
    if (!of_danger) {
      message.template_name = name;
      message.data = data;
      of_danger = is_of_danger(desk, name);
    }
    add_paragraph(desk, message.text, desk.renderer->render(name, conversation.locale, desk.kind, data));
  };
  for (const auto& effect : effects) {
    if (const auto* words = std::get_if<dialogs::Say>(&effect)) say(words->name, words->data);
    if (const auto* question = std::get_if<dialogs::Ask>(&effect)) {
      say(question->name, question->data);
      message.choices = question->choices;
      const auto lines = templates::render_choices(question->choices);
      if (!lines.empty()) message.text += "\n" + lines;
    }
  }
  if (message.text.empty()) return std::nullopt;
  conversation.more = std::move(message.text);
  message.text = take_page(desk, conversation.locale, conversation.more);
  return message;
}

OutboundMessage next_page(const Desk& desk, Conversation& conversation) {
  return {.to = conversation.peer,
          .template_name = kMoreTemplate,
          .text = take_page(desk, conversation.locale, conversation.more),
          .locale = conversation.locale};
}

}  // namespace huiyin::gateway
