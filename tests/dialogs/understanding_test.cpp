#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

Understood said(std::string_view text) { return understand(shipped_lexicon(), text); }
std::string value(const std::optional<Found>& found) { return found ? found->value : ""; }

TEST(Understanding, Phones) {
  const struct {
    const char *text, *phone;
  } table[] = {{"13800138000", "+8613800138000"},
               {"138 0013 8000", "+8613800138000"},
               {"138-0013-8000", "+8613800138000"},
               {"１３８００１３８０００", "+8613800138000"},
               {"+86 13800138000", "+8613800138000"},
               {"8613800138000", "+8613800138000"},
               {"0086-13800138000", "+8613800138000"},
               {"电话13800138000谢谢", "+8613800138000"},
               {"138\xE2\x80\x8B"
                "00138000",
                "+8613800138000"},
               {"幺三八零零幺三八零零零", "+8613800138000"},
               {"021-58881234", "+862158881234"},
               {"(010)62345678", "+861062345678"},
               {"0755 26001234", "+8675526001234"},
               {"+44 20 7946 0958", "+442079460958"},
               {"订单123138001380001234", ""},
               {"身份证440106199001011234", ""},
               {"一三八零零，一三八，零零零", "+8613800138000"},
               {"138，0013，8000", "+8613800138000"},
               {"共13,800,138,000元", ""},
               {"一三八嗯零零一三八零零零", "+8613800138000"},
               {"三单元五零二一三八零零一三八零零零", "+8613800138000"},
               {"座机020-38841276转801", "+862038841276;ext=801"},
               {"（0571）87023356", "+8657187023356"},
               {"電話9123 4567", "+85291234567"},
               {"852-6233 8841", "+85262338841"},
               {"+853 6612 3398", "+85366123398"},
               {"手機 0958 331 207", "+886958331207"},
               {"(02)2771-8890", "+886227718890"},
               {"138😀0013😀8000", "+8613800138000"},
               {"1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "+8613800138000"},
               {"5-1-302 13800138000", "+8613800138000"},
               {"不是13800138000，是13900139000", "+8613900139000"},
               {"你们电话13800138000没人接", ""},
               {"卡号6222 0213 8001 3800 138", ""},
               {"快递YT8813800138000", ""},
               {"a13800138000@qq.test", ""},
               {"1380013800", ""},
               {"138001380001", ""},
               {"12345678901", ""},
               {"58881234", ""},
               {"单号A13800138000", ""},
               {"手机13900001111/13900002222", "+8613900001111"},
               {"号码是13700137000，别打135那个了，已经停机", "+8613700137000"},
               {"转账13800138000.00元", ""},
               {"热水器型号JSQ30-13800138000", ""},
               {"师傅（13800138000）昨天来修的", ""},
               {"一三八两个零一三八三个零", "+8613800138000"},
               {"幺三五拐拐八八洞洞勾两", "+8613577880092"},
               {"电话是一三八 嗯 零零一三 八零零零", "+8613800138000"},
               {"138OO138OOO", "+8613800138000"},
               {"买了三个，13800138000", "+8613800138000"},
               {"么三八零零么三八零零零", "+8613800138000"},
               {"怎么三八零零一三八零零零", ""},
               {"138双零138四个零", ""},
               {"一三八双零一三八三个零", "+8613800138000"},
               {"电话138，后面是0013，最后四位8000", "+8613800138000"},
               {"①③⑧⓪⓪①③⑧⓪⓪⓪", "+8613800138000"},
               {"❶❸❽⓿⓿❶❸❽⓿⓿⓿", "+8613800138000"},
               {"¹³⁸⁰⁰¹³⁸⁰⁰⁰", "+8613800138000"},
               {"我号码 l38OOl38OOO 加我", "+8613800138000"},
               {"call one three eight double zero one three eight triple zero", "+8613800138000"},
               {"One-three-eight, oh oh one three, eight zero zero zero", "+8613800138000"},
               {"my number: one three eight 0013 8000", "+8613800138000"},
               {"two lights are out, 13800138000", "+8613800138000"},
               {"138...0013...8000", "+8613800138000"},
               {"138…0013…8000", "+8613800138000"},
               {"电话：\n138\n0013\n8000", "+8613800138000"},
               {"138****8000", ""},
               {"尾号8000", ""},
               {"0571-87023356*203", "+8657187023356;ext=203"},
               {"0571-87023356（转接203）", "+8657187023356;ext=203"},
               {"010 62345678 extension 19", "+861062345678;ext=19"},
               {"+886 2 2771 5533 分機 12", "+886227715533;ext=12"},
               {"+1 (415) 555-2671", "+14155552671"},
               {"号码给你念啊，138，0013，80，00", "+8613800138000"},
               {"0571-87023356/13800138000 都行", "+8613800138000"},
               {"一三九不对一三八零零一三八零零零", "+8613800138000"},
               {"192.168.138.57", ""},
               {"一三八○○一三八○○○", "+8613800138000"},
               {"13800138000 13900139000", "+8613800138000"},
               {"021-54830091 13800138000", "+8613800138000"},
               {"工号88112233 13800138000", "+8613800138000"},
               {"卡号6222 0213 8001 3800 138", ""},
               {"Jenny13800138000", "+8613800138000"},
               {"wx13800138000", ""},
               {"Hi 管家, no hot water, 9123 4567", "+85291234567"},
               {"我喺3座12B，冇水，61234567", "+85261234567"},
               {"David 13800138000", "+8613800138000"},
               {"Best regards, Bruno\n13800138000", "+8613800138000"},
               {"contact no: 13800138000", "+8613800138000"},
               {"order no 13800138000", ""},
               {"帮我收下快递 13800138000", "+8613800138000"},
               {"快递13800138000", ""},
               {"澳門電話 2871 5566", "+85328715566"}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).phone), row.phone) << row.text;
}

