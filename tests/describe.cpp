#include "tests/describe.h"

#include <fmt/format.h>

#include "core/overloaded.h"

namespace huiyin {
namespace {

std::string_view name_of(MediaKind kind) {
  constexpr std::string_view kNames[] = {"image", "voice", "video", "file"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string optional_field(std::string_view name, std::string_view value) {
  return value.empty() ? std::string() : fmt::format(" {}={}", name, value);
}

std::string describe_media(const MediaMessage& media) {
  return fmt::format("{} {}{}{}{}", name_of(media.kind), media.media_id, optional_field("url", media.url),
                     optional_field("format", media.format), optional_field("recognition", media.recognition));
}

}  // namespace

std::string describe(const EventBody& body) {
  return std::visit(
      Overloaded{
          [](const TextMessage& text) {
            auto out = "text " + text.text + (text.choice ? " choice=" + *text.choice : std::string());
            if (text.part)
              out += fmt::format(" part={}/{} of {}", text.part->number, text.part->of, text.part->reference);
            return out;
          },
          [](const MediaMessage& media) { return describe_media(media); },
          [](const LocationMessage& place) {
            return fmt::format("location {:.6f},{:.6f} {}", place.latitude, place.longitude, place.label);
          },
          [](const LinkMessage& link) {
            return fmt::format("link {} [{}] {}", link.title, link.description, link.url);
          },
          [](const MenuClick& click) { return "click " + click.key; },
          [](const CardTap& tap) {
            auto text = fmt::format("tap {} {}{}", tap.card, tap.key, optional_field("response", tap.response));
            for (const auto& [question, option] : tap.selected) text += optional_field(question, option);
            return text;
          },
          [](const Followed& followed) {
            return "followed " + followed.scene + (followed.scanned ? " (scanned)" : "");
          },
          [](const Unfollowed&) { return std::string("unfollowed"); },
          [](const HumanDesk& desk) { return std::string(desk.taken ? "desk taken" : "desk given back"); },
          [](const MailMessage& mail) {
            return fmt::format("mail \"{}\" files={} ticket={}{}{}", mail.text, mail.files.size(), mail.thread.ticket,
                               mail.trusted ? " trusted" : "", mail.automatic ? " automatic" : "");
          },
          [](const NoticeConsent& consent) {
            return fmt::format("consent {} {}", consent.template_id, consent.accepted ? "accepted" : "refused");
          },
          [](const DataWithdrawal& withdrawal) { return "withdrawal " + withdrawal.scope; },
          [](const Receipt& receipt) {
            return fmt::format("receipt {} {} {}", receipt.id,
                               receipt.state == ReceiptState::delivered ? "delivered" : "failed", receipt.detail);
          },
          [](const UnsupportedMessage& message) { return "unsupported " + message.kind; },
          [](const Notice& notice) {
            return fmt::format("notice {}{}{}", notice.kind, optional_field("detail", notice.detail),
                               notice.alarm ? " ALARM" : "");
          },
          [](const TimerFired& timer) {
            return fmt::format("timer {} {} {}", timer.timer.value, timer.kind, timer.subject);
          },
      },
      body);
}

std::string describe(const Event& event) {
  return fmt::format("{} {} @{} {}", event.key, event.peer.address.empty() ? "-" : event.peer.address,
                     event.sent_at.time_since_epoch().count() / 1000, describe(event.body));
}

std::string describe(const tl::expected<Inbound, Reject>& parsed) {
  if (!parsed) return fmt::format("Reject {}: {}", to_string(parsed.error().reason), parsed.error().what);
  if (parsed->answer) return fmt::format("answer {} {}", parsed->answer->status, parsed->answer->body);
  std::string out;
  for (const auto& event : parsed->events) out += (out.empty() ? "" : " | ") + describe(event);
  return out;
}

std::string describe(const SendResult& result) {
  return std::visit(
      Overloaded{
          [](const Accepted& sent) { return "Accepted " + sent.provider_id; },
          [](const RetryAfter& retry) {
            return fmt::format("RetryAfter {}s: {}{}", retry.wait.count() / 1000, retry.why,
                               retry.alarm ? " ALARM" : "");
          },
          [](const NextStep& step) { return "NextStep " + step.previous; },
          [](const CredentialExpired&) { return std::string("CredentialExpired"); },
          [](const WindowClosed& closed) { return "WindowClosed: " + closed.why + (closed.alarm ? " ALARM" : ""); },
          [](const PeerGone& gone) { return "PeerGone: " + gone.why; },
          [](const Rejected& rejected) { return fmt::format("Rejected {}: {}", rejected.code, rejected.why); },
          [](const Unknown& unknown) { return "Unknown: " + unknown.why; },
      },
      result);
}

}  // namespace huiyin
