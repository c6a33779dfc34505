#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "dialogs/understanding/words.h"

namespace huiyin::dialogs {

/// Words around a number that tell what it is: an order's, somebody else's, the one to call back. Read by phones.cpp
/// and phone_context.cpp; those in Latin script stand in small letters.

using PhoneWords = Words;

/// text.rfind(word), for many words of which hardly one stands there: looking from the front is several times as fast.
inline std::size_t find_last(std::string_view text, std::string_view word) {
  const auto first = text.find(word);
  return first == text.npos ? first : text.rfind(word);
}
inline std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; });
  return out;
}

inline constexpr std::array<std::string_view, 46> kOtherNumbers{
    "单号",   "订单",      "编号",    "卡号",   "证号",     "身份证",  "户号",   "表号",   "账号",   "帐号",
    "快递",   "运单",      "工单",    "流水",   "余额",     "型号",    "序列号", "合同号", "条码",   "学号",
    "密码",   "验证码",    "工号",    "设备号", "发票号",   "交易号",  "取件码", "编码",   "条形码", "车架号",
    "保单号", "流水号",    "商户号",  "order",  "no",       "account", "card",   "id",     "ticket", "sn",
    "ref",    "reference", "invoice", "parcel", "tracking", "serial"};
/// Those of them that are no numbers: 「忘记密码 138…」.
inline constexpr std::array<std::string_view, 10> kNoNumbers{"快递", "余额",   "工单", "密码",   "验证码",
                                                             "流水", "身份证", "card", "ticket", "account"};
inline constexpr std::array<std::string_view, 91> kForeign{
    "广告",           "传单",          "办证",           "喷的",
    "快递员",         "司机",          "车主",           "物业电话",
    "对方",           "客服电话",      "推销",           "骚扰电话",
    "房东电话",       "邻居电话",      "派出所",         "骗子",
    "他电话",         "她电话",        "他的电话",       "她的电话",
    "他手机",         "他的手机",      "他家电话",       "她家电话",
    "他号码",         "他的号码",      "你们电话",       "你们的电话",
    "你们报修电话",   "物业报修电话",  "打报修电话",     "的报修电话",
    "车窗",           "车上电话",      "车上的电话",     "写住",
    "广告写",         "广告上",        "热线",           "你们那个",
    "外卖员",         "中介",          "陌生号码",       "打给师傅",
    "骑手",           "配送员",        "冒充",           "来电显示",
    "给我打电话的",   "打给我的",      "打我电话的",     "挡风玻璃",
    "车上留",         "车上写",        "写着",           "贴的",
    "贴着",           "喷了",          "喷着",           "印着",
    "名片",           "i called",      "i rang",         "i tried",
    "poster",         "sticker",       "your number",    "your hotline",
    "called me from", "kept calling",  "监控里",         "小广告上",
    "number on the",  "the sign",      "他号",           "她号",
    "他微信",         "她微信",        "刚打了",         "我打了",
    "我打过",         "calling me",    "calls me",       "called me",
    "texted me",      "someone named", "someone called", "somebody called",
    "man named",      "man called",    "guy called"};
/// What stands behind these is on a screen or a paper that somebody else left, whatever the owner says besides.
inline constexpr std::array<std::string_view, 14> kOnPaper{
    "监控里", "来电显示",        "冒充",          "挡风玻璃",       "写着",          "小广告上", "车上留", "印着",
    "贴着",   "calling me from", "calls me from", "called me from", "number on the", "the sign"};
/// They are called by their number without a word between: 车主138….
inline constexpr std::array<std::string_view, 39> kNamedByNumber{
    "前业主",   "前任业主", "上任业主", "原业主", "前房东",   "前租客", "上一任租客", "上一个租客",
    "前任房东", "快递小哥", "外卖小哥", "送餐员", "师傅",     "负责人", "车主",       "司机",
    "骗子",     "房东",     "包工头",   "中介",   "推销员",   "邻居",   "送水工",     "维修工",
    "水电工",   "电工",     "管道工",   "搬运工", "装修工",   "快递员", "外卖员",     "配送员",
    "送货员",   "业务员",   "销售员",   "骑手",   "保洁阿姨", "保洁员", "装修工人"};
