#include "gateway/mail_manners.h"

#include <algorithm>
#include <chrono>

#include "adapters/email/mail_writer.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostReferences = 30;

/// May one more answer go? Notes it where it may.
bool take_share(std::vector<Time>& answered, Time now) {
  std::erase_if(answered, [now](Time at) { return at <= now - 24h; });
  const auto lately = std::count_if(answered.begin(), answered.end(), [now](Time at) { return at > now - 1h; });
  if (lately >= kMailAnswersAnHour || static_cast<int>(answered.size()) >= kMailAnswersADay) return false;
  answered.push_back(now);
  return true;
}

}  // namespace

void thread_reply(const MailMessage& mail, const UnitOfWork& unit, Time now, Conversation& conversation,
                  std::optional<OutboundMessage>& reply) {
  if (!reply) return;
  if (!take_share(conversation.dialog.mails_answered, now)) {
    reply.reset();
    return;
  }
  reply->thread = mail.thread;
  auto& references = reply->thread.references;
  if (references.size() > kMostReferences)
    references.erase(references.begin() + 1, references.end() - static_cast<std::ptrdiff_t>(kMostReferences - 1));
  const auto opened = std::find_if(unit.tickets.begin(), unit.tickets.end(), [&](const Ticket& ticket) {
    return ticket.version == 0 || ticket.id == conversation.dialog.ticket;
  });
  if (opened != unit.tickets.end()) reply->thread.ticket = opened->number.sequence;
}

std::string mail_page(const Office& office, const std::string& company, const OutboundMessage& message) {
  constexpr auto kPage = "mail_html";
  if (!office.renderer->has(kPage)) return {};
  const auto locale = message.locale.empty() ? office.locale : message.locale;
  return office.renderer->render(kPage, locale, "email",
                                 {{"locale", email::escape_html(locale)},
                                  {"body", email::html_body(message.text)},
                                  {"company", email::escape_html(company)}});
}

void note_receipt(const Receipt& receipt, std::optional<Conversation> conversation, UnitOfWork& unit) {
  if (!conversation || (!receipt.peer_gone && !receipt.opts_out)) return;
  conversation->gone = conversation->gone || receipt.peer_gone;
  conversation->opted_out = conversation->opted_out || receipt.opts_out;
  unit.conversation = std::move(conversation);
}

bool blames_us(const Receipt& receipt) {
  return receipt.state == ReceiptState::failed && receipt.detail.starts_with("5.7.");
}

}  // namespace huiyin::gateway