TEST(Understanding, WhosePhoneItIs) {
  const struct {
    const char *text, *phone;
  } table[] = {{"车主手机13800138000，让他下来挪车", ""},
               {"挡风玻璃上写着13800138000", ""},
               {"楼上装修负责人13800138000，叫他别施工了", ""},
               {"楼上租客姓刘，号码13800138000，你们打给他", ""},
               {"我是房东13800138000", "+8613800138000"},
               {"有人冒充物业，来电13800138000", ""},
               {"监控里那个人留的手机是13800138000", ""},
               {"13800138000这个号码是你们物业的吗", ""},
               {"物业前台电话0571-86120034打不通", ""},
               {"the plumber (13800138000) never showed up", ""},
               {"driver's number is 13800138000, please ask him to move", ""},
               {"I called 13800138000 and got no answer", ""},
               {"门口监控坏了，13800138000", "+8613800138000"},
               {"房子租出去了，上门请联系租客13800138000", "+8613800138000"},
               {"有车堵我，我电话13800138000，叫他挪车", "+8613800138000"},
               {"我电话13800138000，打不通打我老婆13900139000", "+8613800138000"},
               {"13800138000，没人接的话打13900139000", "+8613800138000"},
               {"13800138000打不通了，打13900139000", "+8613900139000"},
               {"if 13800138000 is not answering, call 13900139000", "+8613800138000"},
               {"租客13800138000搬走了 以后找我 13900139000", "+8613900139000"},
               {"租客13800138000，你们直接联系他上门", "+8613800138000"},
               {"装修师傅老刘13800138000，明天让他进门", ""},
               {"楼下13800138000天天骂我", ""},
               {"我在楼下13800138000", "+8613800138000"},
               {"水漏到楼下 13800138000", "+8613800138000"},
               {"楼上业主电话13800138000 漏水 你们跟他说", ""},
               {"保安队长的手机是不是13800138000", ""},
               {"刚才13800138000是你们打的吗", ""},
               {"Tel: 0571-8765 2210\nFax: 0571-8765 2211\nMobile: 138 0013 8000", "+8613800138000"},
               {"T +86 571 8801 7720\nM +86 138 0013 8000\nF +86 571 8801 7721", "+8613800138000"},
               {"传真0571-88017721", ""},
               {"门禁是不是坏了，13800138000", "+8613800138000"},
               {"原来的水管漏了 13800138000", "+8613800138000"},
               {"不是这个号13800138000", ""},
               {"车主不来挪车，13800138000", "+8613800138000"},
               {"车主一直不下来 13800138000", "+8613800138000"},
               {"车主 13800138000", ""},
               {"车主的电话是 13800138000", ""},
               {"13800138000 前台电话没人接", "+8613800138000"},
               {"13800138000，已经停机", ""},
               {"13800138000 报修的 不用了", "+8613800138000"},
               {"Do not call 13800138000 any more, new number 13900139000", "+8613900139000"},
               {"some agent keeps calling me from 13800138000", ""},
               {"送水工13800138000进不来", ""},
               {"这个号13800138000天天给我打骚扰电话", ""},
               {"138 0013 8001，不对，是8000", ""},
               {"屋企電話 2345 6678，手提 9123 4456", "+85291234456"},
               {"电话（传真）0571-86554410", "+8657186554410"},
               {"一三八零零一三八零零零这个是我的另外我老婆的是一三九零零一三九零零零", "+8613800138000"}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).phone), row.phone) << row.text;
}

