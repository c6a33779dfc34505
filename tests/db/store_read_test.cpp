// What a decision sees, and the queries.
#include "tests/db/store_conformance.h"

namespace huiyin::db {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class StoreRead : public StoreConformance {};

/// Each member set to something of its own, so that two columns that change places are seen.
Ticket full_ticket(const Peer& peer) {
  auto out = ticket_of(peer, 4711);
  out.estate = EstateId{fresh_id()};
  out.conversation = ConversationId{fresh_id()};
  out.contact = ContactId{fresh_id()};
  out.name = "王建国";
  out.phone = "+8613800138000";
  out.reported_for = "李秀英";
  out.place = PlaceId{fresh_id()};
  out.address = "3栋2单元602";
  out.category = Category::security;
  out.subcategory = "fire";
  out.description = "𠮷🏠着火";
  out.priority = Priority::urgent;
  out.danger = "fire_or_smoke";
  out.audit = "address,human";
  out.department = DepartmentId{fresh_id()};
  out.assignee = StaffId{fresh_id()};
  out.status = TicketStatus::suspended;
  out.told_by = "in_person";
  out.parent = TicketId{fresh_id()};
  out.merged_into = TicketId{fresh_id()};
  out.preferred_visit = "周六上午";
  out.may_enter = true;
  out.chargeable = true;
  out.quote_cents = 12300;
  out.opened = kNoon + 1ms;
  out.respond_by = kNoon + 2ms;
  out.resolve_by = kNoon + 3ms;
  out.closed = kNoon + 4ms;
  out.purge_after = kNoon + 5ms;
  out.request_id = "r1";
  return out;
}

TEST_P(StoreRead, ATicketWithItsHistoryAndAttachmentsComesBackWhole) {
  auto unit = unit_of("open");
  auto ticket = full_ticket(kWang);
  unit.tickets = {ticket};
  const HistoryRow first{
      HistoryId{fresh_id()}, ticket.id,     kNoon + 1ms, "open",    TicketStatus::opened, TicketStatus::assigned, true,
      {ActorKind::owner, 7}, "wechat:main", "open",      "电梯坏了"};
  auto second = first;
  second.id = HistoryId{fresh_id()};
  second.action = "note";
  second.actor = {ActorKind::operator_, 0};
  second.owner_visible = false;
  unit.history = {second, first};
  const Attachment photo{
      AttachmentId{fresh_id()}, ConversationId{5}, ticket.id, MediaKind::video, AttachmentStage::after, "漏水.mp4",
      std::string(64, 'a'),     "video/mp4",       1LL << 33, kNoon + 9ms};
  unit.attachments = {photo};
  unit.media_jobs = {{MediaJobId{fresh_id()}, photo.id, "wechat:main", "m1", "https://x.test/m1", kNoon, kNoon + 72h}};
  must_commit(unit);
  ticket.version = 1;
  EXPECT_EQ(store_->find_ticket({4711}).value(), ticket);
  EXPECT_THAT(store_->history_of(ticket.id).value(), ElementsAre(first, second));
  EXPECT_THAT(store_->attachments_of(ticket.id).value(), ElementsAre(photo));
  EXPECT_EQ(database_.ask("SELECT media_id FROM media_jobs"), "m1");
}

TEST_P(StoreRead, AnAttachmentIsLinkedToItsTicketLater) {
  auto draft = unit_of("photo");
  Attachment photo{.id = AttachmentId{fresh_id()}, .conversation = ConversationId{5}, .received = kNoon};
  draft.attachments = {photo};
  draft.conversation = conversation_of(kWang);
  draft.conversation->dialog.attachments = {photo.id};
  must_commit(draft);
  EXPECT_THAT(store_->read({.peer = kWang, .attachments = true})->attachments, ElementsAre(photo));
  auto open = unit_of("open");
  photo.ticket = TicketId{fresh_id()};
  open.attachments = {photo};
  must_commit(open);
  EXPECT_THAT(store_->attachments_of(photo.ticket).value(), ElementsAre(photo));
}

TEST_P(StoreRead, ASnapshotHoldsThePeersOwnTicketsNewestFirst) {
  auto unit = unit_of("many");
  std::vector<Ticket> mine;
  for (int i = 0; i < Wants::kMaxTickets + 3; ++i) mine.push_back(ticket_of(kWang, 1000 + i));
  unit.tickets = mine;
  const auto of_li = ticket_of(kLi, 2000);
  unit.tickets.push_back(of_li);
  const auto change = [](const Ticket& ticket, const char* action, bool visible) {
    HistoryRow row;
    row.id = HistoryId{fresh_id()};
    row.ticket = ticket.id;
    row.at = kNoon;
    row.action = action;
    row.owner_visible = visible;
    return row;
  };
  unit.history = {change(mine.back(), "open", true), change(mine.back(), "assign", true),
                  change(mine.back(), "note", false), change(of_li, "open", true)};
  must_commit(unit);
  const auto snapshot = store_->read({.peer = kWang, .tickets = true}).value();
  ASSERT_EQ(snapshot.tickets.size(), static_cast<std::size_t>(Wants::kMaxTickets));
  EXPECT_EQ(snapshot.tickets.front().id, mine.back().id);
  ASSERT_EQ(snapshot.last_changes.size(), 1U);
  EXPECT_EQ(snapshot.last_changes[0].action, "assign") << "the newest that the owner may see";
  const auto named = store_->read({.peer = kWang, .tickets = true, .numbers = {{2000}, {1022}, {9}}}).value();
  EXPECT_EQ(named.tickets.size(), static_cast<std::size_t>(Wants::kMaxTickets) + 1) << "each ticket once";
  EXPECT_EQ(named.tickets.back().id, of_li.id);
}

TEST_P(StoreRead, WhatATicketWasMergedIntoComesAlong) {
  auto merged = ticket_of(kWang, 1001);
  const auto into = ticket_of(kLi, 1002);
  merged.status = TicketStatus::merged;
  merged.merged_into = into.id;
  auto unit = unit_of("merged");
  unit.tickets = {into, merged};
  must_commit(unit);
  for (const auto& wants : {Wants{.peer = kWang, .tickets = true}, Wants{.peer = kWang, .numbers = {{1001}}}}) {
    const auto snapshot = store_->read(wants).value();
    ASSERT_EQ(snapshot.tickets.size(), 2U);
    EXPECT_EQ(snapshot.tickets[0].number.sequence, 1001);
    EXPECT_EQ(snapshot.tickets[1].number.sequence, 1002);
  }
}

TEST_P(StoreRead, ASnapshotHoldsContactAndOpenSurvey) {
  auto unit = unit_of("know");
  Contact contact{
      ContactId{fresh_id()}, "王建国", "+8613800138000", true,        {{"3栋602", PlaceId{9}}, {"车库\"B\"", {}}},
      ContactId{fresh_id()}, "zh-CN",  kNoon + 1ms,      kNoon + 2ms, 0};
  unit.conversation = conversation_of(kWang);
  unit.conversation->contact = contact.id;
  unit.contacts = {contact};
  unit.verified_peers = {{kWang, contact.id, kNoon}};
  auto answered = survey_of(kWang, TicketId{1}), open = survey_of(kWang, TicketId{2});
  answered.answered = kNoon;
  answered.score = 5;
  unit.surveys = {open, answered};
  must_commit(unit);
  const auto snapshot = store_->read({.peer = kWang, .contact = true, .survey = true}).value();
  contact.version = open.version = 1;
  EXPECT_EQ(snapshot.contact, contact);
  EXPECT_EQ(snapshot.survey, open);
  EXPECT_EQ(database_.ask("SELECT contact_id FROM contact_peers WHERE address='oWang'"),
            std::to_string(contact.id.value));
  EXPECT_EQ(store_->read({.peer = kLi, .contact = true, .survey = true})->survey, std::nullopt);
}

TEST_P(StoreRead, TicketsOfEveryPeerThatIsCertainlyHisAndOfNoOther) {
  const Peer phone{"sms:estate", "+8613800138000"}, stranger{"wechat:main", "oStranger"};
  const ContactId person{fresh_id()};
  auto unit = unit_of("two ways");
  unit.verified_peers = {{kWang, person, kNoon}, {phone, person, kNoon}};
  const auto by_wechat = ticket_of(kWang, 3001), by_sms = ticket_of(phone, 3002), other = ticket_of(stranger, 3003);
  unit.tickets = {by_wechat, by_sms, other};
  must_commit(unit);
  for (const auto& peer : {kWang, phone}) {
    const auto snapshot = store_->read({.peer = peer, .tickets = true}).value();
    ASSERT_EQ(snapshot.tickets.size(), 2U) << peer.address;
    EXPECT_EQ(snapshot.own_peers.size(), 2U);
    EXPECT_EQ(snapshot.own_peers.front(), peer);
  }
  // The same number on another channel, and whoever is verified nowhere, see their own alone.
  EXPECT_TRUE(store_->read({.peer = {"sms:other", phone.address}, .tickets = true})->tickets.empty());
  EXPECT_EQ(store_->read({.peer = stranger, .tickets = true})->tickets.size(), 1U);
  EXPECT_EQ(store_->read({.peer = stranger, .numbers = {{3001}}})->own_peers, std::vector{stranger});
}

TEST_P(StoreRead, WhoseAPhoneIsAndHowManyCodesWentToIt) {
  const auto now = store_->server_time().value();
  Contact claims{.id = ContactId{fresh_id()}, .name = "李秀英", .phone = "+8613900139000"};
  Contact merged = claims, owner = claims;
  merged.id = ContactId{fresh_id()};
  merged.phone_verified = true;
  owner.id = ContactId{fresh_id()};
  owner.phone_verified = true;
  merged.alias_of = owner.id;
  auto unit = unit_of("claims");
  unit.contacts = {claims, merged};
  unit.codes = {{OutboxId{fresh_id()}, claims.phone, now - 1h}, {OutboxId{fresh_id()}, claims.phone, now - 25h}};
  must_commit(unit);
  const auto before = store_->read({.peer = kLi, .phone = claims.phone, .codes = true}).value();
  EXPECT_EQ(before.phone_owner, std::nullopt) << "a claim is no proof";
  EXPECT_EQ(before.codes_sent, 1) << "of the last day";
  auto proof = unit_of("proof");
  proof.contacts = {owner};
  must_commit(proof);
  EXPECT_EQ(store_->read({.peer = kLi, .phone = claims.phone})->phone_owner->id, owner.id);
  EXPECT_EQ(store_->read({.peer = kLi, .phone = "+8613700137000", .codes = true})->codes_sent, 0);
  EXPECT_EQ(store_->read({.peer = kLi, .phone = claims.phone})->codes_sent, 0) << "not looked for";
}

TEST_P(StoreRead, TicketsAreListedByStatusAndEstate) {
  auto unit = unit_of("list");
  const EstateId here{1}, there{2};
  const auto add = [&](TicketStatus status, EstateId estate) {
    unit.tickets.push_back(ticket_of(kWang, fresh_id()));
    unit.tickets.back().status = status;
    unit.tickets.back().estate = estate;
  };
  add(TicketStatus::opened, here);
  add(TicketStatus::closed, here);
  add(TicketStatus::opened, there);
  add(TicketStatus::resolved, {});
  must_commit(unit);
  const auto ids = [&](const TicketFilter& filter) {
    std::vector<TicketId> out;
    const auto tickets = store_->list_tickets(filter).value();
    for (const auto& ticket : tickets) out.push_back(ticket.id);
    return out;
  };
  const auto& t = unit.tickets;
  EXPECT_THAT(ids({}), ElementsAre(t[3].id, t[2].id, t[1].id, t[0].id));
  EXPECT_THAT(ids({.limit = 2}), ElementsAre(t[3].id, t[2].id));
  EXPECT_THAT(ids({.open_only = true}), ElementsAre(t[3].id, t[2].id, t[0].id));
  EXPECT_THAT(ids({.estate = here}), ElementsAre(t[1].id, t[0].id));
  EXPECT_THAT(ids({.status = TicketStatus::opened, .estate = here}), ElementsAre(t[0].id));
  EXPECT_THAT(ids({.status = TicketStatus::merged}), IsEmpty());
}

HUIYIN_FOR_EACH_DRIVER(StoreRead);

}  // namespace
}  // namespace huiyin::db