inline constexpr std::array<std::string_view, 53> kDeadTail{
    "是前",           "是上一",        "是原来业主",   "空号",       "是骗子",    "不是我的",    "错了",
    "不用了",         "作废",          "不是我号",     "不是我本",   "不是我手",  "不是我电",    "打电话来说",
    "打电话说",       "打电话过来说",  "打过去",       "一直不接",   "从来不接",  "是不是你们",  "贴纸",
    "doesn't answer", "never answers", "never showed", "never came", "is it you", "is this you", "是你们吗",
    "是你们的吗",     "是你们物业",    "打来的",       "打来说",     "搬走",      "停用",        "注销",
    "是你们打",       "是你们的",      "骚扰",         "拉黑",       "屏蔽",      "天天打",      "any more",
    "anymore",        "no longer",     "删掉",         "删了",       "删除",      "自称",        "冒充",
    "说是物业",       "说是你们",      "说他是",       "说自己是"};
/// Behind a number: it keeps calling, 天天给我打. Without such a word 「给我打电话」 asks to be called there.
inline constexpr std::array<std::string_view, 4> kCallsMe{"给我打", "打给我", "给我发", "发短信给我"};
inline constexpr std::array<std::string_view, 10> kAgain{"天天", "总",   "老",   "一直", "不停",
                                                         "每天", "半夜", "凌晨", "刚",   "昨"};
/// Where they stand before 「没人接」 it is about another number, or a person.
inline constexpr std::array<std::string_view, 14> kOthersSilent{
    "前台", "客服", "物业", "你们", "热线", "400", "保安", "对讲", "门铃", "服务", "office", "hotline", "your", "desk"};
/// Nobody answers there. 「打不通就打…」 says it of a number that is to be tried.
inline constexpr std::array<std::string_view, 14> kUnanswered{
    "没人接", "打不通",         "占线",         "打不进",         "无人接",    "冇人听",        "无法接通",
    "冇人接", "nobody answers", "nobody picks", "no one answers", "no answer", "not answering", "not answer"};
/// The same, where they stand right behind the number: drains too are 不通, pumps 停机, wires 没接.
inline constexpr std::array<std::string_view, 5> kSilentThings{"停机", "关机", "不通", "没接", "switched off"};
/// What may stand between a number and those.
inline constexpr std::array<std::string_view, 38> kSilentLinks{
    " ",    ",",    "这个", "那个", "号码", "号",   "电话", "手机", "一直", "已经", "都", "经常", "总是",
    "老是", "现在", "目前", "白天", "晚上", "上班", "时候", "时",   "的",   "是",   "也", "了",   "会",
    "可能", "如果", "要是", "万一", "若",   "有时", "开会", "打",   "我",   "因为", "is", "if"};
inline constexpr std::array<std::string_view, 20> kThen{"就",     "的话", "再",   "请",   "可",  "打",   "找",
                                                        "换",     "时",   "联系", "拨",   "则",  "call", "try",
                                                        "please", "pls",  "then", "ring", "use", "text"};
inline constexpr std::array<std::string_view, 7> kIf{"如果", "要是", "万一", "若", "假如", "if ", "when "};
/// Another number is told besides one that stood before.
inline constexpr std::array<std::string_view, 10> kBesides{"备用", "另外",  "另一个", "还有",   "或者",
                                                           "旧",   "or my", "also",   "backup", "alternat"};
/// Behind a number they ask about it: …是谁的, …这个是你们的号码吗.
inline constexpr std::array<std::string_view, 17> kAskedTail{
    "吗",   "是谁", "是你们",   "是物业",   "谁的",   "是客服", "是诈骗",   "这个是你们", "不对",
    "写错", "打错", "不是这个", "这是你们", "这是谁", "这是哪", "这是不是", "这谁"};
/// They ask about the number where one of kWhose follows, or nothing: 「是不是要先交钱」 asks about something else.
inline constexpr std::array<std::string_view, 4> kAsking{"是不是", "是哪", "是什么", "是啥"};
inline constexpr std::array<std::string_view, 22> kWhose{"你们", "物业", "客服", "他",   "她",   "骗",  "诈骗", "推销",
                                                         "师傅", "快递", "保",   "维修", "这个", "空",  "打错", "个",
                                                         "里",   "家",   "位",   "号",   "人",   "电话"};