TEST(Understanding, LocalNumbersNeedTheEstatesAreaCode) {
  const struct {
    const char *area_code, *text, *phone;
  } table[] = {{"", "电话87023356", ""},
               {"0571", "电话87023356", "+8657187023356"},
               {"0571", "座机 8702 3356 转 12", "+8657187023356;ext=12"},
               {"0571", "8702-3356", "+8657187023356"},
               {"0571", "电话13800138000", "+8613800138000"},
               {"0571", "电话0755-26001234", "+8675526001234"},
               {"0551", "我的电话是6512345，漏水", ""},
               {"0916", "我的电话是2512345，漏水", "+869162512345"},
               {"010", "打62345678找我", "+861062345678"},
               {"0571", "87023356块", ""},
               {"0571", "订单号87023356", ""},
               {"0571", "20261126", ""},
               {"0571", "家里漏水87023356", ""},
               {"0571", "工单87023356好了没", ""},
               {"+852", "聯絡 2345 6789", "+85223456789"},
               {"+852", "98765432", "+85298765432"},
               {"+853", "电话28881234", "+85328881234"},
               {"+8862", "電話 2771-8899", "+886227718899"},
               {"0571", "", ""}};
  for (const auto& row : table)
    EXPECT_EQ(value(understand(shipped_lexicon(), row.text, {.area_code = row.area_code}).phone), row.phone)
        << row.area_code << ' ' << row.text;
}

TEST(Understanding, PlacesOfOthers) {
  const struct {
    const char *text, *own, *others;
  } table[] = {{"楼上1802半夜打麻将，我是1702", "1702", "1802"},
               {"楼上2单元1506漏水到我家1406，3号楼", "3号楼1406", "2单元1506"},
               {"隔壁1203装修太吵", "", "1203"},
               {"我住对面9栋", "9栋", ""},
               {"投诉3栋1502养鸡", "", "3栋1502"},
               {"住8幢1002的老太太捡纸板", "", "8幢1002"},
               {"我朋友住12栋", "", "12栋"},
               {"我朋友住你们小区12栋", "", "12栋"},
               {"物业办公室是在1栋101吗", "", "1栋101"},
               {"2幢1303、2幢1403都水黄", "", ""},
               {"我是3栋2单元602", "3栋2单元602", ""}};
  for (const auto& row : table) {
    EXPECT_EQ(value(said(row.text).address), row.own) << row.text;
    EXPECT_EQ(value(said(row.text).others_address), row.others) << row.text;
  }
}

