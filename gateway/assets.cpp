#include "gateway/assets.h"

#include <date/tz.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/text.h"
#include "gateway/office_texts.h"
#include "gateway/place_code.h"
#include "gateway/stable_id.h"
#include "gateway/verification.h"
#include "tickets/number.h"
#include "tickets/survey.h"

namespace huiyin::gateway {
namespace {

namespace fs = std::filesystem;

using Files = std::vector<std::pair<std::string, std::string>>;

/// Every `*.yaml` of a folder, sorted by name, as (name, text).
Files read_folder(const fs::path& folder, std::vector<Error>& errors) {
  Files out;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem))
    if (entry.path().extension() == ".yaml") {
      auto text = read_file(entry.path().string());
      if (text)
        out.emplace_back(entry.path().filename().string(), *std::move(text));
      else
        errors.push_back(text.error());
    }
  if (problem)
    errors.push_back(
        {folder.string(), "the folder cannot be read: " + problem.message(), "Check the path in the configuration"});
  else if (out.empty())
    errors.push_back({folder.string(), "no .yaml file in this folder", "Copy the shipped ones there to begin with"});
  std::sort(out.begin(), out.end());
  return out;
}

void append(std::vector<Error>& errors, const std::vector<Error>& more) {
  errors.insert(errors.end(), more.begin(), more.end());
}

std::optional<dialogs::Flow> load_flow(const fs::path& folder, std::vector<Error>& errors) {
  const auto text = read_file((folder / "feedback.yaml").string());
  if (!text) {
    errors.push_back(text.error());
    return std::nullopt;
  }
  auto flow = dialogs::parse_flow(*text, "feedback.yaml");
  if (flow) return *std::move(flow);
  append(errors, flow.error());
  return std::nullopt;
}

/// The folder's files, its weights where it has any, and the company's own questions after them.
std::shared_ptr<const dialogs::Lexicon> load_lexicon(const fs::path& folder, const std::string& faq,
                                                     std::vector<Error>& errors) {
  auto files = read_folder(folder, errors);
  if (files.empty()) return nullptr;
  std::error_code unknown;
  if (const auto weights = folder / "weights.txt"; fs::exists(weights, unknown)) {
    auto text = read_file(weights.string());
    if (!text) return errors.push_back(text.error()), nullptr;
    files.emplace_back("weights.txt", *std::move(text));
  }
  if (!faq.empty()) {
    auto text = read_file(faq);
    if (!text) return errors.push_back(text.error()), nullptr;
    files.emplace_back(faq, *std::move(text));
  }
  auto lexicon = dialogs::Lexicon::parse(files);
  if (lexicon) return std::make_shared<const dialogs::Lexicon>(*std::move(lexicon));
  append(errors, lexicon.error());
  return nullptr;
}

/// Is each estate one that there is, and is each question listed in a language that there is?
void check_faq(const dialogs::Lexicon& lexicon, const Config& config, std::vector<Error>& errors) {
  std::vector<std::string_view> known;
  for (const auto& estate : config.estates) known.push_back(estate.name);
  for (const auto& entry : lexicon.faq()) {
    for (const auto& estate : entry.estates) {
      if (std::find(known.begin(), known.end(), estate) != known.end()) continue;
      const auto meant = closest(estate, known);
      errors.push_back({entry.where, "faq " + entry.name + ": there is no estate \"" + estate + "\"",
                        meant ? "Did you mean \"" + std::string(*meant) + "\"?" : "Name one of `estates:`"});
    }
    if (!entry.answer.contains(config.locale))
      errors.push_back({entry.where, "faq " + entry.name + ": the answer has no words in " + config.locale,
                        "Write them: it is what most owners read"});
    if (!entry.question.empty() && !entry.question.contains(config.locale))
      errors.push_back({entry.where, "faq " + entry.name + ": the question has no words in " + config.locale,
                        "Write them, or leave `question:` out: it is then answered, and not listed"});
  }
}