/// Behind a number they make it the owner's own: 这个是我的.
inline constexpr std::array<std::string_view, 5> kOwnTail{"是我的", "这个是我", "是本人", "找我", "打我"};
inline constexpr std::array<std::string_view, 40> kOwn{
    "联系",   "我的电话", "我电话", "手机",     "打这个",   "改成",   "改为",   "换成",   "更正",   "应该是",
    "回电",   "call",     "reach",  " me",      "my",       "phone",  "my",     "number", "mobile", "请打",
    "本人",   "而是",     "是我",   "whatsapp", "我的号码", "新号",   "找我",   "我的是", "我老公", "我老婆",
    "我爱人", "我妈",     "我爸",   "我儿子",   "我女儿",   "我丈夫", "我先生", "我太太", "我家人", "手提"};
/// Somebody is named before a number and to be told something behind it: 楼上租客，号码…，你们叫他小声点.
inline constexpr std::array<std::string_view, 11> kSomebody{"楼上",   "楼下", "隔壁", "对门", "邻居", "隔篱",
                                                            "负责人", "车主", "司机", "房东", "工头"};
/// 「叫他们来修」 is for those who mend it.
inline constexpr std::string_view kMany = "们";
inline constexpr std::array<std::string_view, 24> kToHim{
    "打给他",   "打给她",   "打他",     "打她",    "联系他",  "联系她", "找他",   "找她",
    "call him", "call her", "ring him", "ask him", "ask her", "跟他说", "跟她说", "叫他",
    "叫她",     "让他",     "让她",     "告诉他",  "通知他",  "提醒他", "骂他",   "骂我"};
inline constexpr std::array<std::string_view, 27> kPhoneWords{
    "联络", "手提", "香港", "电话",  "手机", "号码",   "联系",     "致电",   "打",
    "电",   "座机", "call", "phone", "tel",  "mobile", "whatsapp", "number", "contact",
    "cell", "ring", "text", "热线",  "找我", "reach",  "hp",       "no.",    "sms"};
/// They end what names a number: 车主的电话, his number.
inline constexpr std::array<std::string_view, 12> kNamesOfNumbers{
    "电话", "号码", "手机", "号", "座机", "联系方式", "号是", "打", "number", "phone", "mobile", "tel"};

/// Before a number, with 的, 电话 or a bracket between, they make it somebody else's: 师傅（138…）.
inline constexpr std::array<std::string_view, 61> kOtherPeople{
    "前业主",  "前任业主", "上任业主", "原业主",      "前房东",    "前租客",  "上一任租客", "上一个租客", "前任房东",
    "师傅",    "司机",     "车主",     "房东",        "邻居",      "快递员",  "快递小哥",   "外卖员",     "骑手",
    "中介",    "对方",     "骗子",     "推销员",      "物业",      "客服",    "保安",       "管家",       "前台",
    "维保",    "挪车",     "保洁",     "开锁公司",    "装修公司",  "装修队",  "负责人",     "包工头",     "工头",
    "老板",    "业委会",   "居委会",   "派出所",      "城管",      "售后",    "维修工",     "水电工",     "电工",
    "plumber", "driver",   "landlord", "electrician", "guard",     "courier", "neighbour",  "neighbor",   "队长",
    "经理",    "主任",     "修理工",   "施工队",      "next door", "工人",    "装修工"};

/// Before a number they ask that it be called, whosever it is: 请联系邻居138….
inline constexpr std::array<std::string_view, 6> kAsked{"联系", "请打", "打给", "call", "contact", "reach"};

/// Right before a number they ask that it be left alone, or whose it is; or the number is just somebody's: 有个138….
inline constexpr std::array<std::string_view, 17> kLeftAlone{
    "不要打", "别打", "勿打",   "不用打", "是不是", "not call", "don't call", "dont call", "stop calling",
    "不是",   "旧号", "以前的", "原来的", "原来是", "之前留的", "有个",       "有一个"};