TEST(Understanding, Addresses) {
  const struct {
    const char *text, *address;
  } table[] = {{"3号楼2单元602", "3号楼2单元602"},
               {"十五栋 十二零三", "15栋1203"},
               {"二十一栋二十零二", "21栋2002"},
               {"一百零三号楼", "103号楼"},
               {"三幢贰单元伍零壹", "3幢2单元501"},
               {"壹号院7栋别墅", "壹号院7栋"},
               {"2号院5号楼3门401", "2号院5号楼3门401"},
               {"房号1-1-0102", "1栋1单元0102"},
               {"4 栋 3 单元 1 0 2", "4栋3单元102"},
               {"[3栋][2单元][501]", "3栋2单元501"},
               {"9#·2·1001", "9号楼2单元1001"},
               {"3幢2单元5O1", "3幢2单元501"},
               {"住3.2.501", "3栋2单元501"},
               {"版本2.1.305打不开", ""},
               {"型号 8-904", ""},
               {"楼号：19 单元：1 房号：604", "19栋1单元604"},
               {"A区3栋B单元7楼", "A区3栋B单元7楼"},
               {"C区138车位滴水", ""},
               {"我是7号楼二单元的，一楼大门关不上", "7号楼2单元"},
               {"六号楼-三单元-十二楼-左户", "6号楼3单元12楼左户"},
               {"5栋2单元顶层西户", "5栋2单元西户"},
               {"No. 8 building unit 2 room 601", "Building 8, Unit 2, Room 601"},
               {"the elevator in B tower", "Building B"},
               {"tenant of 15B, Block 3", "Building 3, Room 15B"},
               {"12th floor of tower 5, unit C", "Building 5, Floor 12, Room C"},
               {"3栋2单元1201", "3栋2单元1201"},
               {"2-1-602", "2栋1单元602"},
               {"3#2-501", "3号楼2单元501"},
               {"八号楼一单元", "8号楼1单元"},
               {"A座", "A座"},
               {"A座1203室", "A座1203"},
               {"十二栋三单元五楼", "12栋3单元5楼"},
               {"第3幢", "3幢"},
               {"我住在 3 栋 2 单元 1201 室", "3栋2单元1201"},
               {"6座15樓B室", "6座15楼B"},
               {"２栋１单元", "2栋1单元"},
               {"2单元602", "2单元602"},
               {"3栋2单元13800138000", "3栋2单元"},
               {"Building 6, Unit 2, Room 602", "Building 6, Unit 2, Room 602"},
               {"block B flat 12", "Building B, Room 12"},
               {"3栋1单元8-2", "3栋1单元8-2"},
               {"15#-2-203", "15号楼2单元203"},
               {"2杠1杠602", "2栋1单元602"},
               {"我803，12号楼2单元", "12号楼2单元803"},
               {"2期8栋 房号是1904", "2期8栋1904"},
               {"A棟5樓之2", "A栋5楼之2"},
               {"6号楼俩单元三楼中户", "6号楼2单元3楼中户"},
               {"锦绣路388弄12号602室", "锦绣路388弄12号602"},
               {"不是12栋，是22栋", "22栋"},
               {"我住14楼", "14楼"},
               {"second floor, block C", "Building C, Floor 2"},
               {"15/F, tower 2, flat B", "Building 2, Floor 15, Room B"},
               {"楼上1506漏水", ""},
               {"3栋和5栋都停水", ""},
               {"车位B1-036", ""},
               {"天天爬18楼", ""},
               {"五六楼", ""},
               {"负一层", ""},
               {"2026-11-23", ""},
               {"13800138000", ""},
               {"今天来了3个人", ""},
               {"10点30分", ""},
               {"11-23", ""}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).address), row.address) << row.text;
}

