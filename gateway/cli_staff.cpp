#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <iostream>

#include "core/text.h"
#include "gateway/alarms.h"
#include "gateway/assets.h"
#include "gateway/clerk.h"
#include "gateway/make_office.h"
#include "gateway/stable_id.h"

namespace huiyin::gateway {
namespace {

constexpr int kMostDays = 366;

/// What a staff command needs before it does anything.
struct Desktop {
  Config config{};
  std::unique_ptr<Clerk> clerk{};
  std::vector<Staff> staff{};
};

/// `code` is the exit code where there is none.
std::optional<Desktop> open_desktop(const std::string& config_file, Console console, int& code) {
  code = EX_CONFIG;
  auto config = load_config(config_file, console.errors);
  if (!config) return std::nullopt;
  code = EX_UNAVAILABLE;
  auto clerk = Clerk::open(*config, console);
  if (!clerk) return std::nullopt;
  auto staff = clerk->store().list_staff();
  if (!staff) {
    code = say_unavailable(staff.error(), console);
    return std::nullopt;
  }
  return Desktop{*std::move(config), std::move(clerk), *std::move(staff)};
}

/// By id, name or phone; a complaint where there is none or more than one.
const Staff* find_person(const Desktop& desktop, const std::string& who, Console console) {
  const Staff* found = nullptr;
  for (const auto& one : desktop.staff) {
    if (who != one.name && who != one.phone && who != std::to_string(one.id.value)) continue;
    if (found != nullptr) {
      console.errors << "more than one is called \"" << who << "\": name the id (`huiyin staff list` shows it)\n";
      return nullptr;
    }
    found = &one;
  }
  if (found == nullptr)
    console.errors << "nobody of the staff is called \"" << who << "\" (`huiyin staff list` shows all)\n";
  return found;
}

std::optional<StaffRole> parse_role(const std::string& text) {
  for (const auto role : {StaffRole::agent, StaffRole::dispatcher, StaffRole::manager, StaffRole::admin})
    if (to_string(role) == text) return role;
  return std::nullopt;
}

bool knows_channel(const Config& config, const std::string& name) {
  return std::any_of(config.channels.begin(), config.channels.end(),
                     [&](const ChannelConfig& one) { return one.name == name; });
}

/// The peers of `options`, or nothing and a complaint.
std::optional<std::vector<Peer>> read_peers(const Desktop& desktop, const StaffOptions& options, Console console) {
  auto peers = parse_destinations(options.peers);
  for (auto& peer : peers) {
    if (!knows_channel(desktop.config, peer.channel) || peer.address.empty()) {
      console.errors
          << '"' << peer.channel << '/' << peer.address
          << "\" names no channel of the configuration and an address on it: write workchat:wecom/zhangsan\n";
      return std::nullopt;
    }
    if (peer.channel.starts_with("workchat:"))
      for (auto& c : peer.address) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (const auto& other : desktop.staff)
      if (other.name != options.name && std::find(other.peers.begin(), other.peers.end(), peer) != other.peers.end()) {
        console.errors << peer.channel << '/' << peer.address << " is " << other.name << "'s already\n";
        return std::nullopt;
      }
  }
  return peers;
}

bool knows_estate(const Config& config, const std::string& name) {
  return name.empty() || std::any_of(config.estates.begin(), config.estates.end(),
                                     [&](const EstateConfig& one) { return one.name == name; });
}

std::string describe_peers(const Staff& staff) {
  std::string out;
  for (const auto& peer : staff.peers)
    out += (out.empty() ? "" : " ") + peer.channel + "/" +
           (peer.channel.starts_with("workchat:") ? peer.address : mask_peer(peer.address));
  return out.empty() ? "-" : out;
}

std::string name_of(const std::vector<std::string>& names, DepartmentId id) {
  for (const auto& name : names)
    if (stable_id<DepartmentId>(name) == id) return name;
  return "-";
}

}  // namespace

int run_staff_add(const StaffOptions& options, Console console) {
  int code = EX_OK;
  auto desktop = open_desktop(options.config_file, console, code);
  if (!desktop) return code;
  const auto role = parse_role(options.role);
  if (!role) return console.errors << "no such role: agent, dispatcher, manager or admin\n", EX_USAGE;
  if (!knows_estate(desktop->config, options.estate))
    return console.errors << "the configuration has no estate \"" << options.estate << "\"\n", EX_USAGE;
  const auto departments = department_names(desktop->config);
  const auto& department = options.department;
  if (!department.empty() && std::find(departments.begin(), departments.end(), department) == departments.end()) {
    console.errors << "the configuration has no department \"" << department << "\":";
    for (const auto& name : departments) console.errors << ' ' << name;
    return console.errors << '\n', EX_USAGE;
  }
  const auto peers = read_peers(*desktop, options, console);
  if (!peers) return EX_USAGE;
  const auto known = std::find_if(desktop->staff.begin(), desktop->staff.end(),
                                  [&](const Staff& one) { return one.name == options.name; });
  Staff staff = known == desktop->staff.end() ? Staff{.id = desktop->clerk->ids().next<StaffId>()} : *known;
  staff.name = options.name;
  staff.role = *role;
  staff.estate = stable_id<EstateId>(options.estate);
  staff.department = stable_id<DepartmentId>(department);
  staff.phone = options.phone;
  staff.peers = *peers;
  staff.disabled = false;
  auto unit =
      desktop->clerk->begin("staff add " + options.name + " role=" + options.role + " department=" + department);
  unit.staff = {staff};
  code = desktop->clerk->commit(std::move(unit), console);
  if (code == EX_OK)
    console.out << (known == desktop->staff.end() ? "added " : "changed ") << staff.name << ", id " << staff.id.value
                << '\n';
  return code;
}

int run_staff_list(const StaffOptions& options, Console console) {
  int code = EX_OK;
  const auto desktop = open_desktop(options.config_file, console, code);
  if (!desktop) return code;
  const auto departments = department_names(desktop->config);
  const auto offset = utc_offset(desktop->config.time_zone);
  const auto now = desktop->clerk->now();
  for (const auto& one : desktop->staff) {
    console.out << fmt::format("{}  {}  {}  {}  {}  {}{}\n", one.id.value, one.name, to_string(one.role),
                               name_of(departments, one.department), mask_phone(one.phone), describe_peers(one),
                               one.disabled ? "  停用 disabled" : "");
    const auto duties = desktop->clerk->store().duties_of(one.id, now);
    if (!duties) return say_unavailable(duties.error(), console);
    for (const auto& duty : *duties)
      console.out << fmt::format("    {} {} – {}\n", duty.leave ? "请假 leave" : "值班 duty",
                                 write_local_time(duty.from, offset), write_local_time(duty.until, offset));
  }
  console.out << desktop->staff.size() << " member(s) of staff\n";
  return EX_OK;
}

int run_staff_disable(const StaffOptions& options, bool disabled, Console console) {
  int code = EX_OK;
  auto desktop = open_desktop(options.config_file, console, code);
  if (!desktop) return code;
  const auto* found = find_person(*desktop, options.name, console);
  if (found == nullptr) return EX_DATAERR;
  auto staff = *found;
  staff.disabled = disabled;
  auto unit = desktop->clerk->begin(std::string("staff ") + (disabled ? "disable " : "enable ") + staff.name);
  unit.staff = {staff};
  code = desktop->clerk->commit(std::move(unit), console);
  if (code == EX_OK)
    console.out << staff.name
                << (disabled ? " is disabled: nothing is handed to him, and what he sends does nothing\n"
                             : " is enabled\n");
  return code;
}

int run_staff_duty(const StaffOptions& options, Console console) {
  int code = EX_OK;
  auto desktop = open_desktop(options.config_file, console, code);
  if (!desktop) return code;
  const auto* staff = find_person(*desktop, options.name, console);
  if (staff == nullptr) return EX_DATAERR;
  const auto offset = utc_offset(desktop->config.time_zone);
  const auto from = read_local_time(options.from, offset);
  const auto until = read_local_time(options.until, offset);
  if (!from || !until || *until <= *from) {
    console.errors << "--from and --until are moments such as \"2026-11-26 08:00\", the second later than the first\n";
    return EX_USAGE;
  }
  auto unit = desktop->clerk->begin("staff duty " + staff->name + " " + options.from + " " + options.until +
                                    (options.leave ? " leave" : ""));
  for (int day = 0; day < std::clamp(options.days, 1, kMostDays); ++day)
    unit.duties.push_back({staff->id, *from + std::chrono::days(day), *until + std::chrono::days(day), options.leave});
  const auto spans = unit.duties.size();
  code = desktop->clerk->commit(std::move(unit), console);
  if (code == EX_OK)
    console.out << fmt::format("{}: {} {} – {}{}\n", staff->name, options.leave ? "on leave" : "on duty", options.from,
                               options.until, spans > 1 ? fmt::format(", {} days in a row", spans) : "");
  return code;
}

}  // namespace huiyin::gateway
