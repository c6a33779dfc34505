#include "config/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include "config/checks.h"
#include "config/life_reader.h"
#include "config/read_config.h"
#include "config/report_reader.h"
#include "core/text.h"
#include "core/ticket.h"

namespace huiyin {
namespace {

constexpr int kMaxPort = 65535;
constexpr int kLeastInboxDays = 7;  // a provider may repeat a delivery for days; the last known does so for seven
constexpr auto kPortRemedy = "Take two free ports";

/// Reads one configuration; its members are the file's sections.
class Parser {
 public:
  Parser(const SecretSources& secrets, std::vector<Error>& errors) : secrets_(secrets), errors_(errors) {}

  Config parse(const YamlNode& root) {
    Config config;
    config.file = root.file();
    auto read = reader(root, "");
    read_company(read, config);
    read_listeners(read, config);
    read_storage(read, config);
    read_folders(read, config);
    config.faq_file = read.text("faq", "");
    read_alarms(read, config);
    read_links(read, config);
    read_estates(read, config);
    read_codes(read, config);
    read_channels(read, config);
    config.life = read_life(read, errors_);
    static_cast<void>(read_reports(read, errors_));  // who sends them reads it again: reports_of()
    read.finish();
    return config;
  }

 private:
  ConfigReader reader(const YamlNode& node, std::string context) {
    return {node, std::move(context), secrets_, errors_};
  }

  /// The map under `key`; an empty one where it is absent, so that its defaults hold.
  ConfigReader section(ConfigReader& read, const std::string& key) {
    auto node = read.child(key);
    if (node && !node->is_map() && !node->is_null())
      read.complain(key, key + " is no map", "Write its keys below it, indented");
    const bool is_usable = node && node->is_map();
    return reader(is_usable ? *node : YamlNode::parse("{}", read.node().file()).value(), key);
  }