TEST(Understanding, Names) {
  const struct {
    const char *text, *name;
  } table[] = {{"我姓郝不是姓何", "郝"},
               {"我是王建国", "王建国"},
               {"我姓王", "王"},
               {"免贵姓李，报修", "李"},
               {"我叫李梅，家里漏水", "李梅"},
               {"我是李梅家里漏水", "李梅"},
               {"王先生", "王先生"},
               {"我是张女士", "张女士"},
               {"姓名：欧阳修", "欧阳修"},
               {"我姓陳，電梯壞了", "陳"},
               {"my name is Anna Lee", "Anna Lee"},
               {"I'm John, the lift is broken", "John"},
               {"我係陳太", "陳太"},
               {"联系我丈夫赵强", "赵强"},
               {"我是9栋的小蒋", "小蒋"},
               {"3栋2单元1201，李梅，13800138000", "李梅"},
               {"卢 13800138000", "卢"},
               {"我是租客，房东姓林，我叫陈可", "陈可"},
               {"contact my wife Mei, 13800138000", "Mei"},
               {"Kind regards,\nSofia Marino", "Sofia Marino"},
               {"房东姓林", ""},
               {"谢谢保安张先生", ""},
               {"管家小周没来", ""},
               {"我是业主", ""},
               {"我是房东", ""},
               {"我是3栋的", ""},
               {"我是方便的时候再报", ""},
               {"王师傅昨天没来", ""},
               {"你好", ""},
               {"I am calling about the lift", ""},
               {"马桶堵了 13800138000", ""}};
  for (const auto& row : table) EXPECT_EQ(value(said(row.text).name), row.name) << row.text;
}

TEST(Understanding, Categories) {
  const struct {
    const char* text;
    Category category;
    const char* sub;
  } table[] = {{"电梯坏了", Category::repair, "elevator"},
               {"厨房水管漏水", Category::repair, "water"},
               {"馬桶堵了", Category::repair, "drain"},
               {"楼道灯不亮", Category::repair, "light"},
               {"单元门打不开", Category::repair, "door"},
               {"停电了", Category::repair, "power"},
               {"the lift is not working", Category::repair, "elevator"},
               {"楼道垃圾没人清运", Category::cleaning, "garbage"},
               {"电梯里很脏", Category::cleaning, "public_area"},
               {"有蟑螂", Category::cleaning, "pests"},
               {"楼上装修太吵", Category::security, "noise"},
               {"有人遛狗不牵绳", Category::security, "pets"},
               {"电动车被偷了", Category::security, "theft"},
               {"保安态度很差", Category::service, "attitude"},
               {"物业费多收了我两百", Category::service, "fee"},
               {"物业费怎么收的", Category::none, ""},
               {"there is rubbish in the corridor", Category::cleaning, "garbage"},
               {"员工建议：排班太密", Category::internal, ""},
               {"你好", Category::none, ""},
               {"王建国", Category::none, ""},
               {"3号楼2单元602", Category::none, ""}};
  for (const auto& row : table) {
    EXPECT_EQ(said(row.text).category, row.category) << row.text;
    EXPECT_EQ(said(row.text).subcategory, row.sub) << row.text;
  }
}

TEST(Understanding, SpansAreOfTheTextAsGiven) {
  const std::string text = "　我是\xE2\x80\x8B王建国，電話１３８００１３８０００";
  const auto found = said(text);
  ASSERT_TRUE(found.phone && found.name);
  EXPECT_EQ(text.substr(found.phone->begin, found.phone->end - found.phone->begin), "１３８００１３８０００");
  EXPECT_EQ(text.substr(found.name->begin, found.name->end - found.name->begin), "我是\xE2\x80\x8B王建国");
  EXPECT_EQ(found.phone->rule, "mobile");
  EXPECT_EQ(found.plain.text.substr(0, 6), "我是");
}

TEST(Understanding, AnyInputIsBounded) {
  const std::string digits(1 << 20, '1');
  EXPECT_FALSE(said(digits).phone);
  std::string rubbish;
  for (int i = 0; i < 100000; ++i) rubbish += static_cast<char>(i * 7919 % 256);
  EXPECT_LE(said(rubbish).plain.text.size(), 16000U);
  EXPECT_EQ(said("").intent, "other");
  EXPECT_EQ(said("\xFF\xFE").plain.text, "");
}

TEST(Understanding, ALongerWordHidesAShorterOneOfAnotherCategory) {
  EXPECT_EQ(said("垃圾房旁边的自来水龙头关不死").category, Category::repair);
  EXPECT_EQ(said("消防栓门关不上").category, Category::repair);
}

