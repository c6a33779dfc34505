#include "gateway/guides/guides.h"

#include <algorithm>

#include "core/text.h"
#include "gateway/clerk.h"
#include "pages/markdown.h"

namespace huiyin::gateway {
namespace {

using pages::markdown_text;
using templates::Data;

struct Kind {
  const char* name;
  bool of_estate;
  std::vector<std::string_view> readers;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"poster", true, {"owner"}},
      {"owner", true, {"owner"}},
      {"faq", true, {"owner", "dispatcher"}},
      {"staff", false, {"staff"}},
      {"dispatcher", false, {"dispatcher"}},
      {"manager", false, {"lead", "manager"}},
      {"process", false, {"staff", "dispatcher", "lead", "manager", "operator"}},
      {"report", false, {"lead", "manager"}},
      {"operator", false, {"operator"}},
  };
  return all;
}

/// What kind of block a line is of: between two kinds a blank line has to stand.
char block_of(std::string_view line) {
  return !line.empty() && std::string_view("#|>").find(line.front()) != std::string_view::npos ? line.front() : ' ';
}

/// Sections that are left out leave too many blank lines, or none.
std::string tidied(const std::string& markdown) {
  std::string out;
  char before = '\0';  // the block of the line before; none after a blank one
  for (const auto line : split(markdown, '\n')) {
    const bool is_blank = trim(line).empty();
    const bool parts = before != '\0' && !is_blank && (block_of(line) != before || before == '#');
    if (parts || (is_blank && before != '\0')) out += '\n';
    before = is_blank ? '\0' : block_of(line);
    if (!is_blank) out += std::string(line) + "\n";
  }
  return out;
}

std::string lines_of(const GuideSource& source, std::string_view name, const Data& data) {
  const auto words = source.words(name, data);
  std::string out;
  for (const auto line : split(words, '\n')) out += "> " + markdown_text(line) + "\\\n";
  if (out.ends_with("\\\n")) out.erase(out.size() - 2, 1);
  return out;
}

/// What staff are told, in the words in which they are told it.
std::string notice(const GuideSource& source, const std::string& name) {
  return lines_of(source, "staff." + name,
                  {{"number", source.full_number(1024)},
                   {"other", source.full_number(1025)},
                   {"place", source.word("sample_place")},
                   {"description", source.word("sample_water")},
                   {"category", kind_words(source, Category::repair, "water")},
                   {"who", source.word("sample_who")},
                   {"why", source.word("sample_why")},
                   {"text", source.word("sample_reason")}});
}

std::string faq_list(const GuideSource& source, const std::string& estate) {
  std::string out;
  for (const auto& entry : listed_questions(*source.assets.lexicon, estate)) {
    const auto in = [&](const std::map<std::string, std::string>& texts) {
      const auto found = texts.find(source.locale);
      return found == texts.end() ? texts.begin()->second : found->second;
    };
    out += "### " + markdown_text(in(entry.question)) + "\n\n" + markdown_text(in(entry.answer)) + "\n\n";
  }
  return out;
}

std::string menu_words(const GuideSource& source) {
  std::vector<std::string> words;
  const auto& flow = source.assets.flow;
  for (const auto& entry : flow.menu)
    if (entry.offered && entry.start) words.push_back(label_of(flow, entry.label, source.locale, entry.id));
  return source.join(words);
}

std::string told_by_words(const GuideSource& source) {
  std::vector<std::string> words;
  for (const auto way : tickets::kToldBy) words.push_back(source.words("page.told_" + std::string(way), {}));
  return source.join(words);
}

Data common_data(const GuideSource& source) {
  const auto& survey = source.life.survey;
  const auto& config = source.config;
  return {{"company", markdown_text(config.company)},
          {"number", source.short_number(1024)},
          {"full_number", source.full_number(1024)},
          {"progress", command_word(source, "progress")},
          {"human", command_word(source, "human")},
          {"cancel", command_word(source, "cancel")},
          {"faq", source.assets.lexicon->faq().empty() ? "" : command_word(source, "faq")},
          {"kinds", menu_words(source)},
          {"emergencies", emergency_table(source)},
          {"service_times", service_time_table(source, true)},
          {"hours", hours_list(source)},
          {"survey", survey.enabled ? "1" : ""},
          {"survey_expires", span_words(source, survey.expire_after)},
          {"closes", span_words(source, survey.close_after)},
          {"low_score", std::to_string(survey.low_score)},
          {"call_back_within", duration_words(source, survey.call_back_within)},
          {"asked_every", span_words(source, survey.at_most_every)},
          {"reopen_within", span_words(source, source.rules.reopen_within)}};
}

Data estate_data(const GuideSource& source, const EstateConfig& estate) {
  const bool by_sms = has_channel(source, estate, "sms");
  return {{"estate", markdown_text(estate.title)},
          {"hotline", markdown_text(estate.hotline)},
          {"ways", ways_list(source, estate)},
          {"menu", menu_list(source, estate)},
          {"wechat", has_channel(source, estate, "wechat") ? "1" : ""},
          {"commands", owner_command_table(source, by_sms)},
          {"questions", faq_list(source, estate.name)},
          {"first_aid", first_aid(source)},
          {"consent", markdown_text(source.words("consent", {}))}};
}