  void read_company(ConfigReader& read, Config& config) {
    config.company = read.text("company");
    config.locale = read.text("locale", config.locale);
    config.time_zone = read_time_zone(read, config.time_zone);
    config.public_url = read.url("public_url", "");
    config.trusted_proxies = read.texts("trusted_proxies");
    for (const auto& proxy : config.trusted_proxies)
      if (!is_ip_range(proxy))
        read.complain("trusted_proxies", "trusted_proxies: \"" + proxy + "\" is no address",
                      "Write 127.0.0.1, 10.0.0.0/8 or ::1");
    auto ticket = section(read, "ticket");
    config.ticket_prefix = ticket.text("prefix", config.ticket_prefix);
    const auto& prefix = config.ticket_prefix;
    const bool is_good = !prefix.empty() && prefix.size() <= 6 &&
                         std::all_of(prefix.begin(), prefix.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (!is_good)
      ticket.complain("prefix", "prefix \"" + prefix + "\" cannot begin a ticket's number",
                      "Take 1 to 6 letters A-Z: HY");
    ticket.finish();
  }

  std::string read_time_zone(ConfigReader& read, const std::string& fallback) {
    auto zone = read.text("time_zone", fallback);
    if (is_time_zone(zone)) return zone;
    read.complain("time_zone", "time_zone \"" + zone + "\" is unknown", "Take one of tzdata: Asia/Shanghai");
    return fallback;  // so that estates, which inherit it, do not complain as well
  }

  std::string read_address(ConfigReader& read, const std::string& fallback) {
    auto address = read.text("address", fallback);
    if (!is_ip_address(address))
      read.complain("address", "address \"" + address + "\" is no IP address",
                    "127.0.0.1 is this machine only, 0.0.0.0 all of its addresses");
    return address;
  }

  void read_listeners(ConfigReader& read, Config& config) {
    auto listen = section(read, "listen");
    config.listen_address = read_address(listen, config.listen_address);
    config.listen_port = static_cast<int>(listen.number("port", 0, kMaxPort, config.listen_port));
    config.threads =
        static_cast<std::size_t>(listen.number("threads", 0, 4096, static_cast<long long>(config.threads)));
    config.connections =
        static_cast<std::size_t>(listen.number("connections", 8, 100000, static_cast<long long>(config.connections)));
    config.max_body_bytes = static_cast<std::size_t>(
        listen.number("max_body_bytes", 16LL << 10, 64LL << 20, static_cast<long long>(config.max_body_bytes)));
    listen.finish();
    auto monitor = section(read, "monitor");
    config.monitor_address = read_address(monitor, config.monitor_address);
    config.monitor_port = static_cast<int>(monitor.number("port", 0, kMaxPort, config.monitor_port));
    if (config.monitor_port != 0 && config.monitor_port == config.listen_port)
      monitor.complain("port", "port " + std::to_string(config.monitor_port) + " is the port of listen as well",
                       kPortRemedy);
    monitor.finish();
  }

  void read_storage(ConfigReader& read, Config& config) {
    const auto folder = read.text("data_folder", "var/huiyin");
    read_database(read, config.database, folder);
    auto spool = section(read, "spool");
    config.spool_file = spool.text("file", folder + "/spool.db");
    config.spool_max_rows = static_cast<std::size_t>(
        spool.number("max_rows", 100, 100'000'000, static_cast<long long>(config.spool_max_rows)));
    if (config.spool_file == config.database.file)
      spool.complain("file", "file " + config.spool_file + " is the database's as well",
                     "The spool needs a file of its own");
    spool.finish();
    auto media = section(read, "media");
    config.media_folder = media.text("folder", folder + "/media");
    config.media_max_mb = static_cast<int>(media.number("max_mb", 1, 2000, config.media_max_mb));
    media.finish();
    auto control = section(read, "control");
    config.control_socket = control.text("socket", folder + "/control.sock");
    config.control_group = control.text("group", "");
    control.finish();
    auto outbox = section(read, "outbox");
    config.outbox_lease_s = static_cast<int>(outbox.number("lease_s", 2, 3600, config.outbox_lease_s));
    outbox.finish();
    auto retention = section(read, "retention");
    config.retention_days = static_cast<int>(retention.number("tickets_days", 30, 36500, config.retention_days));
    config.inbox_days = static_cast<int>(retention.number("inbox_days", kLeastInboxDays, 3650, config.inbox_days));
    retention.finish();
  }

  void read_database(ConfigReader& parent, DatabaseConfig& database, const std::string& folder) {
    auto read = section(parent, "database");
    database.driver = read.one_of("driver", {"sqlite", "mysql"}, "sqlite");
    if (database.driver == "mysql")
      read_mysql(read, database);
    else
      database.file = read.text("file", folder + "/huiyin.db");
    for (const auto* key : {"file", "host", "port", "socket", "name", "user", "password"}) {
      const bool is_of_mysql = std::string_view(key) != "file";
      const bool is_misplaced = is_of_mysql != (database.driver == "mysql");
      if (is_misplaced && read.child(key))
        read.complain(key, std::string(key) + " is no key of driver " + database.driver,
                      "Remove it, or set driver: " + std::string(is_of_mysql ? "mysql" : "sqlite"));
    }
    read.finish();
  }

  static void read_mysql(ConfigReader& read, DatabaseConfig& database) {
    database.host = read.text("host", "");
    database.socket = read.text("socket", "");
    database.port = static_cast<int>(read.number("port", 1, kMaxPort, database.port));
    database.database = read.text("name");
    database.user = read.text("user");
    database.password = read.optional_secret("password").value_or(Secret());
    if (database.host.empty() == database.socket.empty())
      read.complain(database.host.empty() ? "driver" : "socket",
                    database.host.empty() ? "mysql needs host or socket" : "mysql takes host or socket, not both",
                    "host: 127.0.0.1, or socket: /run/mysqld/mysqld.sock");
  }

  void read_folders(ConfigReader& read, Config& config) {
    auto folders = section(read, "folders");
    config.flows_folder = folders.text("flows", "");
    config.lexicon_folder = folders.text("lexicon", "");
    config.templates_folder = folders.text("templates", "");
    folders.finish();
    const bool is_shipped = config.locale == "zh-CN" || config.locale == "en";
    if (!is_shipped && config.templates_folder.empty())
      read.complain("locale", "locale \"" + config.locale + "\" has no texts",
                    "Take zh-CN or en, or set folders: templates:");
  }

  void read_alarms(ConfigReader& read, Config& config) {
    auto alarms = section(read, "alarms");
    config.alarms_to = alarms.texts("to");
    for (const auto& to : config.alarms_to)
      if (const auto slash = to.find('/'); slash == std::string::npos || slash == 0 || slash + 1 == to.size())
        alarms.complain("to", "to: \"" + to + "\" is no destination",
                        "Write a channel's name, a slash and an address: sms:estate/+8613800138000");
    alarms.finish();
    if (const auto numbers = read.child("emergency_numbers")) {
      if (!numbers->is_map())
        read.complain("emergency_numbers", "emergency_numbers is no map", "Write gas: \"96777\" below it");
      for (const auto& [danger, number] : numbers->entries()) {
        if (number.text().empty())
          errors_.push_back(
              number.error("emergency_numbers: " + danger + " has no number", "Write it in quotes: \"119\""));
        config.emergency_numbers.emplace(danger, number.text());
      }
    }
  }

  void read_links(ConfigReader& read, Config& config) {
    constexpr std::size_t kShortest = 32;  // letters and digits: as much as the 128 bits of a link's signature
    if (!read.node().find("links")) return;
    auto links = section(read, "links");
    config.links_secret = links.rotated_secret("secret");
    for (const auto* secret : {&config.links_secret.current, &config.links_secret.previous})
      if (!secret->empty() && secret->reveal().size() < kShortest)
        links.complain("secret", "secret is too short to sign links with", "Take 32 characters: openssl rand -hex 16");
    config.links_days = static_cast<int>(links.number("days", 1, 365, config.links_days));
    links.finish();
    if (config.public_url.empty())
      links.complain("secret", "links need public_url", "Set public_url: https://huiyin.example.com");
  }

  std::vector<YamlNode> read_list(ConfigReader& read, const std::string& key) {
    const auto list = read.required(key);
    if (!list) return {};
    if (!list->is_list()) read.complain(key, key + " is no list", "Begin each entry with - name:");
    return list->items();
  }

  void read_estates(ConfigReader& read, Config& config) {
    std::size_t index = 0;
    for (const auto& node : read_list(read, "estates")) {
      const auto place = "estates[" + std::to_string(index++) + "]";
      if (!is_map(node, place)) continue;
      auto entry = reader(node, place);
      auto estate = read_estate(entry, config.time_zone);
      if (find_estate(config, estate.name))
        entry.complain("name", "name " + estate.name + " is taken by an estate above",
                       "Each estate needs its own name");
      config.estates.push_back(std::move(estate));
    }
  }

  EstateConfig read_estate(ConfigReader& entry, const std::string& time_zone) {
    EstateConfig estate;
    estate.name = read_name(entry);
    estate.title = entry.text("title");
    estate.hotline = entry.text("hotline");
    estate.time_zone = read_time_zone(entry, time_zone);
    estate.places = entry.texts("places");
    for (const auto& place : estate.places) {
      const auto steps = split(place, '/');
      if (std::any_of(steps.begin(), steps.end(), [](auto step) { return trim(step).empty(); }))
        entry.complain("places", "places: \"" + place + "\" has an empty step", "Write it as 3栋/2单元/602");
    }
    estate.area_code = read_area_code(entry);
    entry.finish();
    return estate;
  }

  std::string read_area_code(ConfigReader& entry) {
    auto code = entry.text("area_code", "");
    const auto digits = std::string_view(code).substr(code.empty() ? 0 : 1);
    const bool mainland = code.starts_with('0') && (digits.size() == 2 || digits.size() == 3);
    const bool abroad = code.starts_with('+') && digits.size() >= 2 && digits.size() <= 7;
    const bool numeric = digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (code.empty() || ((mainland || abroad) && numeric)) return code;
    entry.complain("area_code", "area_code \"" + code + "\" is none",
                   "Write it as \"0571\", or with the country: \"+852\"");
    return {};
  }

  std::string read_name(ConfigReader& entry) {
    auto name = entry.text("name");
    if (!name.empty() && !is_name(name))
      entry.complain("name", "name \"" + name + "\" cannot be used", "Take lower-case letters, digits, - and _");
    return name;
  }

  bool is_map(const YamlNode& node, const std::string& place) {
    if (!node.is_map()) errors_.push_back(node.error(place + " is no map", "Begin it with - name:"));
    return node.is_map();
  }

  static bool find_estate(const Config& config, const std::string& name) {
    return std::any_of(config.estates.begin(), config.estates.end(),
                       [&](const auto& estate) { return estate.name == name; });
  }

  void read_codes(ConfigReader& read, Config& config) {
    const auto list = read.child("codes");
    if (!list) return;
    if (!list->is_list()) read.complain("codes", "codes is no list", "Begin each entry with - code:");
    std::set<std::string> taken;
    std::size_t index = 0;
    for (const auto& node : list->items()) {
      const auto place = "codes[" + std::to_string(index++) + "]";
      if (!is_map(node, place)) continue;
      auto entry = reader(node, place);
      CodeConfig code{.code = entry.text("code"), .title = entry.text("title")};
      code.address = entry.text("address", code.title);
      code.category = entry.text("category", "");
      if (!code.code.empty() && !is_code(code.code))
        entry.complain("code", "code \"" + code.code + "\" cannot be used",
                       "Take 2 to 16 letters, digits and -, a letter first and a digit among them: L3-2");
      if (!code.category.empty() && !parse_category(code.category.substr(0, code.category.find('/'))))
        entry.complain("category", "category \"" + code.category + "\" is unknown",
                       "Take repair, cleaning, service or security, or one with its part: repair/elevator");
      if (!taken.insert(fold(code.code)).second)
        entry.complain("code", "code " + code.code + " is taken by one above", "Upper and lower case are the same");
      entry.finish();
      config.codes.push_back(std::move(code));
    }
  }

  /// With a letter and a digit nobody takes it for the number of an answer, and a word is never one.
  static bool is_code(std::string_view code) {
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return code.size() >= 2 && code.size() <= 16 && is_letter(code.front()) &&
           std::any_of(code.begin(), code.end(), is_digit) &&
           std::all_of(code.begin(), code.end(), [&](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
  }

  void read_channels(ConfigReader& read, Config& config) {
    std::set<std::string> names;
    std::size_t index = 0;
    for (const auto& node : read_list(read, "channels")) {
      const auto place = index++;
      if (!is_map(node, "channels[" + std::to_string(place) + "]")) continue;
      ChannelConfig channel;
      channel.index = place;
      channel.stanza = node;
      channel.line = node.line();
      channel.public_url = config.public_url;
      read_channel(channel, config);
      if (!channel.name.empty() && !names.insert(channel.name).second)
        errors_.push_back(
            place_of(node, "name")
                .error(channel.describe() + ": name is taken by a channel above", "Each channel needs its own name"));
      config.channels.push_back(std::move(channel));
    }
  }

  /// Reads what every channel has. No finish(): the rest is the provider's, and its factory says what is unknown.
  void read_channel(ChannelConfig& channel, const Config& config) {
    if (const auto name = channel.stanza->find("name")) channel.name = name->text();
    auto entry = reader(*channel.stanza, channel.describe());
    const auto name = entry.text("name");
    const auto colon = name.find(':');
    channel.kind = name.substr(0, colon);
    if (colon != std::string::npos) channel.account = name.substr(colon + 1);
    if (!name.empty() && (!is_name(channel.kind) || !is_name(channel.account)))
      entry.complain("name", "name is not of the form kind:account", "Write it as wechat:main, in lower case");
    channel.provider = entry.text("provider");
    const bool is_obvious = config.estates.size() == 1 && !channel.stanza->find("estate");
    read_sending(channel, entry);
    check_lease(channel, config, entry);
    channel.estate = is_obvious ? config.estates[0].name : entry.text("estate");
    if (channel.estate.empty() || find_estate(config, channel.estate)) return;
    std::vector<std::string_view> known;
    for (const auto& estate : config.estates) known.emplace_back(estate.name);
    const auto meant = closest(channel.estate, known);
    entry.complain("estate", "estate \"" + channel.estate + "\" is not in estates",
                   meant ? "Did you mean \"" + std::string(*meant) + "\"?" : "Add it there, or name one that is");
  }

  void read_sending(ChannelConfig& channel, ConfigReader& entry) {
    const auto node = entry.child("sending");
    if (!node) return;
    if (!node->is_map()) return entry.complain("sending", "sending is no map", "Write rate_per_s: 20 below it");
    auto read = reader(*node, channel.describe() + " sending");
    auto& sending = channel.sending;
    sending.rate_per_s = static_cast<double>(read.number("rate_per_s", 0, 100'000, 20));
    sending.burst =
        static_cast<double>(read.number("burst", 1, 100'000, std::max(1LL, std::llround(sending.rate_per_s))));
    sending.concurrency = static_cast<int>(read.number("concurrency", 1, 256, sending.concurrency));
    sending.timeout_s = static_cast<int>(read.number("timeout_s", 1, 120, sending.timeout_s));
    sending.per_minute = static_cast<int>(read.number("per_minute", 0, 10'000, 0));
    sending.give_up_after_h = static_cast<int>(read.number("give_up_after_h", 1, 720, sending.give_up_after_h));
    sending.merge_bytes = static_cast<std::size_t>(read.number("merge_bytes", 0, 65536, 0));
    sending.cost = static_cast<int>(read.number("cost", 0, 1'000'000, 0));
    sending.most_for_ordinary = static_cast<int>(read.number("most_for_ordinary", 0, 1'000'000, 0));
    sending.results = read.texts("results");
    const auto quiet = read.texts("quiet");
    if (!quiet.empty()) {
      const auto from = minute_of_day(quiet.front()), until = minute_of_day(quiet.back());
      if (quiet.size() != 2 || !from || !until)
        read.complain("quiet", "quiet is no pair of times", "Write it as [\"21:00\", \"08:00\"]");
      sending.quiet_from = from.value_or(0);
      sending.quiet_until = until.value_or(0);
      sending.quiet_given = true;
    }
    read.finish();
  }

  /// A call begins only where its lease outlasts it, and a lease is renewed after a third of its time.
  static void check_lease(const ChannelConfig& channel, const Config& config, ConfigReader& entry) {
    const int timeout = channel.sending.timeout_s, least = (timeout * 3 + 1) / 2;
    if (config.outbox_lease_s >= least) return;
    entry.complain("sending",
                   "a call of timeout_s: " + std::to_string(timeout) + " outlasts outbox: lease_s: " +
                       std::to_string(config.outbox_lease_s) + ", so nothing would ever be sent",
                   "Set lease_s to " + std::to_string(least) + " or more, or timeout_s to less");
  }

  static YamlNode place_of(const YamlNode& node, std::string_view key) { return node.find(key).value_or(node); }

  const SecretSources& secrets_;
  std::vector<Error>& errors_;
};

/// The line of `huiyin.yaml:41`; what has none comes first.
int line_of(const Error& error) {
  const auto colon = error.where.rfind(':');
  int line = 0;
  if (colon != std::string::npos)
    std::from_chars(error.where.data() + colon + 1, error.where.data() + error.where.size(), line);
  return line;
}

}  // namespace

void sort_by_line(std::vector<Error>& errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const Error& a, const Error& b) { return line_of(a) < line_of(b); });
}

ReadConfig read_config(std::string_view text, const std::string& name, const SecretSources& secrets) {
  ReadConfig out;
  const auto root = YamlNode::parse(text, name);
  if (!root) {
    out.errors.push_back(root.error());
  } else if (!root->is_map()) {
    out.errors.push_back({name, "there is no configuration", "Start from config/huiyin.example.yaml"});
  } else {
    out.config = Parser(secrets, out.errors).parse(*root);
    sort_by_line(out.errors);
  }
  return out;
}

tl::expected<Config, std::vector<Error>> parse_config(std::string_view text, const std::string& name,
                                                      const SecretSources& secrets) {
  auto read = read_config(text, name, secrets);
  if (!read.errors.empty()) return tl::unexpected(std::move(read.errors));
  return std::move(read.config);
}

}  // namespace huiyin
