#include "config/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/fake_secrets.h"

namespace huiyin {
namespace {

constexpr auto kEstates =
    "company: c\n"
    "estates: [{name: riverside, title: 滨江花园, hotline: '88001234'}]\n";  // two lines

tl::expected<Config, std::vector<Error>> parse(const std::string& text) {
  return parse_config(text, "huiyin.yaml", fake_secrets({{"DB_PW", "pw"}, {"EMPTY", ""}}, {{"/run/pw", "from-file"}}));
}

std::string complaints(const std::string& text) {
  const auto config = parse(text);
  return config ? "" : lines(config.error());
}

/// What is wrong with `rest` below a good beginning of two lines and an empty list of channels in the third.
std::string complaints_below(const std::string& rest) { return complaints(kEstates + ("channels: []\n" + rest)); }

TEST(Config, DefaultsAreThoseOfASmallInstallation) {
  const auto config = parse(kEstates + std::string("channels: []\n"));
  ASSERT_TRUE(config) << lines(config.error());
  EXPECT_EQ(config->locale, "zh-CN");
  EXPECT_EQ(config->listen_address, "127.0.0.1");
  EXPECT_EQ(config->listen_port, 8080);
  EXPECT_EQ(config->monitor_port, 8081);
  EXPECT_EQ(config->database.driver, "sqlite");
  EXPECT_EQ(config->database.file, "var/huiyin/huiyin.db");
  EXPECT_EQ(config->spool_file, "var/huiyin/spool.db");
  EXPECT_EQ(config->media_folder, "var/huiyin/media");
  EXPECT_EQ(config->media_max_mb, 50);
  EXPECT_EQ(config->ticket_prefix, "HY");
  EXPECT_EQ(config->inbox_days, 7);
  EXPECT_EQ(config->estates.at(0).time_zone, "Asia/Shanghai");
}

TEST(Config, EverySettingIsRead) {
  const auto config = parse(R"(company: 滨江物业
locale: en
time_zone: Asia/Urumqi
public_url: https://huiyin.test/
trusted_proxies: [127.0.0.1, 10.0.0.0/8, "fd00::/8"]
listen: {address: 0.0.0.0, port: 9000, threads: 16, connections: 300, max_body_bytes: 65536}
monitor: {address: "::1", port: 0}
data_folder: /srv/huiyin
database: {driver: mysql, host: db.test, port: 3307, name: huiyin, user: hy, password: {env: DB_PW}}
spool: {file: /srv/spool.db, max_rows: 500}
retention: {tickets_days: 90, inbox_days: 8}
ticket: {prefix: WY}
alarms: {to: ["sms:estate/+8613800138000"]}
emergency_numbers: {gas: "96777"}
folders: {flows: /etc/f, lexicon: /etc/l, templates: /etc/t}
faq: /etc/faq.yaml
estates:
  - {name: riverside, title: 滨江花园, hotline: "88001234", area_code: "0571", places: [3栋/2单元]}
  - {name: hill, title: 山语城, hotline: "88005678", time_zone: Asia/Shanghai}
channels:
  - {name: "wechat:main", provider: wechat, estate: hill, app_id: wx1}
)");
  ASSERT_TRUE(config) << lines(config.error());
  EXPECT_EQ(config->public_url, "https://huiyin.test");
  EXPECT_THAT(config->trusted_proxies, testing::ElementsAre("127.0.0.1", "10.0.0.0/8", "fd00::/8"));
  EXPECT_EQ(config->listen_address, "0.0.0.0");
  EXPECT_EQ(config->listen_port, 9000);
  EXPECT_EQ(config->threads, 16U);
  EXPECT_EQ(config->connections, 300U);
  EXPECT_EQ(config->max_body_bytes, 65536U);
  EXPECT_EQ(config->monitor_address, "::1");
  EXPECT_EQ(config->monitor_port, 0);
  EXPECT_EQ(config->database.host, "db.test");
  EXPECT_EQ(config->database.port, 3307);
  EXPECT_EQ(config->database.database, "huiyin");
  EXPECT_EQ(config->database.user, "hy");
  EXPECT_EQ(config->database.password.reveal(), "pw");
  EXPECT_EQ(config->spool_file, "/srv/spool.db");
  EXPECT_EQ(config->spool_max_rows, 500U);
  EXPECT_EQ(config->media_folder, "/srv/huiyin/media");
  EXPECT_EQ(config->retention_days, 90);
  EXPECT_EQ(config->inbox_days, 8);
  EXPECT_EQ(config->ticket_prefix, "WY");
  EXPECT_THAT(config->alarms_to, testing::ElementsAre("sms:estate/+8613800138000"));
  EXPECT_EQ(config->emergency_numbers.at("gas"), "96777");
  EXPECT_EQ(config->flows_folder, "/etc/f");
  EXPECT_EQ(config->templates_folder, "/etc/t");
  EXPECT_EQ(config->estates.at(0).time_zone, "Asia/Urumqi") << "an estate inherits the company's";
  EXPECT_THAT(config->estates.at(0).places, testing::ElementsAre("3栋/2单元"));
  EXPECT_EQ(config->estates.at(1).time_zone, "Asia/Shanghai");
  EXPECT_EQ(config->estates.at(0).area_code, "0571");
  EXPECT_EQ(config->estates.at(1).area_code, "");
  const auto& channel = config->channels.at(0);
  EXPECT_EQ(channel.kind, "wechat");
  EXPECT_EQ(channel.account, "main");
  EXPECT_EQ(channel.estate, "hill");
  EXPECT_EQ(channel.hook_url(), "https://huiyin.test/hook/wechat/main");
  EXPECT_EQ(channel.line, 21);
  EXPECT_EQ(channel.stanza->find("app_id")->text(), "wx1");
}

TEST(Config, HowAChannelSendsIsRead) {
  const auto config = parse(kEstates + std::string(R"(channels:
  - name: workchat:ops
    provider: wecom
    sending: {rate_per_s: 50, concurrency: 16, timeout_s: 5, per_minute: 25, give_up_after_h: 24, merge_bytes: 2000,
              quiet: ["21:00", "08:30"], cost: 3, most_for_ordinary: 1, results: [ticket.done]}
  - {name: "web:pager", provider: webhook}
outbox: {lease_s: 30}
)"));
  ASSERT_TRUE(config) << lines(config.error());
  const auto& sending = config->channels.at(0).sending;
  EXPECT_EQ(sending.rate_per_s, 50);
  EXPECT_EQ(sending.burst, 50) << "a second's worth";
  EXPECT_EQ(sending.concurrency, 16);
  EXPECT_EQ(sending.timeout_s, 5);
  EXPECT_EQ(sending.per_minute, 25);
  EXPECT_EQ(sending.give_up_after_h, 24);
  EXPECT_EQ(sending.merge_bytes, 2000U);
  EXPECT_EQ(sending.quiet_from, 21 * 60);
  EXPECT_EQ(sending.quiet_until, 8 * 60 + 30);
  EXPECT_EQ(sending.cost, 3);
  EXPECT_EQ(sending.most_for_ordinary, 1);
  EXPECT_THAT(sending.results, testing::ElementsAre("ticket.done"));
  EXPECT_EQ(config->channels.at(1).sending.rate_per_s, 20);
  EXPECT_EQ(config->outbox_lease_s, 30);
  const auto wrong = [](const std::string& stanza) {
    return complaints(kEstates + ("channels:\n  - name: web:a\n    provider: p\n    sending: " + stanza + "\n"));
  };
  EXPECT_EQ(wrong("fast"), "huiyin.yaml:6: channels[0] web:a: sending is no map. Write rate_per_s: 20 below it.\n");
  EXPECT_EQ(wrong("{rate: 5}"),
            "huiyin.yaml:6: channels[0] web:a sending: unknown key \"rate\". Remove it, or see the "
            "annotated example.\n");
  EXPECT_EQ(
      wrong("{quiet: [\"25:00\", \"08:00\"]}"),
      "huiyin.yaml:6: channels[0] web:a sending: quiet is no pair of times. Write it as [\"21:00\", \"08:00\"].\n");
  EXPECT_EQ(wrong("{timeout_s: 90}"),
            "huiyin.yaml:6: channels[0] web:a: a call of timeout_s: 90 outlasts outbox: lease_s: 60, so nothing would "
            "ever be sent. Set lease_s to 135 or more, or timeout_s to less.\n");
  EXPECT_EQ(complaints(kEstates + std::string("channels: [{name: 'web:a', provider: p}]\noutbox: {lease_s: 29}\n")),
            "huiyin.yaml:3: channels[0] web:a: a call of timeout_s: 20 outlasts outbox: lease_s: 29, so nothing would "
            "ever be sent. Set lease_s to 30 or more, or timeout_s to less.\n");
  EXPECT_EQ(wrong("{concurrency: 0}"),
            "huiyin.yaml:6: channels[0] web:a sending: concurrency should be a whole number "
            "from 1 to 256, not \"0\".\n");
}

TEST(Config, TheOnlyEstateNeedNotBeNamed) {
  const auto config = parse(kEstates + std::string("channels: [{name: 'sms:a', provider: kannel}]\n"));
  ASSERT_TRUE(config) << lines(config.error());
  EXPECT_EQ(config->channels.at(0).estate, "riverside");
}

TEST(Config, EachMistakeHasItsLineAndRemedy) {
  struct {
    const char *name, *rest, *expect;
  } const table[] = {
      {"unknown key, nearly right", "public_ulr: https://a.test\n",
       "huiyin.yaml:4: unknown key \"public_ulr\". Did you mean \"public_url\"?\n"},
      {"unknown key, nothing near", "colour: red\n",
       "huiyin.yaml:4: unknown key \"colour\". Remove it, or see the annotated example.\n"},
      {"unknown key in a section", "listen:\n  prot: 80\n",
       "huiyin.yaml:5: listen: unknown key \"prot\". Did you mean \"port\"?\n"},
      {"unknown section", "lisen:\n  port: 80\n", "huiyin.yaml:4: unknown key \"lisen\". Did you mean \"listen\"?\n"},
      {"what a section lacks", "database:\n  driver: mysql\n  host: h\n  user: u\n",
       "huiyin.yaml:4: database: name is missing.\n"},
      {"port above 65535", "listen: {port: 70000}\n",
       "huiyin.yaml:4: listen: port should be a whole number from 0 to 65535, not \"70000\".\n"},
      {"port that is no number", "listen: {port: http}\n",
       "huiyin.yaml:4: listen: port should be a whole number from 0 to 65535, not \"http\".\n"},
      {"both servers on one port", "listen: {port: 8081}\nmonitor: {port: 8081}\n",
       "huiyin.yaml:5: monitor: port 8081 is the port of listen as well. Take two free ports.\n"},
      {"listen on a name", "listen: {address: localhost}\n",
       "huiyin.yaml:4: listen: address \"localhost\" is no IP address. 127.0.0.1 is this machine only, 0.0.0.0 all of "
       "its "
       "addresses.\n"},
      {"delivery keys kept too short", "retention: {inbox_days: 6}\n",
       "huiyin.yaml:4: retention: inbox_days should be a whole number from 7 to 3650, not \"6\".\n"},
      {"section that is no map", "listen: 8080\n",
       "huiyin.yaml:4: listen is no map. Write its keys below it, indented.\n"},
      {"time zone", "time_zone: Asia/Shangai\n",
       "huiyin.yaml:4: time_zone \"Asia/Shangai\" is unknown. Take one of tzdata: Asia/Shanghai.\n"},
      {"URL without a scheme", "public_url: huiyin.test\n",
       "huiyin.yaml:4: public_url is no URL: \"huiyin.test\". Write it as https://huiyin.example.com.\n"},
      {"proxy range", "trusted_proxies: [10.0.0.0/33]\n",
       "huiyin.yaml:4: trusted_proxies: \"10.0.0.0/33\" is no address. Write 127.0.0.1, 10.0.0.0/8 or ::1.\n"},
      {"ticket prefix", "ticket: {prefix: 工单}\n",
       "huiyin.yaml:4: ticket: prefix \"工单\" cannot begin a ticket's number. Take 1 to 6 letters A-Z: HY.\n"},
      {"locale without texts", "locale: fr\n",
       "huiyin.yaml:4: locale \"fr\" has no texts. Take zh-CN or en, or set folders: templates:.\n"},
      {"an alarm's destination without a channel", "alarms: {to: [ops]}\n",
       "huiyin.yaml:4: alarms: to: \"ops\" is no destination. Write a channel's name, a slash and an address: "
       "sms:estate/+8613800138000.\n"},
      {"links without a secret", "public_url: https://huiyin.test\nlinks: {days: 7}\n",
       "huiyin.yaml:5: links: secret is missing. Set it to {env: NAME} or {file: PATH}; openssl rand -hex 16 makes "
       "one.\n"},
      {"driver misspelt", "database: {driver: sqlit}\n",
       "huiyin.yaml:4: database: driver is \"sqlit\", which is none of sqlite, mysql. Did you mean \"sqlite\"?\n"},
      {"mysql's key with sqlite", "database:\n  driver: sqlite\n  host: db.test\n",
       "huiyin.yaml:6: database: host is no key of driver sqlite. Remove it, or set driver: mysql.\n"},
      {"sqlite's key with mysql", "database: {driver: mysql, host: db, name: n, user: u, file: f}\n",
       "huiyin.yaml:4: database: file is no key of driver mysql. Remove it, or set driver: sqlite.\n"},
      {"mysql without a server", "database: {driver: mysql, name: n, user: u}\n",
       "huiyin.yaml:4: database: mysql needs host or socket. host: 127.0.0.1, or socket: /run/mysqld/mysqld.sock.\n"},
      {"mysql with two", "database: {driver: mysql, host: h, socket: s, name: n, user: u}\n",
       "huiyin.yaml:4: database: mysql takes host or socket, not both. host: 127.0.0.1, or socket: "
       "/run/mysqld/mysqld.sock.\n"},
      {"mysql without a name", "database: {driver: mysql, host: h, user: u}\n",
       "huiyin.yaml:4: database: name is missing.\n"},
      {"password in clear", "database: {driver: mysql, host: h, name: n, user: u, password: hunter2}\n",
       "huiyin.yaml:4: database: password is written in clear. Move it to {env: NAME} or {file: PATH}, and change the "
       "secret.\n"},
      {"spool in the database's file", "database: {file: a.db}\nspool: {file: a.db}\n",
       "huiyin.yaml:5: spool: file a.db is the database's as well. The spool needs a file of its own.\n"},
      {"emergency number", "emergency_numbers:\n  gas: []\n",
       "huiyin.yaml:5: emergency_numbers: gas has no number. Write it in quotes: \"119\".\n"},
  };
  for (const auto& row : table) EXPECT_EQ(complaints_below(row.rest), row.expect) << row.name;
}

TEST(Config, MistakesOfEstatesAndChannels) {
  struct {
    const char *name, *text, *expect;
  } const table[] = {
      {"nothing", "", "huiyin.yaml: there is no configuration. Start from config/huiyin.example.yaml.\n"},
      {"no estates, no channels, no company", "locale: en\n",
       "huiyin.yaml:1: company is missing.\nhuiyin.yaml:1: estates is missing.\nhuiyin.yaml:1: channels is missing.\n"},
      {"two estates of one name",
       "company: c\nestates:\n- {name: a, title: A, hotline: '1'}\n- {name: a, title: B, hotline: '2'}\nchannels: []\n",
       "huiyin.yaml:4: estates[1]: name a is taken by an estate above. Each estate needs its own name.\n"},
      {"estate without a hotline", "company: c\nestates:\n- {name: a, title: A}\nchannels: []\n",
       "huiyin.yaml:3: estates[0]: hotline is missing.\n"},
      {"estate's name", "company: c\nestates:\n- {name: A b, title: A, hotline: '1'}\nchannels: []\n",
       "huiyin.yaml:3: estates[0]: name \"A b\" cannot be used. Take lower-case letters, digits, - and _.\n"},
      {"place with an empty step",
       "company: c\nestates:\n- {name: a, title: A, hotline: '1', places: [3栋//602]}\nchannels: []\n",
       "huiyin.yaml:3: estates[0]: places: \"3栋//602\" has an empty step. Write it as 3栋/2单元/602.\n"},
      {"area code without its nought",
       "company: c\nestates:\n- {name: a, title: A, hotline: '1', area_code: '571'}\nchannels: []\n",
       "huiyin.yaml:3: estates[0]: area_code \"571\" is none. Write it as \"0571\", or with the country: \"+852\".\n"},
      {"two channels of one name",
       "company: c\nestates: [{name: a, title: A, hotline: '1'}]\nchannels:\n- {name: 'sms:x', provider: p}\n"
       "- name: sms:x\n  provider: p\n",
       "huiyin.yaml:5: channels[1] sms:x: name is taken by a channel above. Each channel needs its own name.\n"},
      {"channel of an unknown estate",
       "company: c\nestates: [{name: riverside, title: A, hotline: '1'}]\nchannels:\n- name: sms:x\n  provider: p\n"
       "  estate: rivreside\n",
       "huiyin.yaml:6: channels[0] sms:x: estate \"rivreside\" is not in estates. Did you mean \"riverside\"?\n"},
      {"channel's name without a kind",
       "company: c\nestates: [{name: a, title: A, hotline: '1'}]\nchannels:\n- {name: main, provider: wechat}\n",
       "huiyin.yaml:4: channels[0] main: name is not of the form kind:account. Write it as wechat:main, in lower "
       "case.\n"},
      {"channel without a provider",
       "company: c\nestates: [{name: a, title: A, hotline: '1'}]\nchannels:\n- name: sms:x\n",
       "huiyin.yaml:4: channels[0] sms:x: provider is missing.\n"},
      {"channel that is a word", "company: c\nestates: [{name: a, title: A, hotline: '1'}]\nchannels: [wechat]\n",
       "huiyin.yaml:3: channels[0] is no map. Begin it with - name:.\n"},
      {"channels that are a map", "company: c\nestates: [{name: a, title: A, hotline: '1'}]\nchannels: {name: x}\n",
       "huiyin.yaml:3: channels is no list. Begin each entry with - name:.\n"},
  };
  for (const auto& row : table) EXPECT_EQ(complaints(row.text), row.expect) << row.name;
}

TEST(Config, CodesOfPlaces) {
  const auto config = parse(kEstates + std::string("channels: []\ncodes:\n- {code: L3-2, title: 电梯, category: "
                                                   "repair/elevator}\n- {code: p1, title: 水泵, address: 地下室}\n"));
  ASSERT_TRUE(config) << lines(config.error());
  ASSERT_EQ(config->codes.size(), 2U);
  EXPECT_EQ(config->codes[0].address, "电梯");
  EXPECT_EQ(config->codes[1].address, "地下室");
  struct {
    const char *rest, *expect;
  } const table[] = {
      {"codes: x\n", "huiyin.yaml:4: codes is no list. Begin each entry with - code:.\n"},
      {"codes: [{code: L3}]\n", "huiyin.yaml:4: codes[0]: title is missing.\n"},
      {"codes: [{code: '33', title: a}]\n",
       "huiyin.yaml:4: codes[0]: code \"33\" cannot be used. Take 2 to 16 letters, digits and -, a letter first and a "
       "digit among them: L3-2.\n"},
      {"codes: [{code: lift, title: a}]\n",
       "huiyin.yaml:4: codes[0]: code \"lift\" cannot be used. Take 2 to 16 letters, digits and -, a letter first and "
       "a "
       "digit among them: L3-2.\n"},
      {"codes: [{code: L3, title: a}, {code: l3, title: b}]\n",
       "huiyin.yaml:4: codes[1]: code l3 is taken by one above. Upper and lower case are the same.\n"},
      {"codes: [{code: L3, title: a, category: lift}]\n",
       "huiyin.yaml:4: codes[0]: category \"lift\" is unknown. Take repair, cleaning, service or security, or one with "
       "its part: repair/elevator.\n"},
  };
  for (const auto& row : table) EXPECT_EQ(complaints_below(row.rest), row.expect) << row.rest;
}

TEST(Config, AllMistakesAreToldAtOnceInTheFilesOrder) {
  EXPECT_EQ(
      complaints("locale: fr\n"
                 "listen: {port: -1, adress: 1.2.3.4}\n"
                 "estates: [{name: a, title: A, hotline: '1'}, {name: a, title: A, hotline: '1'}]\n"
                 "channels:\n"
                 "- {name: 'sms:x', provider: p, estate: zzzzzz}\n"),
      "huiyin.yaml:1: company is missing.\n"
      "huiyin.yaml:1: locale \"fr\" has no texts. Take zh-CN or en, or set folders: templates:.\n"
      "huiyin.yaml:2: listen: port should be a whole number from 0 to 65535, not \"-1\".\n"
      "huiyin.yaml:2: listen: unknown key \"adress\". Did you mean \"address\"?\n"
      "huiyin.yaml:3: estates[1]: name a is taken by an estate above. Each estate needs its own name.\n"
      "huiyin.yaml:5: channels[0] sms:x: estate \"zzzzzz\" is not in estates. Add it there, or name one that is.\n");
}

TEST(Config, BrokenYamlIsOneComplaint) {
  const auto config = parse("company: c\nestates: [\n");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().size(), 1U);
  EXPECT_THAT(lines(config.error()), testing::StartsWith("huiyin.yaml:"));
}

}  // namespace
}  // namespace huiyin
