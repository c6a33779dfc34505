#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "core/attachment.h"
#include "core/capabilities.h"
#include "core/event.h"
#include "core/message.h"
#include "core/outbox.h"
#include "core/random.h"
#include "core/secret.h"
#include "core/time.h"
#include "net/http.h"

namespace huiyin {

/// Why a request was refused. The caller answers with status_of() and no detail, and counts it.
enum class RejectReason { bad_signature, stale, malformed, too_large, unsupported };

struct Reject {
  RejectReason reason = RejectReason::malformed;
  std::string what{};  ///< for the log; holds nothing of the message's content
};

[[nodiscard]] std::string_view to_string(RejectReason reason);
/// 403 for a bad signature or a stale request, 400 malformed, 413 too large, 404 unsupported.
[[nodiscard]] int status_of(RejectReason reason);
[[nodiscard]] tl::unexpected<Reject> reject(RejectReason reason, std::string what);

/// What acknowledge() needs to remember of the request that it answers.
struct ReplyContext {
  std::string to{};         ///< the peer, as the provider wrote it
  std::string from{};       ///< our account, as the provider wrote it
  int key = -1;             ///< which key decrypted it: 0 current, 1 previous; -1: it was plain
  int token = 0;            ///< which token it was signed with: 0 current, 1 previous
  bool takes_reply = true;  ///< false: whatever we say goes nowhere (unsubscribe, a job's end)
  std::size_t max_articles = 1;
};

/// A message that does not come by HTTP: a mail from a pipe or a mailbox. Borrowed for one call.
struct RawMessage {
  std::string_view bytes{};
  std::optional<std::string> sender{};  ///< of the envelope, where it is known; empty: `<>`
  std::string recipient{};              ///< of the envelope; empty: unknown
  Time received_at{};
};

/// A mailbox that the channel's messages are fetched from (IMAP).
struct Mailbox {
  std::string url{};  ///< imaps://imap.example.com:993, without a folder
  std::string user{};
  Secret password{};
  std::string ca_file{};  ///< PEM; empty: the system's
  std::string folder{"INBOX"};
  std::string done_folder{};    ///< where a message goes once it is stored; empty: it stays, marked with a keyword
  std::string failed_folder{};  ///< where one goes that cannot be read
  std::chrono::seconds poll{60};
  bool idle = true;                     ///< wait for new messages where the server can tell of them
  std::size_t most_bytes = 50U << 20U;  ///< of a message; a larger one is not read
};

/// What came in: the events of one request, in order.
struct Inbound {
  std::vector<Event> events{};
  std::vector<std::string> files{};  ///< of the MailMessage among the events: the bytes of its files, in their order
  std::string raw{};                 ///< for the inbox: the body, decrypted
  std::vector<std::string> raws{};   ///< one for each event, where a request holds many; empty: `raw` is that of all
  ReplyContext context{};
  std::optional<HttpReply> answer{};  ///< a handshake (URL verification): answer this, there is nothing to decide

  [[nodiscard]] const std::string& raw_of(std::size_t event) const { return event < raws.size() ? raws[event] : raw; }
};

/// What a passive reply is wrapped with.
struct Envelope {
  Time now{};
  Random* random = nullptr;
};

// What became of an attempt to send.
struct Accepted {
  std::string provider_id{};
};
struct RetryAfter {
  std::chrono::milliseconds wait{};
  std::string why{};
  bool alarm = false;  ///< it will not mend itself: the operator has to act (the secret, the allow-list, the account)
};
struct NextStep {
  std::string previous{};  ///< what the first step gave (an uploaded media id)
};
struct CredentialExpired {};
/// This way to this peer is closed (its time, its count, the consent, the template): another may be open.
struct WindowClosed {
  std::string why{};
  bool alarm = false;  ///< and it is closed for everybody, until the operator acts
};
struct PeerGone {
  std::string why{};
};
struct Rejected {
  std::string code{};
  std::string why{};
};
/// The provider may have it: not sent again blindly.
struct Unknown {
  std::string why{};
};
using SendResult =
    std::variant<Accepted, RetryAfter, NextStep, CredentialExpired, WindowClosed, PeerGone, Rejected, Unknown>;

/// What compose() may use beside the message.
struct Sending {
  Time now{};
  std::uint64_t nonce = 0;
  std::string credential{};
  int step = 0;
  std::string previous{};
  Way way = Way::push;
  std::string template_id{};  ///< for the ways that go by a template of the provider's
  Time created{};             ///< when the message was queued: it was not tried before. Unset: nobody knows
  std::string page{};         ///< the message as a page of HTML, for mail; empty: the adapter makes a plain one
};

/// A template that the provider keeps for the account, and the one of ours that it carries. From the configuration.
struct ProviderTemplate {
  std::string template_name{};  ///< ours: OutboundMessage::template_name
  Way way = Way::subscription;
  std::string template_id{};  ///< the provider's
};

/// An access token or the like: what calls are made with, until it expires.
struct Credential {
  Secret value{};
  Time expires{};
};

// What became of a request for media.
struct Fetched {
  std::string file_name{};  ///< as the provider names it; a hint only
};
/// Fetch this instead: a redirect in the body, a second host.
struct FetchElsewhere {
  std::string url{};
};
using FetchResult = std::variant<Fetched, FetchElsewhere, RetryAfter, CredentialExpired, Rejected>;

/// Is a text of ours among those that Channel::carried() names?
[[nodiscard]] bool is_carried(const std::vector<std::string>& carried, std::string_view template_name);

/// One provider's protocol: it parses, verifies, formats; it decides nothing and does no I/O. Thread-safe: nothing
/// changes after construction.
class Channel {
 public:
  Channel() = default;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  virtual ~Channel() = default;

