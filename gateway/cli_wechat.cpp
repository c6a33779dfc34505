// huiyin wechat menu, huiyin qr: what is set up at the provider once, by hand.
#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "adapters/wechat/wechat_errors.h"
#include "adapters/wechat/wechat_menu.h"
#include "core/json_writer.h"
#include "gateway/cli.h"
#include "gateway/qr_image.h"
#include "gateway/wechat_account.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;

constexpr int kPngScale = 10;
constexpr int kSecondsPerDay = 86400;

std::string qr_request(const std::string& scene, int days) {
  JsonWriter json;
  if (days > 0) json.key("expire_seconds").value(std::int64_t{days} * kSecondsPerDay);
  json.key("action_name").value(days > 0 ? "QR_STR_SCENE" : "QR_LIMIT_STR_SCENE");
  json.key("action_info").open('{');
  json.key("scene").open('{');
  json.key("scene_str").value(scene);
  json.close('}');
  json.close('}');
  return json.take();
}

bool write(const fs::path& file, const std::string& bytes, Console console) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  if (out << bytes << std::flush) return true;
  console.errors << file.string() << ": cannot be written\n";
  return false;
}

/// The codes that are named, in the configuration's order; all where none is.
std::optional<std::vector<CodeConfig>> chosen(const Config& config, const std::vector<std::string>& names,
                                              Console console) {
  std::vector<CodeConfig> out;
  for (const auto& code : config.codes)
    if (names.empty() || std::find(names.begin(), names.end(), code.code) != names.end()) out.push_back(code);
  for (const auto& name : names) {
    const bool known = std::any_of(out.begin(), out.end(), [&](const CodeConfig& code) { return code.code == name; });
    if (known) continue;
    console.errors << "there is no code \"" << name << "\" in codes\n";
    return std::nullopt;
  }
  if (!out.empty()) return out;
  console.errors << "codes is empty: list places and things in the configuration, each with code: and title:\n";
  return std::nullopt;
}

bool make_code(const CodeConfig& code, const QrOptions& options, WeChatAccount& account, Console console) {
  const auto reply = account.call("/cgi-bin/qrcode/create", qr_request(code.code, options.days));
  const auto answer = reply ? wechat::read_answer(*reply) : std::nullopt;
  if (!answer || answer->url.empty()) {
    if (reply) console.errors << code.code << ": WeChat's answer holds no address to encode\n";
    return false;
  }
  const auto file = fs::path(options.folder) / code.code;
  const bool written =
      write(file.string() + ".svg", qr_svg(answer->url, {code.title, "短信请发 " + code.code}), console) &&
      write(file.string() + ".png", qr_png(answer->url, kPngScale), console);
  if (written) console.out << code.code << "  " << code.title << "  " << file.string() << ".svg .png\n";
  return written;
}

}  // namespace

int run_wechat_menu(const std::string& config_file, const WeChatMenuOptions& options, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto account = WeChatAccount::open(*config, options.channel, console);
  if (!account) return EX_CONFIG;
  if (account->menu().empty() && !options.show) {
    console.errors
        << "menu is missing in the channel's stanza: there is nothing to create. --show shows what is there\n";
    return EX_CONFIG;
  }
  if (!account->enter()) return EX_UNAVAILABLE;
  if (!options.show && !account->call("/cgi-bin/menu/create", account->menu())) return EX_UNAVAILABLE;
  const auto shown = account->call("/cgi-bin/get_current_selfmenu_info", {}, "GET");
  if (!shown) return EX_UNAVAILABLE;
  const auto words = wechat::describe_menu(*shown);
  console.out << (words.empty() ? "there is no menu\n" : words);
  if (!options.show) console.out << "clients show it within five minutes; following again shows it at once\n";
  return EX_OK;
}

int run_qr(const std::string& config_file, const QrOptions& options, Console console) {
  const auto config = load_config(config_file, console.errors);
  if (!config) return EX_CONFIG;
  const auto codes = chosen(*config, options.codes, console);
  if (!codes) return EX_USAGE;
  const auto account = WeChatAccount::open(*config, options.channel, console);
  if (!account) return EX_CONFIG;
  if (!account->enter()) return EX_UNAVAILABLE;
  std::error_code problem;
  fs::create_directories(options.folder, problem);
  for (const auto& code : *codes)
    if (!make_code(code, options, *account, console)) return EX_UNAVAILABLE;
  return EX_OK;
}

}  // namespace huiyin::gateway
