#pragma once

#include <array>
#include <string_view>

namespace huiyin::dialogs {

/// Words around a number that tell what it is: an order's, somebody else's, the one to call back. Read by phones.cpp.

inline constexpr std::array<std::string_view, 40> kOtherNumbers{
    "单号",   "订单",   "编号",   "卡号",   "证号",   "身份证",  "户号",   "表号",   "账号",   "帐号",
    "快递",   "运单",   "工单",   "流水",   "余额",   "型号",    "序列号", "合同号", "条码",   "学号",
    "密码",   "验证码", "工号",   "设备号", "发票号", "交易号",  "取件码", "编码",   "条形码", "车架号",
    "保单号", "流水号", "商户号", "order",  "no",     "account", "card",   "id",     "ticket", "sn"};
inline constexpr std::array<std::string_view, 34> kForeign{
    "师傅电话", "快递员",   "司机",     "车主",       "物业电话", "对方",   "客服电话", "推销",     "骚扰电话",
    "房东电话", "邻居电话", "派出所",   "骗子",       "他电话",   "她电话", "他的电话", "她的电话", "不是",
    "旧号",     "以前的",   "你们电话", "你们的电话", "报修电话", "热线",   "你们那个", "外卖员",   "中介",
    "陌生号码", "打给师傅", "原来的",   "原来是",     "之前留的", "骑手",   "配送员"};
inline constexpr std::array<std::string_view, 12> kDeadTail{"没人接", "打不通", "空号",   "停机", "关机",   "占线",
                                                            "打不进", "是骗子", "不是我", "错了", "不用了", "作废"};
inline constexpr std::array<std::string_view, 24> kOwn{
    "联系", "我的电话", "我电话", "手机", "打这个",   "改成",     "改为",      "换成",
    "更正", "应该是",   "回电",   "call", "reach me", "my phone", "my number", "mobile",
    "请打", "本人",     "而是",   "是我", "whatsapp", "我的号码", "新号",      "找我"};
inline constexpr std::array<std::string_view, 27> kPhoneWords{
    "联络", "手提", "香港", "电话",  "手机", "号码",   "联系",     "致电",   "打",
    "电",   "座机", "call", "phone", "tel",  "mobile", "whatsapp", "number", "contact",
    "cell", "ring", "text", "热线",  "找我", "reach",  "hp",       "no.",    "sms"};

/// Before a number, with 的, 电话 or a bracket between, they make it somebody else's: 师傅（138…）.
inline constexpr std::array<std::string_view, 22> kOtherPeople{
    "师傅", "司机", "车主", "房东", "邻居",   "快递员", "快递小哥", "外卖员", "骑手", "中介", "楼上",
    "楼下", "隔壁", "对方", "骗子", "推销员", "物业",   "客服",     "保安",   "管家", "前台", "维保"};

/// Right before a number they ask that it be left alone.
inline constexpr std::array<std::string_view, 4> kLeftAlone{"不要打", "别打", "勿打", "不用打"};

}  // namespace huiyin::dialogs