TEST(Understanding, WhoseItIs) {
  const struct {
    const char *text, *body;
  } table[] = {{"宽带断了", "telecom"},
               {"国网App登不上", "power_company"},
               {"快递显示签收了但没收到", "courier"},
               {"小区外面马路有个大坑", "municipal"},
               {"快递柜打不开", ""},
               {"厨房漏水", ""}};
  for (const auto& row : table) EXPECT_EQ(said(row.text).body, row.body) << row.text;
}

TEST(Understanding, EverySlotTellsWhy) {
  const std::string text = "昨晚厨房漏水，快来！";
  const auto found = said(text);
  const auto span = [&](const std::optional<Found>& one) { return text.substr(one->begin, one->end - one->begin); };
  ASSERT_TRUE(found.when && found.category_by && found.urgent_by);
  EXPECT_EQ(span(found.when), "昨晚");
  EXPECT_EQ(span(found.category_by), "漏水");
  EXPECT_EQ(span(found.urgent_by), "快来");
  EXPECT_EQ(found.category_by->value, "repair");
  EXPECT_FALSE(phrases_in(shipped_lexicon(), text).empty());
}

TEST(Lexicon, PhrasesWithGaps) {
  const auto lexicon = Lexicon::parse({{"w.yaml",
                                        "danger:\n  gas:\n    phrases: [甲…乙, 丙……丁, (戊|己|)庚, stop…sign]\n"
                                        "    except: [假甲]\ndanger_before: [没有]\ndanger_unless: [演习]\n"}});
  ASSERT_TRUE(lexicon);
  const struct {
    const char* text;
    bool danger;
  } table[] = {{"甲乙", true},
               {"甲一二三四五六七八乙", true},
               {"甲一二三四五六七八九乙", false},
               {"甲。乙", false},
               {"丙，一二。三四五六七八九丁", true},
               {"庚", true},
               {"己庚", true},
               {"Stop the SIGN", true},
               {"stopped sign", false},
               {"假甲乙", false},
               {"没有甲乙", false},
               {"没有。甲乙", true},
               {"演习：甲乙", false},
               {"演习。甲乙", true}};
  for (const auto& row : table) EXPECT_EQ(!understand(*lexicon, row.text).danger.empty(), row.danger) << row.text;
}

TEST(Lexicon, RefusesWhatIsBrokenWithLineAndRemedy) {
  const struct {
    const char *text, *complaint;
  } table[] = {
      {"danger:\n  gas:\n    phrases: [(漏气]\n",
       "w.yaml:3: phrase \"(漏气\": brackets do not match. Close each ( with ), and let words stand on both sides of "
       "…."},
      {"danger:\n  gas:\n    phrases: [煤气, …]\n",
       "w.yaml:3: phrase \"…\": it would match anything. Close each ( with ), and let words stand on both sides of …."},
      {"categories:\n  reparis: {words: [坏]}\n",
       "w.yaml:2: category \"reparis\" is not known. Use repair, cleaning, service, security, internal or "
       "out_of_scope."},
      {"danger:\n  gas:\n    phrases: [甲(乙…丙)]\n",
       "w.yaml:3: phrase \"甲(乙…丙)\": `…` may not stand inside brackets. Close each ( with ), and let words stand on "
       "both "
       "sides of …."},
      {"bodies:\n  telecom: {words: [宽带], call: 10000}\n",
       "w.yaml:2: is no text in a language. Write `{zh-CN: …, en: …}`."},
      {"intents:\n  thanks: 谢谢\n", "w.yaml:2: \"thanks\" is no list of words. Write `[word, word]`."},
      {"- a\n", "w.yaml:1: is no lexicon. Write sections such as `danger:`, `categories:`, `intents:`."}};
  for (const auto& row : table) {
    const auto parsed = Lexicon::parse({{"w.yaml", row.text}});
    ASSERT_FALSE(parsed) << row.text;
    EXPECT_EQ(huiyin::describe(parsed.error().front()), row.complaint);
  }
}

}  // namespace
}  // namespace huiyin::dialogs
