#include "gateway/replay/words.h"

#include <fmt/format.h>

#include "core/overloaded.h"
#include "gateway/ticket_text.h"

namespace huiyin::gateway {
namespace {

std::string bracketed(std::string_view what, std::string_view detail = {}) {
  return detail.empty() ? fmt::format("[{}]", what) : fmt::format("[{} {}]", what, detail);
}

}  // namespace

std::string words_of(const Event& event) {
  return std::visit(
      Overloaded{
          [](const TextMessage& text) { return text.text; },
          [](const MediaMessage& media) { return bracketed(word_for(media.kind), media.recognition); },
          [](const LocationMessage& place) { return bracketed("位置 location", place.label); },
          [](const LinkMessage& link) { return bracketed("链接 link", link.title); },
          [](const MailMessage& mail) {
            return mail.files.empty() ? mail.text : fmt::format("{}\n[附件 files: {}]", mail.text, mail.files.size());
          },
          [](const MenuClick& click) { return bracketed("菜单 menu", click.key); },
          [](const CardTap& tap) { return bracketed("按钮 button", tap.key); },
          [](const Followed& followed) { return bracketed("关注 follows", followed.scene); },
          [](const Unfollowed&) { return bracketed("取消关注 unfollows"); },
          [](const HumanDesk& desk) { return bracketed("人工客服 desk", desk.taken ? "+" : "-"); },
          [](const NoticeConsent& consent) { return bracketed("订阅通知 notices", consent.accepted ? "+" : "-"); },
          [](const DataWithdrawal& withdrawal) { return bracketed("撤回授权 withdraws", withdrawal.scope); },
          [](const Receipt& receipt) { return bracketed("回执 receipt", receipt.detail); },
          [](const UnsupportedMessage& message) { return bracketed("不支持 unsupported", message.kind); },
          [](const Notice& notice) { return bracketed("通知 notice", notice.kind); },
          [](const TimerFired& fired) { return bracketed("定时 timer", fired.kind); }},
      event.body);
}

std::string words_of(const OutboundMessage& message) {
  auto out = message.text;
  for (const auto& choice : message.choices)
    if (out.find(choice.label) == std::string::npos) out += "\n" + choice.label;
  return out;
}

}  // namespace huiyin::gateway
