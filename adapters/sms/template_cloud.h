#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/channel.h"
#include "adapters/sms/callback.h"
#include "adapters/sms/provider_template.h"
#include "config/config.h"

namespace huiyin::sms {

/// What every cloud of this kind is configured with.
struct CloudConfig {
  std::string channel{};    ///< `sms:estate`
  std::string api_url{};    ///< without a slash at its end
  std::string signature{};  ///< approved, without 【】
  std::string extend_code{};
  std::vector<ApprovedTemplate> templates{};
  CallbackGuard guard{};
  std::vector<std::string> opt_out_words{};
};

/// A cloud of the mainland's: it sends templates that it has approved, and nothing else, to one number at a time; an
/// owner can answer what it sent, and cannot begin; its callbacks bring JSON and are not signed, so that their path
/// carries a secret. What is the same at all of them stands here; a provider says how its requests are signed, and what
/// its items and answers mean. Thread-safe: nothing changes after construction.
class TemplateCloud : public Channel {
 public:
  [[nodiscard]] tl::expected<Inbound, Reject> parse(const HttpRequest& request) const final;
  [[nodiscard]] tl::expected<Inbound, Reject> reread(const std::string& raw, Time received) const final;
  [[nodiscard]] HttpReply acknowledge(const Inbound& inbound, const std::optional<OutboundMessage>& message,
                                      const Envelope& envelope) const final;
  [[nodiscard]] Capabilities capabilities() const final;
  [[nodiscard]] tl::expected<HttpCall, Rejected> compose(const OutboundMessage& message,
                                                         const Sending& sending) const final;
  [[nodiscard]] std::vector<std::string> opt_out_words() const final { return cloud_.opt_out_words; }
  [[nodiscard]] int parts_of(const OutboundMessage& message) const final;
  [[nodiscard]] std::optional<std::vector<std::string>> carried() const final {
    return carried_names(cloud_.templates);
  }
  [[nodiscard]] std::vector<std::string> shortcomings() const final;

 protected:
  /// The ends of the two callbacks' paths, behind the secret.
  struct Callbacks {
    std::string_view messages{};
    std::string_view receipts{};
    bool lone_message = false;  ///< a message comes as one object, whichever of the two it is sent to; else as a list
  };
  /// A message as its template carries it.
  struct Filled {
    std::string number{};  ///< E.164
    const ApprovedTemplate& with;
    Fields values{};  ///< in the template's order
    std::string_view key{};
  };
  TemplateCloud(CloudConfig cloud, Callbacks callbacks) : cloud_(std::move(cloud)), callbacks_(callbacks) {}

  /// What one item of a callback says; an item that is no good is a bad_item(), for it alone. `raw`: as it came.
  [[nodiscard]] virtual Event message_of(const nlohmann::json& item, const std::string& raw, Time received) const = 0;
  [[nodiscard]] virtual Event receipt_of(const nlohmann::json& item, const std::string& raw, Time received) const = 0;
  /// The body that the provider takes for "received".
  [[nodiscard]] virtual std::string_view confirmation() const = 0;
  /// What its console wants to hear when it only looks whether the URL is there.
  [[nodiscard]] virtual std::string_view probe_answer() const { return confirmation(); }
  [[nodiscard]] virtual HttpCall call_for(const Filled& message, const Sending& sending) const = 0;

  [[nodiscard]] Event bad(const std::string& raw, std::string why, Time received) const;
  /// What an owner at `number` said; that is kept and not decided where the number is none that can be answered.
  [[nodiscard]] Event said(std::string key, std::string_view number, std::string_view words, Time sent) const;
  /// Host and port of the API.
  [[nodiscard]] std::string host() const;

  const CloudConfig cloud_;

 private:
  const Callbacks callbacks_;
};

/// A string of an object, or a whole number as text; empty for anything else.
[[nodiscard]] std::string text_of(const nlohmann::json& item, const char* key);

/// Reads what CloudConfig holds; what is wrong is complained of.
[[nodiscard]] CloudConfig read_cloud(StanzaReader& read, const ChannelConfig& config, const std::string& api_url,
                                     std::vector<Error>& errors);

}  // namespace huiyin::sms
