#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/event.h"
#include "core/peer.h"

namespace huiyin {

/// One of the answers that a question offers. `id` is what comes back where a channel has buttons; where it has none
/// the owner types the number or the label.
struct Choice {
  std::string id{};
  std::string label{};
  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Article {
  std::string title{};
  std::string description{};
  std::string picture_url{};
  std::string url{};
  friend bool operator==(const Article&, const Article&) = default;
};

/// Media that the provider already holds for us, or that lies on our disk and is uploaded first.
struct MediaReference {
  MediaKind kind = MediaKind::image;
  std::string media_id{};
  std::string file{};  ///< a path on the sending node; used where media_id is empty, by channels that upload
  friend bool operator==(const MediaReference&, const MediaReference&) = default;
};

/// A message with a frame of its own (work chat): a title, labelled lines, a link, and the message's choices as
/// buttons. Where a channel knows no cards the message's text says the same.
struct Card {
  std::string id{};  ///< ours, unique on the channel: comes back with a tap. Empty: the message is no card
  std::string title{};
  std::string subtitle{};
  std::string text{};
  std::vector<std::pair<std::string, std::string>> lines{};  ///< label, value
  std::string url{};                                         ///< where a tap on the card itself leads
  std::string replaces{};  ///< CardTap::response: this changes a card that was sent, and is no new one
  friend bool operator==(const Card&, const Card&) = default;
};

/// What we say to somebody: the template and its data *and* the rendered text, since some providers take only the one,
/// some only the other.
struct OutboundMessage {
  std::string key{};  ///< the outbox row's id, or the delivery key of what it answers: the same for every attempt
  Peer to{};
  std::string template_name{};
  std::vector<std::pair<std::string, std::string>> data{};
  std::string text{};  ///< with choices written out as numbered lines already
  std::string locale{};
  std::vector<Choice> choices{};
  std::vector<Article> articles{};
  std::vector<MediaReference> media{};
  Card card{};
  MailThread thread{};        ///< of a mail: what it answers, or what it is about
  bool answer = false;        ///< to what the owner himself just wrote: he asks for it, so it goes though he opted out
  bool hand_to_desk = false;  ///< give the conversation to the provider's own human desk
  friend bool operator==(const OutboundMessage&, const OutboundMessage&) = default;
};

/// For the store: the message as JSON, and back. decode throws std::runtime_error on what encode did not write.
[[nodiscard]] std::string encode(const OutboundMessage& message);
[[nodiscard]] OutboundMessage decode_outbound_message(const std::string& json);
/// The same for what answers the delivery `key` of `peer`: where that is the message's own key and address, as it is of
/// nearly all, it is left out.
[[nodiscard]] std::string encode_answer(const OutboundMessage& message, const std::string& key, const Peer& peer);
[[nodiscard]] OutboundMessage decode_answer(const std::string& json, const std::string& key, const Peer& peer);

}  // namespace huiyin
