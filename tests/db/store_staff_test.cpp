// Staff, the roster, and what they have to do.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const EstateId kHere{1}, kThere{2};
const DepartmentId kRepairs{11}, kGuards{12};

Staff staff_of(const char* name, EstateId estate = kHere, DepartmentId department = kRepairs) {
  return {.id = StaffId{fresh_id()},
          .estate = estate,
          .department = department,
          .name = name,
          .phone = "+8613800138000",
          .peers = {{"sms:estate", name}, {"workchat:main", name}}};
}

class StoreStaff : public StoreConformance {
 protected:
  Ticket given(const Staff& to, TicketStatus status) {
    auto out = ticket_of(kWang, fresh_id() + 5000);
    out.estate = kHere;
    out.department = kRepairs;
    out.assignee = to.id;
    out.status = status;
    return out;
  }
  [[nodiscard]] std::vector<Colleague> roster(EstateId estate, Time at) const {
    return store_->read({.peer = kWang, .roster = RosterWants{estate, at, true}}).value().roster;
  }
};

TEST_P(StoreStaff, SomebodyIsFoundByAnyOfHisPeers) {
  auto unit = unit_of("hire");
  auto li = staff_of("li"), wang = staff_of("wang");
  wang.role = StaffRole::manager;
  wang.disabled = true;
  unit.staff = {li, wang};
  must_commit(unit);
  li.version = wang.version = 1;
  EXPECT_EQ(store_->read({.peer = {"workchat:main", "li"}, .speaker = true})->speaker, li);
  EXPECT_EQ(store_->read({.peer = {"sms:estate", "wang"}, .speaker = true})->speaker, wang) << "disabled, and known";
  EXPECT_EQ(store_->read({.peer = {"workchat:main", "LI"}, .speaker = true})->speaker, std::nullopt);
  EXPECT_EQ(store_->read({.peer = {"workchat:other", "li"}, .speaker = true})->speaker, std::nullopt);
  EXPECT_THAT(store_->list_staff().value(), ElementsAre(li, wang));
  auto moved = unit_of("new phone");
  li.peers = {{"sms:estate", "other"}};
  moved.staff = {li};
  must_commit(moved);
  EXPECT_EQ(store_->read({.peer = {"workchat:main", "li"}, .speaker = true})->speaker, std::nullopt);
  EXPECT_EQ(store_->read({.peer = {"sms:estate", "other"}, .speaker = true})->speaker->version, 2);
}

TEST_P(StoreStaff, TheRosterHasDutiesLeaveLoadAndWhoseTurnItIs) {
  auto unit = unit_of("roster");
  const auto on = staff_of("on"), off = staff_of("off"), ill = staff_of("ill"), always = staff_of("always", {});
  auto left = staff_of("left");
  left.disabled = true;
  const auto elsewhere = staff_of("elsewhere", kThere);
  unit.staff = {on, off, ill, always, left, elsewhere};
  unit.duties = {{on.id, kNoon - 1h, kNoon + 1h, false},    {off.id, kNoon - 2h, kNoon, false},
                 {off.id, kNoon + 5h, kNoon + 9h, false},   {off.id, kNoon + 29h, kNoon + 33h, false},
                 {off.id, kNoon - 99h, kNoon - 90h, false}, {off.id, kNoon + 999h, kNoon + 1000h, false},
                 {ill.id, kNoon - 1h, kNoon + 1h, false},   {ill.id, kNoon - 24h, kNoon + 24h, true},
                 {left.id, kNoon - 1h, kNoon + 1h, false},  {elsewhere.id, kNoon - 1h, kNoon + 1h, false}};
  const auto first = given(on, TicketStatus::in_progress), second = given(on, TicketStatus::assigned);
  const auto done = given(on, TicketStatus::closed);
  unit.tickets = {first, second, done};
  must_commit(unit);
  const auto found = roster(kHere, kNoon);
  ASSERT_EQ(found.size(), 4U) << "without who left, and who works elsewhere";
  const auto by_name = [&](const std::string& name) {
    return *std::find_if(found.begin(), found.end(), [&](const Colleague& one) { return one.staff.name == name; });
  };
  EXPECT_THAT(by_name("on").duties, ElementsAre(unit.duties[0]));
  EXPECT_EQ(by_name("on").load, 2);
  EXPECT_EQ(by_name("on").newest, done.id);
  EXPECT_EQ(by_name("on").staff.peers.size(), 2U);
  EXPECT_THAT(by_name("off").duties, ElementsAre(unit.duties[1], unit.duties[2], unit.duties[3]));
  EXPECT_THAT(by_name("ill").duties, ElementsAre(unit.duties[7], unit.duties[6])) << "leave among them";
  EXPECT_THAT(by_name("always").duties, IsEmpty());
  EXPECT_EQ(by_name("always").load, 0);
  EXPECT_EQ(by_name("always").newest, TicketId{});
  EXPECT_EQ(roster({}, kNoon).size(), 1U) << "those of all estates";
  const auto uncounted = store_->read({.peer = kWang, .roster = RosterWants{kHere, kNoon}}).value();
  for (const auto& one : uncounted.roster)
    EXPECT_EQ(one.load, 0) << "nobody's tickets are counted where that is not asked for";
  const auto details =
      store_->read({.peer = kWang, .numbers = {first.number}, .details = true, .ticket_ids = {second.id}}).value();
  EXPECT_EQ(details.persons.size(), 1U) << "who has them, once";
}

