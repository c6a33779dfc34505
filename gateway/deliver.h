#pragma once

#include "core/time.h"
#include "gateway/control_protocol.h"
#include "gateway/mail_intake.h"

namespace huiyin::gateway {

/// Does what a second process asks of the daemon; waits until it is done.
[[nodiscard]] ControlReply answer_process(MailIntake& mails, const Clock& clock, ControlRequest request);

/// Takes one mail, waiting: 0, 65 for what can never be taken, 75 for not now. What it says may go to the sender.
[[nodiscard]] ControlReply deliver(MailIntake& mails, ReceivedMail mail);

}  // namespace huiyin::gateway