/// A number under a name that is no danger would never be told to anybody.
void check_emergency_numbers(const dialogs::Flow& flow, const Config& config, std::vector<Error>& errors) {
  std::vector<std::string_view> known;
  std::string all;
  for (const auto& danger : flow.dangers) {
    known.push_back(danger.kind);
    all += (all.empty() ? "" : ", ") + danger.kind;
  }
  for (const auto& [kind, number] : config.emergency_numbers)
    if (flow.find_danger(kind) == nullptr) {
      const auto meant = closest(kind, known);
      errors.push_back({"emergency_numbers", "\"" + kind + "\" is no danger that the dialog knows",
                        meant ? "Did you mean \"" + std::string(*meant) + "\"?" : "Name one of " + all});
    }
}

std::shared_ptr<const templates::Renderer> load_templates(const fs::path& folder, const std::string& locale,
                                                          std::vector<Error>& errors) {
  std::map<std::string, templates::TextFiles> files;
  for (const char* each : {"zh-CN", "en"})
    for (auto& [name, text] : read_folder(folder / each, errors))
      files[each].emplace_back(std::string(each) + "/" + name, std::move(text));
  auto renderer = templates::Renderer::load(files, locale);
  if (renderer) return std::make_shared<const templates::Renderer>(*std::move(renderer));
  append(errors, renderer.error());
  return nullptr;
}

fs::path or_shipped(const std::string& configured, const char* shipped) {
  return configured.empty() ? fs::path(share_folder()) / shipped : fs::path(configured);
}

}  // namespace

std::chrono::minutes utc_offset(const std::string& time_zone) {
  try {
    const auto now = std::chrono::system_clock::now();
    return std::chrono::duration_cast<std::chrono::minutes>(date::locate_zone(time_zone)->get_info(now).offset);
  } catch (const std::exception&) {
    return std::chrono::hours{8};  // the configuration was checked; without a time zone database China's stands
  }
}

std::string share_folder() {
  if (const char* named = std::getenv("HUIYIN_SHARE"); named != nullptr) return named;  // NOLINT(concurrency-mt-unsafe)
  std::error_code problem;
  const auto program = fs::read_symlink("/proc/self/exe", problem);
  const auto beside = program.parent_path().parent_path() / "share" / "huiyin";
  if (!problem && fs::is_directory(beside, problem)) return beside.string();
  return HUIYIN_SOURCE_FOLDER;
}

Expected<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in && text << in.rdbuf()) return text.str();
  std::error_code problem;
  if (in && fs::exists(path, problem) && fs::is_regular_file(path, problem)) return std::string();  // an empty file
  return tl::unexpected(Error{path, "cannot be read", "Check that the file exists and that this user may read it"});
}

tl::expected<Assets, std::vector<Error>> load_assets(const Config& config) {
  std::vector<Error> errors;
  auto flow = load_flow(or_shipped(config.flows_folder, "dialogs/flows"), errors);
  auto lexicon = load_lexicon(or_shipped(config.lexicon_folder, "dialogs/lexicon"), config.faq_file, errors);
  if (lexicon) check_faq(*lexicon, config, errors);
  if (flow) check_emergency_numbers(*flow, config, errors);
  auto renderer = load_templates(or_shipped(config.templates_folder, "templates"), config.locale, errors);
  if (flow && lexicon && renderer) {
    append(errors, dialogs::check_flow(*flow, *lexicon, [&](std::string_view name) { return renderer->has(name); }));
    for (const char* name : {"gateway.busy", "gateway.draft_reminder", "gateway.media_lost", "gateway.media_size",
                             "gateway.notice_consent", "gateway.media_type", "gateway.more"})
      if (!renderer->has(name))
        errors.push_back(
            {"messages.yaml", std::string("the text \"") + name + "\" is missing", "Copy it from the shipped file"});
    for (const auto name : office_texts())
      if (!renderer->has(name))
        errors.push_back({"templates", "the text \"" + std::string(name) + "\" is missing",
                          "Copy it from the shipped staff.yaml or news.yaml"});
  }
  if (!errors.empty()) return tl::unexpected(std::move(errors));
  return Assets{*std::move(flow), std::move(lexicon), std::move(renderer)};
}

