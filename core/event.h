#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/peer.h"
#include "core/time.h"

namespace huiyin {

/// Which piece of a message this is that came in pieces (a long SMS). `of` is 0 where nobody says how many there are:
/// the piece is a full one, so that another may follow.
struct TextPart {
  std::string reference{};  ///< the same for all pieces of one message; empty where `of` is 0
  int number = 1;
  int of = 0;
};

/// The owner's own words. `choice` is the id of the choice that was tapped, where the channel says so.
struct TextMessage {
  std::string text{};
  std::optional<std::string> choice{};
  std::optional<TextPart> part{};
};

enum class MediaKind { image, voice, video, file };

/// A photo, voice message, video or file that still lies with the provider.
struct MediaMessage {
  MediaKind kind = MediaKind::image;
  std::string media_id{};     ///< by which the provider hands it out; empty where it cannot be fetched
  std::string url{};          ///< where the provider gives one
  std::string format{};       ///< `amr`, a file name; a hint only
  std::string recognition{};  ///< speech to text, where the provider did it; never relied on
};

struct LocationMessage {
  double latitude = 0;  ///< as the provider gave it (WeChat: GCJ-02)
  double longitude = 0;
  std::string label{};  ///< the address line; may be empty
};

struct LinkMessage {
  std::string title{};
  std::string description{};
  std::string url{};
};

/// A file that came with a mail. Its bytes are in the media store before the event is decided.
struct ReceivedFile {
  MediaKind kind = MediaKind::file;
  std::string name{};
  std::string mime_type{};  ///< by its bytes
  std::string sha256{};     ///< hex; empty until it is kept
  std::int64_t bytes = 0;
};

/// Where in an exchange of mails a mail stands.
struct MailThread {
  std::string subject{};
  std::string message_id{};               ///< of the mail that is answered, with its brackets
  std::vector<std::string> references{};  ///< of the mails before it, oldest first
  std::int64_t ticket = 0;                ///< TicketNumber::sequence that the exchange is about; 0: none
  friend bool operator==(const MailThread&, const MailThread&) = default;
};

/// A whole mail: its text and its files are decided together.
struct MailMessage {
  std::string text{};  ///< what its sender newly wrote; without a word of it, the subject
  std::string sender_name{};
  std::vector<ReceivedFile> files{};
  MailThread thread{};           ///< `ticket`: named by our own signature in the reply address or a Message-ID
  std::int64_t ticket_hint = 0;  ///< a ticket named in the subject: believed only of its own, trusted peer
  bool trusted = false;          ///< he is who the From address says
  bool automatic = false;        ///< a robot wrote it: kept, never answered
};

/// A tap on a menu entry that means a command of ours (`MENU_REPAIR`).
struct MenuClick {
  std::string key{};
};

/// A tap on a button of a card that we sent (work chat).
struct CardTap {
  std::string card{};      ///< Card::id of the message
  std::string key{};       ///< Choice::id of the button
  std::string response{};  ///< by which the provider lets the card be changed once; empty where it needs none
  std::vector<std::pair<std::string, std::string>>
      selected{};  ///< question, option: where a card had something to choose
};

/// Follows the account, or scanned one of our codes; `scene` is what the code says, empty without one.
struct Followed {
  std::string scene{};
  bool scanned = false;  ///< true: was following already
};

struct Unfollowed {};

/// A person at the provider's own desk took the conversation over (`true`), or gave it back.
struct HumanDesk {
  bool taken = false;
};

/// The owner answered the question whether a kind of notice may be sent.
struct NoticeConsent {
  std::string template_id{};
  bool accepted = false;
};

/// The person withdrew what he allowed, or closed his account at the provider: his data is to be removed.
struct DataWithdrawal {
  std::string scope{};
};

enum class ReceiptState { delivered, failed };

/// What became of a message that we sent, found by our key or by the provider's id.
struct Receipt {
  std::string id{};
  ReceiptState state = ReceiptState::delivered;
  std::string detail{};
  bool peer_gone = false;  ///< nothing reaches the event's peer any more
  bool opts_out = false;   ///< the event's peer complained of being written to
  bool may_pass = false;   ///< of `failed`: what is in the way may pass (a mailbox is full), so it is sent again later
};

/// Something that the owner sent and that we cannot take (a file without content, an animated sticker): he is told.
struct UnsupportedMessage {
  std::string kind{};
};

/// Something that the provider tells and that needs no answer (VIEW, LOCATION, an unknown event). Stored, acknowledged.
struct Notice {
  std::string kind{};
  std::string detail{};
  bool alarm = false;  ///< the operator has to act (the account's certificate runs out)
};

/// A timer that fell due.
struct TimerFired {
  TimerId timer{};
  std::string kind{};
  std::string subject{};
};

using EventBody =
    std::variant<TextMessage, MediaMessage, LocationMessage, LinkMessage, MailMessage, MenuClick, CardTap, Followed,
                 Unfollowed, HumanDesk, NoticeConsent, DataWithdrawal, Receipt, UnsupportedMessage, Notice, TimerFired>;

/// Everything that happens is an Event.
struct Event {
  std::string
      key{};    ///< by which a repeat of this delivery is known; unique over all channels (it begins with the channel)
  Peer peer{};  ///< from whom; the address is empty where it is from nobody (a receipt, a job's end)
  Time sent_at{};  ///< as the provider says
  EventBody body{};
};

}  // namespace huiyin
