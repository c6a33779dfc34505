#include "adapters/channel.h"

#include <algorithm>
#include <utility>

namespace huiyin {

std::string_view to_string(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_signature:
      return "bad_signature";
    case RejectReason::stale:
      return "stale";
    case RejectReason::malformed:
      return "malformed";
    case RejectReason::too_large:
      return "too_large";
    case RejectReason::unsupported:
      return "unsupported";
  }
  return "malformed";
}

int status_of(RejectReason reason) {
  switch (reason) {
    case RejectReason::bad_signature:
    case RejectReason::stale:
      return 403;
    case RejectReason::malformed:
      return 400;
    case RejectReason::too_large:
      return 413;
    case RejectReason::unsupported:
      return 404;
  }
  return 400;
}

bool is_carried(const std::vector<std::string>& carried, std::string_view template_name) {
  return std::any_of(carried.begin(), carried.end(), [template_name](std::string_view one) {
    return one == template_name || (one.ends_with('*') && template_name.starts_with(one.substr(0, one.size() - 1)));
  });
}

tl::unexpected<Reject> reject(RejectReason reason, std::string what) {
  return tl::unexpected(Reject{reason, std::move(what)});
}

namespace {

Rejected unsupported(std::string_view what) { return {.code = "unsupported", .why = std::string(what)}; }

}  // namespace

tl::expected<Inbound, Reject> Channel::reread(const std::string& /*raw*/, Time /*received*/) const {
  return reject(RejectReason::unsupported, "this channel's deliveries cannot be read again");
}

tl::expected<Inbound, Reject> Channel::parse_raw(const RawMessage& /*message*/) const {
  return reject(RejectReason::unsupported, "this channel takes no messages but by HTTP");
}
std::optional<Mailbox> Channel::mailbox() const { return std::nullopt; }
std::vector<ProviderTemplate> Channel::provider_templates() const { return {}; }
std::string Channel::consent_url() const { return {}; }
std::vector<std::string> Channel::shortcomings() const { return {}; }
std::vector<std::string> Channel::opt_out_words() const { return {}; }
bool Channel::answers_opt_out() const { return false; }
std::optional<std::vector<std::string>> Channel::carried() const { return std::nullopt; }
int Channel::parts_of(const OutboundMessage& /*message*/) const { return 0; }
tl::expected<HttpCall, Rejected> Channel::compose(const OutboundMessage& /*message*/,
                                                  const Sending& /*sending*/) const {
  return tl::unexpected(unsupported("this channel sends nothing of its own"));
}
SendResult Channel::judge(const HttpReply& /*reply*/, const OutboundMessage& /*message*/,
                          const Sending& /*sending*/) const {
  return unsupported("this channel sends nothing of its own");
}
std::optional<HttpCall> Channel::compose_credential(bool /*force*/) const { return std::nullopt; }
tl::expected<Credential, SendResult> Channel::judge_credential(const HttpReply& /*reply*/, Time /*now*/) const {
  return tl::unexpected(SendResult(unsupported("this channel needs no credential")));
}
tl::expected<HttpCall, Rejected> Channel::compose_fetch(const MediaJob& /*job*/, const Sending& /*sending*/) const {
  return tl::unexpected(unsupported("this channel has no media"));
}
FetchResult Channel::judge_fetch(const HttpReply& /*reply*/, const MediaJob& /*job*/,
                                 const Sending& /*sending*/) const {
  return unsupported("this channel has no media");
}
std::string Channel::sign_in_url(const std::string& /*back*/, const std::string& /*state*/) const { return {}; }
tl::expected<HttpCall, Rejected> Channel::compose_identity(const std::string& /*code*/,
                                                           const Sending& /*sending*/) const {
  return tl::unexpected(unsupported("this channel tells nobody who he is"));
}
tl::expected<std::string, SendResult> Channel::judge_identity(const HttpReply& /*reply*/) const {
  return tl::unexpected(SendResult(unsupported("this channel tells nobody who he is")));
}
std::vector<std::string> Channel::media_hosts() const { return {}; }

}  // namespace huiyin