TEST_P(StoreStaff, WorkIsWhatHeHasAndTheQueueWhatWaitsInHisDepartment) {
  auto unit = unit_of("work");
  const auto li = staff_of("li");
  auto boss = staff_of("boss", kHere, {});
  auto desk = staff_of("desk", kHere, {});
  desk.role = StaffRole::dispatcher;
  unit.staff = {li, boss, desk};
  const auto mine = given(li, TicketStatus::suspended), done = given(li, TicketStatus::resolved);
  auto waits = given(li, TicketStatus::assigned), others = waits, fresh = waits;
  waits.assignee = others.assignee = fresh.assignee = {};
  fresh.status = TicketStatus::opened;
  others.department = kGuards;
  auto kept = fresh, far = fresh;
  kept.status = far.status = TicketStatus::out_of_scope;
  far.estate = kThere;
  for (auto* one : {&others, &fresh, &kept, &far}) one->number.sequence = (one->id = TicketId{fresh_id()}).value + 7000;
  unit.tickets = {mine, done, waits, others, fresh, kept, far};
  must_commit(unit);
  const auto ids = [](const std::vector<Ticket>& tickets) {
    std::vector<TicketId> out;
    for (const auto& one : tickets) out.push_back(one.id);
    return out;
  };
  const auto his = store_->read({.peer = {"workchat:main", "li"}, .speaker = true, .work = true}).value();
  EXPECT_THAT(ids(his.work), ElementsAre(mine.id));
  EXPECT_THAT(ids(his.queue), ElementsAre(waits.id, fresh.id)) << "oldest first";
  const auto none = store_->read({.peer = {"workchat:main", "boss"}, .speaker = true, .work = true}).value();
  EXPECT_THAT(ids(none.queue), IsEmpty()) << "he is of no department";
  const auto whole = store_->read({.peer = {"workchat:main", "desk"}, .speaker = true, .work = true}).value();
  EXPECT_THAT(ids(whole.queue), ElementsAre(fresh.id, kept.id)) << "what nobody has, and what may be ours after all";
}

