#include "adapters/email/quote_marks.h"

#include <re2/re2.h>

#include "core/text.h"

namespace huiyin::email {
namespace {

constexpr std::size_t kLongestLine = 400;  // bytes of what can be a mark

/// What an introduction that is cut off from its words still has: when, or from whom.
bool has_evidence(const std::string& line) {
  static const RE2 pattern(R"(@|\d{4}|\d\s*[:月/.-]\s*\d)");
  return RE2::PartialMatch(line, pattern);
}

}  // namespace

std::string normal_line(std::string_view text) {
  if (text.size() > kLongestLine * 2) return {};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = text.substr(i);
    const auto replace = [&](std::string_view what, std::string_view by) {
      if (!rest.starts_with(what)) return false;
      out += by;
      i += what.size();
      return true;
    };
    if (replace("\xC2\xA0", " ") || replace("\xE2\x80\xAF", " ") || replace("\xE3\x80\x80", " ") ||
        replace("\xEF\xBC\x9A", ":") || replace("\xEF\xBC\x8C", ",") || replace("\xE2\x80\x8B", "") ||
        replace("\xEF\xBB\xBF", "") || replace("&nbsp;", " ") || replace("*", ""))
      continue;
    out += text[i++];
  }
  return std::string(trim(out));
}

bool is_rule(const std::string& line) {
  return line.size() >= 4 &&
         line.find_first_not_of(line[0] == '-' || line[0] == '_' || line[0] == '=' ? line[0] : '-') ==
             std::string::npos;
}

bool is_separator(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^[-=_]{2,}\s*(原始邮件|原始信息|原始郵件|原始郵件信息|邮件原件|回复的原邮件|回复邮件|原邮件|历史邮件|源邮件|Original( Message| Appointment| E-?mail)?|Reply( Message)?|Replied Message|Ursprüngliche (Nachricht|E-?Mail)|Antwort Nachricht|Oprindelig meddelelse|Oorspronkelijk bericht|Ursprungligt meddelande|Opprinnelig melding|Message d'origine|Message original|Mensaje original|Mensagem original|Messaggio originale|Wiadomość oryginalna|Исходное сообщение|Alkuperäinen viesti|元のメッセージ|元のメール|원본 메시지|원본 메일)\s*[-=_]{2,}$)");
  // Of help desks: what the answer was to be written above.
  static const RE2 above(
      R"((?i)^\W*(please )?(reply|type your reply|write your reply) .{0,40}above this line\W*$|^\W*请在(此|这|本)(行|线).{0,10}上.{0,4}回复\W*$)");
  return RE2::FullMatch(line, pattern) || RE2::FullMatch(line, above);
}

bool is_forward_separator(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^(-{2,}\s*(Forwarded message|Forwarded by .*|转发的消息|转发邮件信息|转发的邮件|转发邮件|轉寄的郵件|轉寄郵件|转发的原邮件|转发的原始邮件|原始邮件转发|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|Mensagem encaminhada|Messaggio inoltrato|Doorgestuurd bericht|Пересылаемое сообщение|転送されたメッセージ)\s*-{2,}|Begin forwarded message:|开始转发的邮件:|下面是被转发的邮件:|下面是转发的邮件:|開始轉寄郵件:)$)");
  return RE2::FullMatch(line, pattern);
}

