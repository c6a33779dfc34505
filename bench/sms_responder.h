#pragma once

#include <string>

namespace huiyin::bench {

/// The least that a service behind Kannel does: answers each MO's call at once, and sends by sendsms (at `send_url`) an
/// answer as long as Huiyin's, with a delivery report. Stores nothing. Listens on `port`, prints `ready`, and serves
/// until it is ended: `sms --responder` runs it as a process of its own.
int run_responder(int port, const std::string& send_url);

}  // namespace huiyin::bench
