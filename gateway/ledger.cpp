#include "gateway/ledger.h"

#include <algorithm>

#include "core/overloaded.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

// WeChat, Customer_Service_Messages: the table of triggers (wechat-and-workchat A8).
constexpr PushWindow window(Time now, Millis open, int pushes) { return {now + open, pushes}; }
constexpr auto kMessageWindow = 48h;
constexpr int kMessagePushes = 5;
constexpr auto kActionWindow = 1min;
constexpr int kActionPushes = 3;
// One tap on the pop-up can allow several; nobody needs more than this many notices.
constexpr std::size_t kMostConsents = 20;
constexpr std::size_t kMostTemplateId = 64;  // the provider's have 43 characters

/// Each yes is one notice; a no, to the question or later in the settings, ends all that were left of the kind.
void note_consent(std::vector<std::string>& consents, const NoticeConsent& answer) {
  const auto& id = answer.template_id;
  if (id.empty() || id.size() > kMostTemplateId) return;
  if (!answer.accepted)
    std::erase(consents, id);
  else if (consents.size() < kMostConsents)
    consents.push_back(id);
}

}  // namespace

bool is_from_owner(const EventBody& body) {
  return std::visit(
      Overloaded{[](const TextMessage&) { return true; }, [](const MediaMessage&) { return true; },
                 [](const LocationMessage&) { return true; }, [](const LinkMessage&) { return true; },
                 [](const MailMessage& mail) { return !mail.automatic; }, [](const MenuClick&) { return true; },
                 [](const CardTap&) { return true; }, [](const Followed&) { return true; },
                 [](const Unfollowed&) { return true; }, [](const HumanDesk&) { return false; },
                 [](const NoticeConsent&) { return true; }, [](const DataWithdrawal&) { return true; },
                 [](const Receipt&) { return false; }, [](const UnsupportedMessage&) { return true; },
                 [](const Notice&) { return false; }, [](const TimerFired&) { return false; }},
      body);
}

void note_inbound(Conversation& conversation, const Event& event, Time now) {
  auto& windows = conversation.windows;
  std::erase_if(windows, [now](const PushWindow& open) { return open.expires <= now || open.remaining <= 0; });
  const auto message = [&] {
    // A new message replaces what the one before it allowed, and what is left of that.
    std::erase_if(windows, [now](const PushWindow& open) { return open.expires > now + kActionWindow; });
    windows.push_back(window(event.sent_at, kMessageWindow, kMessagePushes));
  };
  const auto action = [&] { windows.push_back(window(event.sent_at, kActionWindow, kActionPushes)); };
  std::visit(Overloaded{[&](const TextMessage& text) { text.choice ? action() : message(); },
                        [&](const MediaMessage&) { message(); }, [&](const LocationMessage&) { message(); },
                        [&](const LinkMessage&) { message(); }, [&](const UnsupportedMessage&) { message(); },
                        [&](const MenuClick&) { action(); }, [&](const Followed&) { action(); },
                        [&](const NoticeConsent& consent) { note_consent(conversation.consents, consent); },
                        [&](const Unfollowed&) {
                          windows.clear();
                          conversation.consents.clear();
                        },
                        [](const auto&) {}},
             event.body);
  if (!is_from_owner(event.body)) return;
  conversation.last_inbound = std::max(conversation.last_inbound.value_or(event.sent_at), event.sent_at);
  conversation.gone = std::holds_alternative<Unfollowed>(event.body);
}

}  // namespace huiyin::gateway