std::shared_ptr<const templates::Renderer> newer_texts(const Config& config, const Assets& assets,
                                                       std::string_view probe) {
  if (assets.renderer->has(probe)) return assets.renderer;
  auto plain = config;
  plain.templates_folder.clear();
  const auto shipped = load_assets(plain);
  return shipped ? shipped->renderer : assets.renderer;
}

LocalWords words_of(const Assets& assets, std::shared_ptr<const templates::Renderer> newer, const std::string& locale) {
  return [own = assets.renderer, newer = std::move(newer), locale](std::string_view name, const templates::Data& data) {
    return (own->has(name) ? own : newer)->render(name, locale, "", data);
  };
}

std::vector<dialogs::FaqEntry> listed_questions(const dialogs::Lexicon& lexicon, std::string_view estate) {
  std::vector<dialogs::FaqEntry> listed;
  for (const auto& entry : lexicon.faq())
    if (!entry.question.empty() && is_for(entry, estate)) listed.push_back(entry);
  return listed;
}

dialogs::Locality locality_of(const Config& config, const std::string& estate) {
  for (const auto& one : config.estates)
    if (one.name == estate || (estate.empty() && config.estates.size() == 1))
      return {.estate = one.name, .area_code = one.area_code};
  return {};
}

Desk make_desk(const Assets& assets, const Config& config, const ChannelConfig& channel,
               const Capabilities& capabilities) {
  Desk desk{.channel = channel.name,
            .kind = channel.kind,
            .estate = stable_id<EstateId>(channel.estate),
            .locale = config.locale,
            .capabilities = capabilities,
            .flow = assets.flow,
            .lexicon = assets.lexicon,
            .renderer = assets.renderer};
  for (const auto& code : config.codes) desk.codes.emplace(fold(code.code), scene_of(code));
  desk.flow.manners.brief = capabilities.segment > 0;
  desk.flow.site.fits_code = fits_code;
  auto& site = desk.flow.site;
  std::string time_zone = config.time_zone;
  site.locality = locality_of(config, channel.estate);
  site.faq = listed_questions(*assets.lexicon, site.locality.estate);
  for (const auto& estate : config.estates)
    if (estate.name == channel.estate) {
      site.hotline = estate.hotline;
      site.places = dialogs::PlaceTree(estate.places);
      time_zone = estate.time_zone;
    }
  if (channel.kind == "email" && channel.stanza) {
    const auto closed = channel.stanza->find("closed_tickets");
    site.mail_reopens = !closed || closed->text() != "comment";
    if (const auto category = channel.stanza->find("category")) site.mail_category = category->text();
  }
  site.emergency_numbers = config.emergency_numbers;
  site.utc_offset = utc_offset(time_zone);
  const auto prefix = config.ticket_prefix;
  site.write_number = [prefix](TicketNumber number) { return tickets::format_number(number, prefix); };
  site.read_number = [prefix](std::string_view text) -> std::optional<TicketNumber> {
    const auto number = tickets::parse_number(text, prefix);
    return number ? std::optional(*number) : std::nullopt;
  };
  site.read_survey = [](std::string_view text) {
    const auto reading = tickets::read_survey_answer(text);
    using Kind = dialogs::SurveyWords::Kind;
    dialogs::SurveyWords words{.score = reading.score, .outcome = reading.outcome, .words = reading.words};
    switch (reading.kind) {
      case tickets::SurveyReading::Kind::answer:
        words.kind = Kind::answer;
        break;
      case tickets::SurveyReading::Kind::thanks:
        words.kind = Kind::thanks;
        break;
      case tickets::SurveyReading::Kind::out_of_range:
        words.kind = Kind::out_of_range;
        break;
      case tickets::SurveyReading::Kind::other:
        words.kind = Kind::other;
        break;
    }
    return words;
  };
  for (const auto category :
       {Category::repair, Category::cleaning, Category::service, Category::security, Category::internal})
    desk.rules.departments[category] = stable_id<DepartmentId>(to_string(category));
  desk.rules.retention = std::chrono::days(config.retention_days);
  return desk;
}

}  // namespace huiyin::gateway