/// The line's length bounds what the patterns' `.+` can take; counted repetitions would make them too large to run
/// fast.
bool is_introduction(const std::string& line) {
  static const RE2 chinese(R"(^((在|于|於)....+|.+(于|於|在)....+|.*\d\d\d\d....+)(写道|寫道|写到|來信|来信)\s*:$)");
  static const RE2 english(R"((?i)^(On|At) .....+( wrote| writes| said| sent|schrieb)\s*:$)");
  static const RE2 others(
      R"(^(Am .+ schrieb.*|Le .+ a écrit ?|El .+ escribió|Il .+ ha scritto|Em .+ escreveu|Op .+ (schreef.*|geschreven)|(Den|På) .+ skrev.*|W dniu .+ (pisze|napisał.*)|Dne .+ napsal.*|Vào .+ đã viết|Pada .+ menulis|.+さんは書きました|.+님이 작성|.+ kirjoitti|.+ tarihinde.* yazdı|.+ (написала?|пишет))\s*:$)");
  static const RE2 bare(
      R"(^(\d{4}[年./-]\d{1,2}[月./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\pL{2,9}\.?, \d{1,2}[. ]).*<\s*[^<>\s]+@[^<>\s]+>\s*:$)");
  static const RE2 addressed(R"(^.*<[^<>\s]+@[^<>\s]+>\s*(wrote|写道|寫道)\s*:$)");
  static const RE2 dashed(R"((?i)^--+\s*(On|在) .+(wrote|写道)\s*:?\s*--+$)");
  if (line.size() > kLongestLine || !(line.ends_with(':') || line.ends_with('-')) || !has_evidence(line)) return false;
  return RE2::FullMatch(line, english) || RE2::FullMatch(line, chinese) || RE2::FullMatch(line, others) ||
         RE2::FullMatch(line, bare) || RE2::FullMatch(line, addressed) || RE2::FullMatch(line, dashed);
}

bool is_bare_introduction(const std::string& line) {
  static const RE2 pattern(R"(^\d{4}[年/-]\d{1,2}[月/-]\d{1,2}.{0,60}<[^<>\s]+@[^<>\s]+>$)");
  static const RE2 named(
      R"((?i)^\S.{1,80} (wrote|writes|schrieb|skrev|a écrit)( (on|am) .+)?\s*:$|^\S.{0,80}(写道|寫道)\s*:$)");
  return line.size() <= kLongestLine && (RE2::FullMatch(line, pattern) || RE2::FullMatch(line, named));
}

std::size_t introduction_within(const std::string& line) {
  static const RE2 pattern(
      R"(^.*\S\s*?(?:-{2,}\s*|\s)((?:On|At) (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d).* wrote:\s*)$|^.*(?:[。！？!?~]|-{2,})\s*((?:在|于|於)\s*\d{4}\s*[年/-].*(?:写道|寫道)\s*(?::|：)\s*)$)");
  if (line.size() > kLongestLine) return 0;
  std::string english, chinese;
  if (!RE2::FullMatch(line, pattern, &english, &chinese)) return 0;
  return line.size() - english.size() - chinese.size();
}

HeaderLine header_line(const std::string& line) {
  static const RE2 from(
      R"((?i)^(发件人|發件人|寄件者|寄件人|From|Von|De|Da|Od|Van|Fra|Från|Expéditeur|Remitente|Mittente|Kimden|Gönderen|От|От кого|Від|Lähettäjä|Feladó|Dari|Từ|差出人|送信者|보낸 ?사람)\s*:.*)");
  static const RE2 date(
      R"((?i)^(发送时间|發送時間|传送时间|傳送時間|发送日期|寄件日期|日\s*期|时\s*间|時間|Sent|Date|Gesendet|Datum|Envoyé|Enviado|Enviado el|Envi?ad[ao] em|Fecha|Data|Inviato|Verzonden|Sendt|Dato|Skickat|Wysłano|Отправлено|Дата|Lähetetty|Elküldve|Gönderildi|Tarih|Dikirim|Tanggal|Đã gửi|Ngày|送信日時|日付|보낸 ?날짜|날짜)\s*:.*)");
  static const RE2 other(
      R"((?i)^(收件人|收件者|抄送|抄送至|抄送人|副本|密送|主\s*题|主\s*題|主旨|重要性|回复至|To|Cc|Subject|Reply-To|Importance|Priority|Attachments|An|Betreff|Kopie|À|A|Objet|Para|Asunto|Assunto|Oggetto|Aan|Onderwerp|Til|Emne|Till|Ämne|Do|DW|Temat|Кому|Копия|Тема|Vastaanottaja|Aihe|Címzett|Tárgy|Kime|Konu|Kepada|Subjek|Perihal|Tới|Đến|Chủ đề|宛先|件名|받는 ?사람|참조|제목)\s*:.*)");
  if (RE2::FullMatch(line, from)) return HeaderLine::from;
  if (RE2::FullMatch(line, date)) return HeaderLine::date;
  return RE2::FullMatch(line, other) ? HeaderLine::other : HeaderLine::none;
}

