#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "net/http_client.h"
#include "net/http_server.h"
#include "simulators/sms_clouds.h"

namespace huiyin::simulators {

/// What a cloud does for phones: its API, and the calls that it makes to the account's webhook.
struct PhoneProvider {
  std::function<HttpReply(const HttpRequest&)> handle{};
  std::function<const std::vector<SentSms>&()> sent{};
  std::function<HttpCall(const std::string& number, const std::string& words, Time now)> reply{};
  std::function<HttpCall(std::size_t message, Time now)> report{};  ///< that sent()[message] was delivered
};
/// `hook_url`: the channel's webhook with its secret, `http://…/hook/sms/aliyun/SECRET`. The cloud must outlive it.
[[nodiscard]] PhoneProvider phones_of(AliyunCloud& cloud, const std::string& hook_url);
[[nodiscard]] PhoneProvider phones_of(TencentCloud& cloud, const std::string& hook_url);
/// Twilio signs instead: its URLs are those of the account and of each message.
[[nodiscard]] PhoneProvider phones_of(TwilioCloud& cloud);

/// Phones in people's hands: the provider's API on a loopback port, what each phone has got, and what is typed on it.
/// The clock must outlive it. For one thread at a time, but that the API is called meanwhile.
class SmsPhones {
 public:
  explicit SmsPhones(const Clock& clock, int port = 0);
  /// Begins to listen; returns the API's URL, without a slash at its end.
  [[nodiscard]] Expected<std::string> start();
  void stop() { server_.stop(); }
  /// Which provider's phones they are; the URL may be known only once the daemon runs. Before: 503.
  void connect(PhoneProvider provider);

  /// From now on each delivery is reported before the API answers who sent it, as a fast network and a slow way back
  /// may have it; and not again by wait_for().
  void report_before_answering();

  /// What the phone of `number` shows, its `seen` first messages left out, as soon as there is one more; its delivery
  /// is reported then. Nothing within `within`: nothing came.
  [[nodiscard]] std::optional<std::string> wait_for(const std::string& number, std::size_t seen,
                                                    std::chrono::milliseconds within);
  /// Its owner types `words` in answer. Empty; or what was wrong with how the webhook answered.
  [[nodiscard]] std::string says(const std::string& number, const std::string& words);
  [[nodiscard]] std::vector<std::string> shown(const std::string& number) const;

 private:
  [[nodiscard]] HttpReply serve(const HttpRequest& request);
  [[nodiscard]] std::string call(const HttpCall& call);

  const Clock& clock_;
  mutable std::mutex mutex_{};
  PhoneProvider provider_{};
  bool reports_first_ = false;
  HttpClient client_{};
  HttpServer server_;
};

}  // namespace huiyin::simulators