/// Before those of kLeftAlone they make the number the owner's again: 还是原来的.
inline constexpr std::array<std::string_view, 7> kStill{"还是", "就是", "仍是", "还用", "就打", "我", "还"};
/// Right before a number: it was called already. Nobody calls himself.
inline constexpr std::array<std::string_view, 16> kDialled{
    "我打",         "打了",           "打过",          "i called ", "i rang ",       "i tried ",
    "i've called ", "i have called ", "i've tried ",   "i phoned ", "i have tried ", "text from ",
    "call from ",   "calls from ",    "message from ", "sms from "};
/// Before a number, where one of kCame follows it: 收到138…的短信.
inline constexpr std::array<std::string_view, 3> kReceived{"收到", "接到", "接了"};
inline constexpr std::array<std::string_view, 5> kCame{"的", "发", "打", "来", "短信"};
/// Before 前台 they make it the owner's own office.
inline constexpr std::array<std::string_view, 5> kOffices{"公司", "单位", "我们", "我司", "办公室"};
/// 「给我打138…」: before one of kDialled, they ask to be called.
inline constexpr std::array<std::string_view, 10> kPlease{"给", "帮", "替", "请", "叫", "让", "跟", "找", "和", "揾"};
/// Before 「你们138…」 they leave the number to be the company's: 昨天你们138….
inline constexpr std::array<std::string_view, 9> kBeforeYours{"昨天", "今天", "刚才", "刚刚", "上次",
                                                              "前天", "之前", "早上", "刚"};
/// Behind a number: it is the old one.
inline constexpr std::array<std::string_view, 9> kReplaced{"改为", "改成",   "换成",   "变成",  "换为",
                                                           "改到", "更新为", "更正为", "变更为"};
/// Somebody called the owner, 打我电话138…, and said (or wanted) something.
inline constexpr std::array<std::string_view, 7> kCalledMe{"打我电话",   "打电话给我", "给我打电话", "打来电话",
                                                           "打电话过来", "打我手机",   "打电话来"};
inline constexpr std::array<std::string_view, 6> kAndSaid{"说", "称", "问我", "骂", "的人", "要我"};
inline constexpr std::array<std::string_view, 6> kTellMe{"说一", "说声", "说明", "说下", "说好", "说清"};
/// Who speaks of himself so is no other, whatever his trade: 我是装修师傅老赵.
inline constexpr std::array<std::string_view, 10> kIntroduced{"我是", "我叫", "我系", "本人",  "报修人",
                                                              "住户", "户主", "i'm ", "i am ", "this is "};
/// They ask for a person to be sent: 派个电工.
inline constexpr std::array<std::string_view, 26> kSentFor{
    "派",   "叫",   "喊",    "找",    "请",      "让", "安排", "需要",   "要",   "来", "联系", "通知", "麻烦",
    "need", "send", "want ", "get a", "arrange", "约", "帮忙", "有没有", "有无", "缺", "等",   "催",   "换"};
/// What they may be called whose number is a signature's with a surname before: 刘经理 138….
inline constexpr std::array<std::string_view, 5> kTitlesOfOwners{"经理", "主任", "老板", "队长", "负责人"};
/// Whom messages are addressed to: 「物业你好 138…」, 「管家 138…」.
inline constexpr std::array<std::string_view, 5> kAddressed{"物业", "管家", "客服", "前台", "保安"};
/// A notice, that is told of, has no number of the owner's but needs none of another's either.
inline constexpr std::array<std::string_view, 6> kNotices{"通知", "告示", "公告", "停水", "停电", "缴费"};

/// Who lives near, at the beginning of what is said of a number, and how they are called more exactly: 楼上业主138….
inline constexpr std::array<std::string_view, 6> kNear{"楼上", "楼下", "隔壁", "对门", "对面", "隔篱"};
inline constexpr std::array<std::string_view, 16> kNearKinds{"业主", "住户", "租客", "租户", "房东", "邻居",
                                                             "那家", "那户", "人家", "家",   "男的", "女的",
                                                             "大哥", "大姐", "老头", "那个"};

}  // namespace huiyin::dialogs