Data work_data(const GuideSource& source) {
  const auto& reports = source.reports;
  return {{"process", process_table(source)},
          {"all_service_times", service_time_table(source, false)},
          {"statuses", status_table(source)},
          {"roles", role_table(source)},
          {"departments", department_table(source)},
          {"ladder", ladder_table(source)},
          {"ladder_dispatcher", ladder_table_of(source, {"dispatcher"})},
          {"ladder_manager", ladder_table_of(source, {"lead", "manager"})},
          {"ladder_staff", ladder_table_of(source, {"assignee", "duty", "group"})},
          {"commands", staff_command_table(source, false)},
          {"wider_commands", staff_command_table(source, true)},
          {"wishes", staff_wish_table(source)},
          {"told_by", told_by_words(source)},
          {"after_photo", after_photo_words(source)},
          {"chats", work_chat_words(source)},
          {"pages", source.config.links_secret.current.empty() ? "" : "1"},
          {"notice_unattended", notice(source, "unattended")},
          {"notice_out_of_scope", notice(source, "out_of_scope")},
          {"notice_duplicate", notice(source, "maybe_duplicate")},
          {"notice_sent_back", notice(source, "sent_back")},
          {"notice_call_back", notice(source, "call_back")},
          {"notice_human", notice(source, "wants_human")},
          {"monthly", reports.monthly ? "1" : ""},
          {"report_day", std::to_string(reports.day)},
          {"audit", reports.audit_minute ? "1" : ""}};
}

Data operator_data(const GuideSource& source) {
  const auto& config = source.config;
  std::vector<std::string> alarms;
  for (const auto& one : config.alarms_to) alarms.push_back(pages::markdown_code(one));
  return {{"file", pages::markdown_code(config.file)},
          {"channels", channel_table(source)},
          {"public_url", config.public_url},
          {"codes", code_table(source)},
          {"alarms", source.join(alarms)},
          {"listen", pages::markdown_code(config.listen_address + ":" + std::to_string(config.listen_port))},
          {"monitor", pages::markdown_code(config.monitor_address + ":" + std::to_string(config.monitor_port))},
          {"sqlite", config.database.driver == "sqlite" ? pages::markdown_code(config.database.file) : ""},
          {"mysql", config.database.driver == "mysql" ? "1" : ""},
          {"spool", pages::markdown_code(config.spool_file)},
          {"media", pages::markdown_code(config.media_folder)},
          {"ticket_days", std::to_string(config.retention_days)},
          {"inbox_days", std::to_string(config.inbox_days)}};
}

void append(Data& into, const Data& more) { into.insert(into.end(), more.begin(), more.end()); }

Guide guide_of(const GuideSource& source, const Kind& kind, const EstateConfig* estate, Time now) {
  Guide guide{.name = kind.name, .title = source.word("title_" + std::string(kind.name)), .readers = kind.readers};
  if (guide.name == "report") {
    guide.report = sample_report(source, now);
    return guide;
  }
  auto data = common_data(source);
  if (estate != nullptr) {
    append(data, estate_data(source, *estate));
    if (source.config.estates.size() > 1) {
      guide.estate = estate->name;
      guide.title += " · " + estate->title;
    }
  } else {
    append(data, work_data(source));
    if (guide.name == "operator") append(data, operator_data(source));
  }
  guide.markdown = tidied(source.words("guide." + guide.name, data));
  return guide;
}

}  // namespace

std::vector<Guide> make_guides(const GuideSource& source, std::string_view reader, Time now) {
  std::vector<Guide> guides;
  for (const auto& kind : kinds()) {
    const bool reads = std::find(kind.readers.begin(), kind.readers.end(), reader) != kind.readers.end();
    if (!reader.empty() && !reads) continue;
    if (!kind.of_estate) guides.push_back(guide_of(source, kind, nullptr, now));
    for (const auto& estate : source.config.estates)
      if (kind.of_estate) guides.push_back(guide_of(source, kind, &estate, now));
  }
  return guides;
}

Guide make_index(const GuideSource& source, const std::vector<Guide>& guides, const std::string& extension) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& guide : guides) {
    std::vector<std::string> readers;
    for (const auto reader : guide.readers) readers.push_back(source.word("reader_" + std::string(reader)));
    rows.push_back({"[" + markdown_text(guide.title) + "](" + guide.file_name() + "." + extension + ")",
                    source.join(readers), source.word("about_" + guide.name)});
  }
  auto data = common_data(source);
  data.emplace_back("documents", pages::markdown_table({source.word("column_document"), source.word("column_readers"),
                                                        source.word("column_about")},
                                                       rows));
  return {.name = "index", .title = source.word("title_index"), .markdown = tidied(source.words("guide.index", data))};
}

std::string report_markdown(const pages::ReportPage& page) {
  auto out = "# " + markdown_text(page.title) + "\n\n" + markdown_text(page.subtitle) + "\n\n";
  for (const auto& figure : page.figures)
    out += "- " + markdown_text(figure.label.title) + ": **" + markdown_text(figure.value.text) + "** " +
           markdown_text(figure.detail) + "\n";
  for (const auto& table : page.tables) {
    if (table.rows.empty() && table.if_empty.empty()) continue;
    out += "\n## " + markdown_text(table.title) + "\n\n";
    for (const auto& note : table.notes) out += markdown_text(note) + "\n\n";
    if (table.rows.empty()) out += markdown_text(table.if_empty) + "\n";
    std::vector<std::string> columns;
    for (const auto& column : table.columns) columns.push_back(markdown_text(column.title));
    std::vector<std::vector<std::string>> rows;
    for (const auto& row : table.rows) {
      rows.emplace_back();
      for (const auto& cell : row) rows.back().push_back(markdown_text(cell.text));
    }
    out += pages::markdown_table(columns, rows);
  }
  return out + "\n" + markdown_text(page.footer) + "\n";
}

}  // namespace huiyin::gateway