TEST_P(StoreStaff, ATicketIsReadWithAllThatBelongsToIt) {
  auto unit = unit_of("whole");
  unit.conversation = conversation_of(kWang);
  auto ticket = ticket_of(kWang, 1024), other = ticket_of(kWang, 1025);
  auto known = ticket_of(kLi, 1026);
  known.status = TicketStatus::merged;
  known.merged_into = ticket.id;
  unit.tickets = {ticket, other, known};
  const auto change = [](const Ticket& of, const char* action) {
    HistoryRow row;
    row.id = HistoryId{fresh_id()};
    row.ticket = of.id;
    row.at = kNoon;
    row.action = action;
    return row;
  };
  unit.history = {change(ticket, "open"), change(other, "open"), change(ticket, "accept")};
  const Attachment photo{.id = AttachmentId{fresh_id()}, .ticket = ticket.id, .received = kNoon};
  unit.attachments = {photo};
  auto asked = survey_of(kWang, ticket.id), newest = survey_of(kWang, other.id);
  asked.answered = kNoon;
  unit.surveys = {asked, newest};
  must_commit(unit);
  const Peer staff{"workchat:main", "li"};
  const auto seen = store_->read({.peer = staff, .details = true, .ticket_ids = {ticket.id}}).value();
  ASSERT_EQ(seen.tickets.size(), 1U);
  ASSERT_EQ(seen.history.size(), 2U);
  EXPECT_EQ(seen.history[1].action, "accept");
  EXPECT_THAT(seen.files, ElementsAre(photo));
  ASSERT_EQ(seen.merged.size(), 1U);
  EXPECT_EQ(seen.merged[0].id, known.id);
  ASSERT_EQ(seen.owners.size(), 1U) << "of who has a conversation";
  EXPECT_EQ(seen.owners[0].peer, kWang);
  ASSERT_EQ(seen.surveys.size(), 2U) << "the ticket's, and the newest that its owner was asked";
  EXPECT_EQ(seen.surveys[0].id, asked.id);
  EXPECT_EQ(seen.surveys[1].id, newest.id);
  const auto named = store_->read({.peer = kWang, .tickets = true, .numbers = {{1025}}, .details = true}).value();
  EXPECT_EQ(named.tickets.size(), 2U);
  ASSERT_EQ(named.history.size(), 1U) << "of the ticket named, not of all of his";
}

TEST_P(StoreStaff, OpenTicketsThatMayTellOfOneTrouble) {
  auto unit = unit_of("near");
  const auto add = [&](std::int64_t matter, PlaceId place, const Peer& owner, TicketStatus status, Time opened) {
    auto one = ticket_of(owner, fresh_id() + 8000);
    one.matter = matter;
    one.place = place;
    one.status = status;
    one.opened = opened;
    unit.tickets.push_back(one);
    return one.id;
  };
  using enum TicketStatus;
  const auto alike = add(7, {}, kLi, opened, kNoon);
  const auto alike_later = add(7, PlaceId{3}, kLi, in_progress, kNoon - 1h);
  add(7, PlaceId{3}, kLi, closed, kNoon);
  add(7, PlaceId{3}, kLi, opened, kNoon - 100h);
  const auto of_place = add(8, PlaceId{3}, kLi, opened, kNoon);
  const auto own = add(0, {}, kWang, opened, kNoon);
  add(0, {}, kWang, closed, kNoon);
  must_commit(unit);
  const auto near = [&](const NearWants& wants) {
    std::vector<TicketId> out;
    const auto seen = store_->read({.peer = kWang, .near = wants}).value();
    for (const auto& ticket : seen.near) out.push_back(ticket.id);
    return out;
  };
  const auto since = kNoon - 50h;
  EXPECT_THAT(near({7, {}, {}, since}), ElementsAre(alike_later, alike)) << "newest first";
  EXPECT_THAT(near({7, PlaceId{3}, kWang, since}), ElementsAre(own, of_place, alike_later, alike)) << "each once";
  EXPECT_THAT(near({0, {}, {}, since}), ElementsAre()) << "of no matter is not of one";
}

TEST_P(StoreStaff, DutiesAndTheDirectory) {
  auto unit = unit_of("duties");
  const auto li = staff_of("li");
  unit.staff = {li};
  const Duty past{li.id, kNoon - 9h, kNoon - 1h, false}, now{li.id, kNoon - 1h, kNoon + 1h, false},
      leave{li.id, kNoon + 24h, kNoon + 48h, true};
  unit.duties = {leave, past, now};
  must_commit(unit);
  EXPECT_THAT(store_->duties_of(li.id, kNoon).value(), ElementsAre(now, leave));
  Directory directory{.estates = {{kHere, "riverside", "滨江花园", "0571-88001234", "Asia/Shanghai"}},
                      .departments = {{kRepairs, "repairs", "repair"}}};
  ASSERT_TRUE(store_->put_directory(directory, kNoon));
  directory.estates[0].title = "滨江花园一期";
  ASSERT_TRUE(store_->put_directory(directory, kNoon + 1h));
  EXPECT_EQ(database_.ask("SELECT title FROM estates WHERE name='riverside'"), "滨江花园一期");
  EXPECT_EQ(database_.ask("SELECT categories FROM departments WHERE id=11"), "repair");
}

HUIYIN_FOR_EACH_DRIVER(StoreStaff);

}  // namespace
}  // namespace huiyin::db