bool is_device_line(std::string line) {
  if (line.starts_with("（") || line.starts_with("(")) line.erase(0, line.starts_with("(") ? 1 : 3);
  if (line.ends_with("）") || line.ends_with(")")) line.erase(line.size() - (line.ends_with(")") ? 1 : 3));
  if (line.ends_with('>') && line.find("<http") != std::string::npos)  // a link to its shop
    line = std::string(trim(std::string_view(line).substr(0, line.find("<http"))));
  static const RE2 chinese(
      R"((?i)^-*\s*((发自|發自|寄自)\s*(我的\s*.{1,30}|[A-Za-z].{0,30}|(新浪|网易|腾讯|华为|小米|荣耀|魅族|手机|安卓|移动).{0,30})|(从|從)我的.{1,20}(发送|傳送)|傳送自.{1,30}|(发送自|來自|来自)\s*(Outlook|QQ邮箱|网易邮箱|Windows|Mac|iPhone|我的|新浪邮箱|华为|小米|139邮箱|阿里邮箱|腾讯企业邮箱).{0,40}|(获取|取得|下載)\s*.{0,20}\s?Outlook.{0,60}|(从|從) Windows 版邮件发送|从.{1,20}版邮件\s*(<[^>]*>)?\s*发送|通过.{1,20}(邮箱|客户端|邮件大师)(发送|发出)|(不含病毒|无病毒)[.。]?\s*(www\.|<?https?:).*)$)");
  static const RE2 english(
      R"((?i)^[-–—]*\s*((Get|Download) (Outlook|BlueMail|TypeApp) for .{0,60}|Sent (from|via|with|using|by) (my|a|an|the|Mail|Outlook|Yahoo|Samsung|Windows|Galaxy|ProtonMail|Proton|BlackBerry|Acompli|Spark|Nine|TypeApp|BlueMail|Airmail|AOL|Gmail|iPhone|iPad|Android|Huawei|Xiaomi|Mailspring|Superhuman|Foxmail|WeChat|QQMail)\b[^,;!?]{0,60}|Virus-free\.\s*(www\.|<?https?:).*)$)");
  static const RE2 others(
      R"((?i)^-*\s*(Von meinem .{1,40}gesendet|Gesendet (von|mit) .{1,40}|Envoyé (de|depuis) (mon )?.{1,40}|Enviado (desde|do|de) (mi|meu )?.{1,40}|Inviato da( mio)? .{1,30}|Verstuurd vanaf mijn .{1,30}|Skickat från min .{1,30}|Sendt fra min .{1,30}|Отправлено с .{1,30}|.{1,20}(から送信|에서 보냄))$)");
  if (line.size() > 120) return false;
  return RE2::FullMatch(line, chinese) || RE2::FullMatch(line, english) || RE2::FullMatch(line, others);
}

bool is_picture_stand_in(const std::string& line) {
  static const RE2 pattern(
      R"((?i)^(\[(cid:[^\]]{1,200}|image:?[^\]]{0,100}|图片|圖片|inline image.{0,40})\]\s*)+(<https?:[^>]*>)?$)");
  return RE2::FullMatch(line, pattern);
}

bool is_disclaimer(const std::string& line) {
  static const RE2 title(
      R"((?i)^(-+|=+)?\s*(免责声明|免責聲明|保密(声明|提示|通知)|(legal )?disclaimer|confidentiality( notice)?|confidential)\s*:?\s*(-+|=+)?$)");
  static const RE2 sentence(
      R"((?i)^.{0,20}(本邮件|此邮件|本电子邮件|此电子邮件|本郵件|本电邮|this (e-?mail|message|communication)|the information contained in this|the contents of this).*(保密|机密|機密|仅供|仅限|僅供|confidential|privileged|intended (solely|only)).*)");
  return RE2::FullMatch(line, title) || RE2::FullMatch(line, sentence);
}

}  // namespace huiyin::email
