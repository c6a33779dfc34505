#include "gateway/ticket_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "gateway/media_store.h"
#include "tickets/number.h"

namespace huiyin::gateway {
namespace {

std::string local_time(Time time, std::chrono::minutes utc_offset) {
  return format_utc(time + utc_offset).substr(0, 16);
}

std::string one_line(std::string_view text, std::size_t characters) {
  std::string out(first_characters(text, characters));
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out.size() < text.size() ? out + "…" : out;
}

void add(std::string& out, std::string_view label, std::string_view value) {
  if (!value.empty()) out += fmt::format("  {}  {}\n", label, value);
}

/// `image/jpeg 182 KB  /var/lib/huiyin/media/ab/abcd…`, or how far fetching it has come.
std::string whereabouts(const Attachment& attachment, const AttachmentView& media) {
  if (!attachment.sha256.empty())
    return fmt::format("{} {} KB  {}", attachment.mime_type, (attachment.bytes + 1023) / 1024,
                       media_path(media.folder, attachment.sha256));
  const auto job = std::find_if(media.jobs.begin(), media.jobs.end(),
                                [&](const auto& one) { return one.attachment == attachment.id; });
  if (job == media.jobs.end() || (!job->ended && job->attempts == 0)) return "待下载 to be fetched";
  if (job->ended) return "未能保存 not saved: " + job->last_error;
  return fmt::format("待下载 to be fetched, tried {} times: {}", job->attempts, job->last_error);
}

std::string describe_history(const HistoryRow& row, std::chrono::minutes utc_offset) {
  std::string out = fmt::format("    {}  {}  {} → {}", local_time(row.at, utc_offset), row.action, to_string(row.from),
                                to_string(row.to));
  if (!row.text.empty()) out += "  " + one_line(row.text, 60);
  return out + (row.owner_visible ? "\n" : "  (内部 internal)\n");
}

}  // namespace

std::string_view word_for(MediaKind kind) {
  switch (kind) {
    case MediaKind::image:
      return "照片 photo";
    case MediaKind::voice:
      return "语音 voice";
    case MediaKind::video:
      return "视频 video";
    case MediaKind::file:
      return "文件 file";
  }
  return "";
}

std::string describe_ticket(const Ticket& ticket, const std::vector<HistoryRow>& history, const AttachmentView& media,
                            const std::string& prefix, std::chrono::minutes utc_offset) {
  std::string out =
      fmt::format("工单 {}  [{}]  {}\n", tickets::format_number(ticket.number, prefix), to_string(ticket.status),
                  ticket.priority == Priority::urgent ? "紧急 URGENT" : to_string(ticket.priority));
  auto category = std::string(to_string(ticket.category));
  if (!ticket.subcategory.empty()) category += "/" + ticket.subcategory;
  add(out, "类型 category   ", category);
  add(out, "危险 danger     ", ticket.danger);
  add(out, "姓名 name       ", ticket.name);
  add(out, "电话 phone      ", ticket.phone);
  add(out, "代报 reported for", ticket.reported_for);
  add(out, "地址 address    ", ticket.address);
  add(out, "描述 description", ticket.description);
  add(out, "待核 to check   ", ticket.audit);
  add(out, "来源 channel    ", ticket.peer.channel + " " + mask_peer(ticket.peer.address));
  add(out, "时间 opened     ", local_time(ticket.opened, utc_offset));
  for (const auto& attachment : media.attachments)
    out +=
        fmt::format("  {}  {}  {}\n", word_for(attachment.kind), attachment.id.value, whereabouts(attachment, media));
  out += "  记录 history\n";
  for (const auto& row : history) out += describe_history(row, utc_offset);
  return out;
}

std::string describe_ticket_line(const Ticket& ticket, const std::string& prefix, std::chrono::minutes utc_offset) {
  return fmt::format("{:<12} {:<12} {:<9} {}  {}  {}  {}  {}\n", tickets::format_number(ticket.number, prefix),
                     to_string(ticket.status), to_string(ticket.category), local_time(ticket.opened, utc_offset),
                     mask_name(ticket.name), mask_phone(ticket.phone), ticket.address,
                     one_line(ticket.description, 30));
}

}  // namespace huiyin::gateway
