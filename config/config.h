#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/life.h"
#include "core/error.h"
#include "core/secret.h"
#include "core/yaml.h"

namespace huiyin {

struct EstateConfig {
  std::string name{};   ///< `riverside`: what channels refer to
  std::string title{};  ///< 「滨江花园」: what owners see
  std::string hotline{};
  std::string time_zone{"Asia/Shanghai"};
  std::vector<std::string> places{};  ///< 「3栋/2单元/602」 paths; may be empty
  std::string area_code{};            ///< 0571, or +852: of landlines that owners write without one; may be empty
};

/// How messages go out by one channel: `sending:` in its stanza.
struct SendingConfig {
  double rate_per_s = 20;  ///< calls to the provider, over all destinations; 0: as fast as it answers
  double burst = 20;       ///< how many of these may come at once
  int concurrency = 8;     ///< calls in flight
  int timeout_s = 20;      ///< for a whole call
  int per_minute = 0;      ///< messages to one destination, the surplus merged into a digest; 0: without limit
  int give_up_after_h = 72;
  int quiet_from = 0, quiet_until = 0;  ///< minutes of the day; equal: never quiet
  bool quiet_given = false;             ///< else what is usual for the kind of channel
  std::size_t merge_bytes = 0;          ///< messages merged into one go up to so many bytes; 0: none are merged
  int cost = 0;                         ///< of one message, to compare channels by
  int most_for_ordinary = 0;            ///< what an ordinary message of a ticket may cost on another channel
  std::vector<std::string> results{};   ///< templates that a window's last push is kept for
};

/// A place or a thing with a code of its own: what a QR code on its wall says, and what is typed in an SMS. Whoever
/// scans or sends it finds the form filled with it.
struct CodeConfig {
  std::string code{};      ///< `L3-2`: 2 to 16 of A-Z a-z 0-9 and -, a letter first, a digit among them
  std::string title{};     ///< 「3栋2单元电梯」: what stands below the QR code
  std::string address{};   ///< what the form is filled with; the title where it is not given
  std::string category{};  ///< `repair/elevator`, `repair`; may be empty
};

/// One channel's stanza. What is the provider's own stays YAML until its factory reads it (adapters/registry.h).
struct ChannelConfig {
  std::string name{};      ///< `wechat:main`
  std::string kind{};      ///< `wechat`: what stands before the colon
  std::string account{};   ///< `main`: what stands after it
  std::string provider{};  ///< `wechat`, `kannel` …
  std::string estate{};
  std::string public_url{};
  SendingConfig sending{};
  std::optional<YamlNode> stanza{};
  int line = 0;
  std::size_t index = 0;  ///< its place in `channels:`, from 0
  [[nodiscard]] std::string hook_path() const { return "/hook/" + kind + "/" + account; }
  [[nodiscard]] std::string hook_url() const { return public_url + hook_path(); }
  /// How complaints name it: `channels[2] sms:estate`.
  [[nodiscard]] std::string describe() const { return "channels[" + std::to_string(index) + "] " + name; }
};

struct DatabaseConfig {
  std::string driver{};  ///< `sqlite` or `mysql`
  std::string file{};
  std::string host{}, socket{}, database{}, user{};  ///< one of host and socket
  int port = 3306;
  Secret password{};  ///< empty: none (the server authenticates by the socket's user)
};

struct Config {
  std::string file{};
  std::string company{};
  std::string locale{"zh-CN"};
  std::string time_zone{"Asia/Shanghai"};      ///< for what belongs to no estate; an estate may have its own
  std::string public_url{};                    ///< without a slash at the end; may be empty
  std::vector<std::string> trusted_proxies{};  ///< addresses and CIDR ranges whose X-Forwarded-For is believed
  std::string listen_address{"127.0.0.1"};
  int listen_port = 8080;  ///< 0: any free one
  std::string monitor_address{"127.0.0.1"};
  int monitor_port = 8081;         ///< /healthz, /readyz, /metrics; 0: any free one
  std::size_t threads = 0;         ///< that decide; 0: one for each core. One more is added, three are the least
  std::size_t connections = 1024;  ///< of webhooks; one more is answered 503
  std::size_t max_body_bytes = 1U << 20;
  DatabaseConfig database{};
  std::string spool_file{};
  std::size_t spool_max_rows = 100000;
  std::string media_folder{};
  std::string control_socket{};  ///< of `huiyin deliver` and other second processes; empty: none
  std::string control_group{};   ///< may use it too; empty: the daemon's user alone
  int media_max_mb = 50;         ///< of one file that an owner sends
  std::string ticket_prefix{"HY"};
  std::vector<std::string> alarms_to{};  ///< `wechat:main/openid`: a channel's name and an address on it
  RotatedSecret links_secret{};          ///< what links to pages are signed with; empty: there are no pages
  int links_days = 14;                   ///< how long a link opens
  int outbox_lease_s = 60;               ///< how long what a killed node was sending waits for the others
  int retention_days = 730;              ///< closed tickets
  int inbox_days = 7;                    ///< delivery keys, never under 7
  std::string flows_folder{}, lexicon_folder{}, templates_folder{};  ///< empty: those shipped
  std::string faq_file{};                                            ///< questions of the company's own; empty: none
  std::map<std::string, std::string> emergency_numbers{};            ///< gas company and so on, by danger kind
  std::vector<EstateConfig> estates{};
  std::vector<CodeConfig> codes{};
  LifeConfig life{};
  std::vector<ChannelConfig> channels{};
};

/// Reads environment variables and files for secrets; stands in for the process's own in tests.
struct SecretSources {
  std::function<std::optional<std::string>(const std::string& name)> environment{};
  std::function<Expected<std::string>(const std::string& file)> file{};
};
/// The process's environment, and files of at most 64 KB; one line end at a file's end is not part of the secret.
[[nodiscard]] SecretSources process_secrets();

/// The whole configuration, or every complaint about it, each with file, line and remedy, in the file's order. No I/O
/// but through `secrets`. A channel's own keys are not read here: its factory does (adapters/registry.h).
[[nodiscard]] tl::expected<Config, std::vector<Error>> parse_config(std::string_view text, const std::string& name,
                                                                    const SecretSources& secrets);

/// A YamlReader that also reads what only configuration holds: secrets (`{env: NAME}` or `{file: PATH}`; in clear is
/// refused, and is never repeated in the complaint) and URLs.
class ConfigReader : public YamlReader {
 public:
  /// `secrets` and `errors` must outlive this.
  ConfigReader(YamlNode node, std::string context, const SecretSources& secrets, std::vector<Error>& errors);

  /// Required; an empty one and a complaint where it is missing, in clear, or its source has none.
  Secret secret(std::string_view key);
  /// `{current: {env: …}, previous: {env: …}}`, or a single source for the current one.
  RotatedSecret rotated_secret(std::string_view key);
  std::optional<Secret> optional_secret(std::string_view key);
  /// `http://…` or `https://…`, returned without a slash at its end.
  std::string url(std::string_view key);
  std::string url(std::string_view key, std::string_view fallback);

 private:
  std::string checked_url(std::string_view key, std::string value);
  Secret read_source(const std::string& key, const YamlNode& source);
  Secret read_environment(const std::string& key, const YamlNode& name);
  Secret read_file(const std::string& key, const YamlNode& path);
  void complain_at(const YamlNode& node, const std::string& what, std::string remedy);

  std::string context_;
  const SecretSources& secrets_;
  std::vector<Error>& errors_;
};

/// Reads a channel's own keys; those that parse_config() read (`name`, `provider`, `estate`, `sending`) count as read.
class StanzaReader : public ConfigReader {
 public:
  StanzaReader(const ChannelConfig& channel, const SecretSources& secrets, std::vector<Error>& errors);
};

}  // namespace huiyin
