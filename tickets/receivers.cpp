#include "tickets/receivers.h"

#include <algorithm>
#include <array>

namespace huiyin::tickets {
namespace {

using Kind = Receiver::Kind;
constexpr std::array<std::string_view, 6> kKinds = {"assignee", "duty", "group", "lead", "manager", "dispatcher"};

/// Gathers whom a list of receivers comes to, today.
class Gatherer {
 public:
  Gatherer(const Ticket& ticket, const Department* department, const std::vector<Staff>& staff,
           const std::vector<StaffId>& on_duty)
      : ticket_(ticket), department_(department), staff_(staff), on_duty_(on_duty) {}

  void add(const Receiver& receiver) {
    switch (receiver.kind) {
      case Kind::assignee:
        return add_assignee();
      case Kind::duty:
        return add_duty();
      case Kind::group:
        return add_groups();
      case Kind::lead:
        return add_lead();
      case Kind::manager:
        return add_managers();
      case Kind::dispatcher:
        return add_dispatchers();
      case Kind::destination:
        return put(out_.destinations, receiver.destination);
    }
  }
  [[nodiscard]] Addressees take() { return std::move(out_); }

 private:
  template <class T>
  static void put(std::vector<T>& list, const T& one) {
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
  }
  /// True where there is at least one such.
  template <class Test>
  bool add_those(Test test) {
    bool found = false;
    for (const auto& member : staff_)
      if (!member.disabled && test(member)) {
        put(out_.staff, member.id);
        found = true;
      }
    return found;
  }
  [[nodiscard]] bool is_of_department(const Staff& member) const {
    return department_ != nullptr && member.department == department_->id;
  }
  [[nodiscard]] bool is_on_duty(const Staff& member) const {
    return std::find(on_duty_.begin(), on_duty_.end(), member.id) != on_duty_.end();
  }
  static bool leads(const Staff& member) {
    return member.role == StaffRole::manager || member.role == StaffRole::admin;
  }

  void add_assignee() {
    const bool has_one = ticket_.assignee && add_those([&](const Staff& m) { return m.id == ticket_.assignee; });
    if (!has_one) add_duty();
  }
  void add_duty() {
    const bool found =
        add_those([&](const Staff& m) { return is_of_department(m) && is_on_duty(m) && m.role == StaffRole::agent; });
    if (!found) add_lead();
  }
  void add_groups() {
    if (department_ == nullptr) return;
    for (const auto& group : department_->groups) put(out_.destinations, group);
  }
  void add_lead() {
    const bool is_named = department_ != nullptr && !department_->lead.empty();
    if (is_named &&
        add_those([&](const Staff& m) { return m.name == department_->lead || m.phone == department_->lead; }))
      return;
    if (!add_those([&](const Staff& m) { return is_of_department(m) && leads(m); })) add_managers();
  }
  void add_managers() {
    if (!add_those([](const Staff& m) { return m.role == StaffRole::manager; }))
      add_those([](const Staff& m) { return m.role == StaffRole::admin; });
  }
  void add_dispatchers() {
    const auto is_one = [](const Staff& m) { return m.role == StaffRole::dispatcher; };
    if (add_those([&](const Staff& m) { return is_one(m) && is_on_duty(m); })) return;
    if (!add_those(is_one)) add_managers();
  }

  const Ticket& ticket_;
  const Department* department_;
  const std::vector<Staff>& staff_;
  const std::vector<StaffId>& on_duty_;
  Addressees out_{};
};

}  // namespace

std::optional<Receiver> parse_receiver(std::string_view text) {
  const auto* const found = std::find(kKinds.begin(), kKinds.end(), text);
  if (found != kKinds.end()) return Receiver{.kind = static_cast<Kind>(found - kKinds.begin())};
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return std::nullopt;
  return Receiver{.kind = Kind::destination, .destination = std::string(text)};
}

std::string to_string(const Receiver& receiver) {
  if (receiver.kind == Kind::destination) return receiver.destination;
  return std::string(kKinds.at(static_cast<std::size_t>(receiver.kind)));
}

Addressees resolve(const std::vector<Receiver>& receivers, const Ticket& ticket, const Department* department,
                   const std::vector<Staff>& staff, const std::vector<StaffId>& on_duty) {
  Gatherer gatherer(ticket, department, staff, on_duty);
  for (const auto& receiver : receivers) gatherer.add(receiver);
  return gatherer.take();
}

}  // namespace huiyin::tickets
