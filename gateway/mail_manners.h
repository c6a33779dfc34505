#pragma once

#include <optional>

#include "core/conversation.h"
#include "core/event.h"
#include "core/message.h"
#include "core/unit_of_work.h"
#include "gateway/office.h"

namespace huiyin::gateway {

/// Puts the reply to a mail under that mail, with the ticket that it is about. It is dropped, though what was decided
/// stands, once the owner's address has had its share of answers that nobody wrote: whatever a robot's headers say, an
/// exchange with it ends (sms-and-email.md E5).
void thread_reply(const MailMessage& mail, const UnitOfWork& unit, Time now, Conversation& conversation,
                  std::optional<OutboundMessage>& reply);
inline constexpr int kMailAnswersAnHour = 3;
inline constexpr int kMailAnswersADay = 10;

/// The message as a mail's page of HTML, by the text `mail_html`; empty where the company's texts have none.
[[nodiscard]] std::string mail_page(const Office& office, const std::string& company, const OutboundMessage& message);

/// What a receipt tells of the conversation with its peer: nothing reaches him, or he complained. Where there is no
/// such conversation, nothing.
void note_receipt(const Receipt& receipt, std::optional<Conversation> conversation, UnitOfWork& unit);

/// Does a bounce blame our own set-up (RFC 3463, X.7: SPF, DKIM, reputation)? Then only the operator can mend it.
[[nodiscard]] bool blames_us(const Receipt& receipt);

}  // namespace huiyin::gateway
