#include "gateway/mail_intake.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "core/text.h"

namespace huiyin::gateway {
namespace {

using namespace std::chrono_literals;
using Result = MailIntake::Taken::Result;

constexpr auto kPatience = 20s;  // for a decision; after it the spool has the mail
/// Larger mails lie beside the photos on disk, and the inbox says where: they would make a group of commits too large.
constexpr std::size_t kMostInInbox = 16U << 10U;
constexpr std::string_view kSpoolPath = "mail:";  // no request over HTTP has such a path

}  // namespace

const ChannelSetup* MailIntake::find(const std::string& channel) const {
  const ChannelSetup* only = nullptr;
  for (const auto& [path, setup] : world_.channels) {
    if (setup.name == channel) return &setup;
    if (!channel.empty() || setup.desk.kind != "email") continue;
    if (only != nullptr) return nullptr;  // none is named, and there are several
    only = &setup;
  }
  return only;
}

/// To whoever configured the pipe, where find() found nothing.
std::string MailIntake::say_which(const std::string& channel) const {
  std::string names;
  for (const auto& [path, setup] : world_.channels)
    if (setup.desk.kind == "email") names += (names.empty() ? "" : ", ") + setup.name;
  const auto what = channel.empty() ? std::string("which mailbox is it for?") : "no channel is called " + channel;
  return what + (names.empty() ? "; no channel takes mails" : "; say --channel and one of: " + names);
}

Expected<std::string> MailIntake::keep(std::string_view bytes, std::string& mime_type) {
  auto incoming = world_.media.receive();
  if (!incoming) return tl::unexpected(incoming.error());
  if (!(*incoming)->write(bytes)) return tl::unexpected(Error{"media", (*incoming)->why_not(), ""});
  if (auto type = world_.types.type_of((*incoming)->path()); !type.empty()) mime_type = std::move(type);
  return world_.media.keep(**incoming);
}

bool MailIntake::keep_files(Inbound& inbound, MailMessage& mail, std::string& why) {
  for (std::size_t i = 0; i < mail.files.size() && i < inbound.files.size(); ++i) {
    auto& file = mail.files[i];
    auto kept = keep(inbound.files[i], file.mime_type);
    if (!kept) {
      why = kept.error().what;
      return false;
    }
    file.sha256 = *std::move(kept);
    // Shown as a photo is only what people's programs can open as one.
    if (file.kind != MediaKind::file && !is_accepted(file.mime_type, file.kind)) file.kind = MediaKind::file;
    inbound.files[i] = std::string();  // the memory of one file at a time
  }
  return true;
}

std::optional<Incoming> MailIntake::prepare(const ReceivedMail& mail, Taken& failure) {
  const auto* setup = find(mail.channel);
  if (setup == nullptr) {
    failure = {Result::not_now, say_which(mail.channel)};  // a configuration's mistake must not bounce owners' mail
    return std::nullopt;
  }
  world_.metrics.received(setup->name);
  auto inbound = setup->channel->parse_raw(
      {.bytes = mail.bytes, .sender = mail.sender, .recipient = mail.recipient, .received_at = mail.received});
  if (!inbound) {
    world_.metrics.refused(setup->name, to_string(inbound.error().reason));
    spdlog::warn("mail_refused channel={} what=\"{}\" bytes={}", setup->name, inbound.error().what, mail.bytes.size());
    failure = {Result::refused, inbound.error().what};
    return std::nullopt;
  }
  auto& event = inbound->events.front();
  if (auto* message = std::get_if<MailMessage>(&event.body); message != nullptr && !message->automatic) {
    std::string why;
    if (!keep_files(*inbound, *message, why)) {
      spdlog::error("mail_not_kept channel={} why=\"{}\"", setup->name, why);
      failure = {Result::not_now, "the disk takes no more"};
      return std::nullopt;
    }
  }
  Incoming incoming{.event = std::move(event),
                    .request_id = fmt::format("{:016x}", world_.random.next()),
                    .received = mail.received,
                    .late = true};
  if (mail.bytes.size() <= kMostInInbox) {
    incoming.raw = mail.bytes;
    return incoming;
  }
  const auto kept = keep_raw(mail);
  if (!kept) {
    failure = {Result::not_now, "the disk takes no more"};
    return std::nullopt;
  }
  incoming.raw = "file:" + *kept;
  return incoming;
}

/// Below the folder for media. Those whose inbox rows are gone by now go too, once a day.
Expected<std::string> MailIntake::keep_raw(const ReceivedMail& mail) {
  const auto day = std::chrono::floor<std::chrono::days>(mail.received).time_since_epoch().count();
  if (day_.exchange(day) != day) world_.media.forget_mails_before(mail.received - world_.raw_kept);
  auto incoming = world_.media.receive();
  if (!incoming) return tl::unexpected(incoming.error());
  if (!(*incoming)->write(mail.bytes)) return tl::unexpected(Error{"media", (*incoming)->why_not(), ""});
  return world_.media.keep_mail(**incoming, mail.received);
}

void MailIntake::take(ReceivedMail mail, Done done) {
  Taken failure;
  auto incoming = prepare(mail, failure);
  if (!incoming) return done(std::move(failure));
  const auto event = incoming->event;
  if (!event.peer.address.empty() && world_.spool.holds(event.peer)) return done(spool(mail, event));
  auto kept = std::make_shared<ReceivedMail>(std::move(mail));
  world_.pipeline.process(*std::move(incoming), std::chrono::steady_clock::now() + kPatience,
                          [this, kept, event, done = std::move(done)](const Outcome& outcome) {
                            if (outcome.kind == Outcome::Kind::answered) return done({});
                            spdlog::warn("mail_spooled channel={} peer={} why=\"{}\"", kept->channel,
                                         mask_peer(event.peer.address), outcome.why);
                            done(spool(*kept, event));
                          });
}

MailIntake::Taken MailIntake::spool(const ReceivedMail& mail, const Event& event) {
  HttpRequest request{.method = "MAIL",
                      .path = std::string(kSpoolPath) + event.peer.channel,
                      .body = mail.bytes,
                      .received_at = mail.received};
  if (mail.sender) request.headers.emplace_back("sender", *mail.sender);
  request.headers.emplace_back("recipient", mail.recipient);
  const auto added =
      world_.spool.add({.peer = event.peer, .key = event.key, .received = mail.received, .raw = encode(request)});
  world_.metrics.spool_depth(world_.spool.size());
  if (added == Spool::Added::full || added == Spool::Added::failed) return {Result::not_now, "not now"};
  return {};
}

std::optional<ReceivedMail> MailIntake::from_spool(const HttpRequest& request, Time received) {
  if (!request.path.starts_with(kSpoolPath)) return std::nullopt;
  ReceivedMail mail{.channel = request.path.substr(kSpoolPath.size()), .bytes = request.body, .received = received};
  for (const auto& [name, value] : request.headers) {
    if (name == "sender") mail.sender = value;
    if (name == "recipient") mail.recipient = value;
  }
  return mail;
}

}  // namespace huiyin::gateway