  /// Verifies first, on the bytes as they came; its only time is request.received_at.
  [[nodiscard]] virtual tl::expected<Inbound, Reject> parse(const HttpRequest& request) const = 0;
  /// The same for a message that does not come by HTTP. Nothing of `message` is kept but what is copied out of it.
  [[nodiscard]] virtual tl::expected<Inbound, Reject> parse_raw(const RawMessage& message) const;
  /// The events of what the inbox kept of an earlier delivery: Inbound::raw, or one of `raws`. The bytes are our own,
  /// so nothing is verified again. Answers "unsupported" where a channel does not say otherwise.
  [[nodiscard]] virtual tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const;
  /// The mailbox to fetch messages from; nothing where they are brought.
  [[nodiscard]] virtual std::optional<Mailbox> mailbox() const;
  /// The answer to the provider's request: with a message the passive reply, encrypted with the key that decrypted the
  /// request; without one the provider's bare "success".
  [[nodiscard]] virtual HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                              const Envelope& envelope) const = 0;
  [[nodiscard]] virtual Capabilities capabilities() const = 0;
  /// The notices that this account can send, in the configuration's order.
  [[nodiscard]] virtual std::vector<ProviderTemplate> provider_templates() const;
  /// A page on which owners allow the notices of Way::subscription; empty: there is none.
  [[nodiscard]] virtual std::string consent_url() const;
  /// Words that, as a whole message, end what we send of our own here, beside those of the flow; folded.
  [[nodiscard]] virtual std::vector<std::string> opt_out_words() const;
  /// Does the provider answer these words itself? Then we do not.
  [[nodiscard]] virtual bool answers_opt_out() const;
  /// The texts of ours that the provider has approved, by name (a * at a name's end stands for any more of it).
  /// Nothing: every text can go.
  [[nodiscard]] virtual std::optional<std::vector<std::string>> carried() const;
  /// How many billed parts the message is; 0 where the provider does not bill by parts.
  [[nodiscard]] virtual int parts_of(const OutboundMessage& message) const;
  /// What the account could do and does not, for want of configuration: a line each, for `huiyin check`.
  [[nodiscard]] virtual std::vector<std::string> shortcomings() const;

  // Sending. What follows answers "unsupported" where a channel does not say otherwise.

  /// The request that sends `message` the way that `sending` names; Rejected where it breaks the provider's rules: it
  /// is then not tried.
  [[nodiscard]] virtual tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                                 const Sending& sending) const;
  /// What the provider's answer (or its absence) to compose()'s request means.
  [[nodiscard]] virtual SendResult judge(const HttpReply& reply, const OutboundMessage& message,
                                         const Sending& sending) const;
  /// The request for a fresh credential; nothing where the channel needs none. `force`: the provider refused the
  /// current one.
  [[nodiscard]] virtual std::optional<HttpCall> compose_credential(bool force) const;
  [[nodiscard]] virtual tl::expected<Credential, SendResult> judge_credential(const HttpReply& reply, Time now) const;
  /// The request for the bytes of an owner's photo, video, voice message or file.
  [[nodiscard]] virtual tl::expected<HttpCall, Rejected> compose_fetch(const MediaJob& job,
                                                                       const Sending& sending) const;
  /// From the status, the headers and (where it is no media) the first bytes of the body.
  [[nodiscard]] virtual FetchResult judge_fetch(const HttpReply& reply, const MediaJob& job,
                                                const Sending& sending) const;
  // Who is it? For pages that stand in a chat.

  /// The provider's page that sends a browser of its chat on to `back`, a URL of ours, with a `code` for whose chat it
  /// is, and with `state` (letters and digits, 128 at most); empty: there is none.
  [[nodiscard]] virtual std::string sign_in_url(const std::string& back, const std::string& state) const;
  /// The request that asks whose `code` it is, and the address in its answer; a code is good once, for minutes.
  [[nodiscard]] virtual tl::expected<HttpCall, Rejected> compose_identity(const std::string& code,
                                                                          const Sending& sending) const;
  [[nodiscard]] virtual tl::expected<std::string, SendResult> judge_identity(const HttpReply& reply) const;
  /// Hosts that media may come from (`*.example.com` for a whole domain), beside that of compose_fetch()'s own URL.
  [[nodiscard]] virtual std::vector<std::string> media_hosts() const;
};

}  // namespace huiyin
