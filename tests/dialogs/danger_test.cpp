#include <gtest/gtest.h>

#include "tests/dialogs/dialog.h"

namespace huiyin::dialogs {
namespace {

std::string danger_of(std::string_view text) { return understand(shipped_lexicon(), text).danger; }

TEST(Danger, IsRecognised) {
  const struct {
    const char *text, *kind;
  } table[] = {{"我被困在电梯里了", "trapped"},
               {"我卡电梯里了，里头没信号", "trapped"},
               {"elevator won't open, been in here 15 min", "trapped"},
               {"火！！快来", "fire"},
               {"着了着了 快 垃圾桶旁边那车", "fire"},
               {"有人追着我打", "violence"},
               {"两个人拿杠铃片互相抡", "violence"},
               {"他下来照我脸就是两拳", "violence"},
               {"有两个人正在拆我邻居的锁芯", "break_in"},
               {"我奶奶怎么叫都不醒", "unconscious"},
               {"困𨋢呀 快啲嚟人", "trapped"},
               {"the lift doesn't go, two people in, very hot", "trapped"},
               {"door of lift don't open, I am in since 10 minutes", "trapped"},
               {"没气味 有气味 天然气那种 在楼道", "gas"},
               {"失货了 三栋", "fire"},
               {"kitchen burn! i cannot stop it", "fire"},
               {"泳池下水觉得麻", "electric"},
               {"对不起 以后麻烦你们照顾我的猫 我走了", "jump"},
               {"我公公在厨房 怎么喊都不吱声", "unconscious"},
               {"我头晕 手抬不起来 说话含糊", "unconscious"},
               {"old man fell down, no breath", "unconscious"},
               {"3栋电梯停了，里面关着人", "trapped"},
               {"電梯裡困了個老人，出不來", "trapped"},
               {"电梯困人", "trapped"},
               {"孩子被反锁在家里了", "trapped"},
               {"I'm stuck in the lift", "trapped"},
               {"the elevator stopped and people are trapped inside", "trapped"},
               {"楼道里有很大的煤气味", "gas"},
               {"闻到天然气的味道", "gas"},
               {"燃气泄漏！", "gas"},
               {"厨房煤氣漏了", "gas"},
               {"there is a gas leak", "gas"},
               {"I smell gas in the corridor", "gas"},
               {"12楼着火了", "fire"},
               {"电表箱在冒烟", "fire"},
               {"地库有浓烟", "fire"},
               {"配电箱有焦味", "fire"},
               {"the kitchen is on fire", "fire"},
               {"有人触电了", "electric"},
               {"水漏到插座上了", "electric"},
               {"路灯漏电，狗被电到了", "electric"},
               {"电线掉下来了在地上冒火花", "electric"},
               {"water is leaking onto the socket", "electric"},
               {"有人要跳楼", "jump"},
               {"楼顶有人坐在栏杆外要往下跳", "jump"},
               {"我不想活了", "jump"},
               {"someone is about to jump", "jump"},
               {"楼下有人持刀", "violence"},
               {"我老公打我", "violence"},
               {"保安打人了", "violence"},
               {"a man with a knife in the lobby", "violence"},
               {"大堂有个老人晕倒了", "unconscious"},
               {"孩子掉水里了", "unconscious"},
               {"他没有呼吸了", "unconscious"},
               {"an old man collapsed and is not breathing", "unconscious"},
               {"有人撬我家门", "break_in"},
               {"家里进贼了", "break_in"},
               {"someone is breaking into my flat", "break_in"},
               {"围墙塌了", "collapse"},
               {"外墙瓷砖掉下来砸到人了", "collapse"},
               {"the ceiling has collapsed", "collapse"},
               {"我上天台收被子，门被风带上了，下不去", "trapped"},
               {"we've been in this lift for 20 minutes, it won't move", "trapped"},
               {"炉子关不掉，一直有气出来", "gas"},
               {"成層樓都係煙，睇唔到路", "fire"},
               {"隔離單位啲火由窗口噴出嚟", "fire"},
               {"洗手的时候龙头把我电了", "electric"},
               {"水顺着吊灯往下滴，灯还亮着", "electric"},
               {"my sister just slit her wrists", "jump"},
               {"有人强行拉上车一个小姑娘", "violence"},
               {"有个人顺着排水管爬到四楼窗户了", "break_in"},
               {"有位大妈倒在电梯口没反应", "unconscious"},
               {"楼顶水箱架子断了，要掉下来了", "collapse"},
               {"小两口打得不可开交", "violence"},
               {"3栋棋牌室 打群架 动刀了", "violence"},
               {"他跟收费员吵急了，拿剪刀对着人家", "violence"},
               {"有个业主动手打了收费员", "violence"},
               {"棋牌室有人打架，喊着要杀人", "violence"},
               {"两家人在楼道里干仗", "violence"},
               {"因为遛狗两家人打起来", "violence"},
               {"隻醉貓喺度打人", "violence"},
               {"跳广场舞的跟打球的打起来了", "violence"},
               {"物业的人打业主了", "violence"},
               {"业主把门卫打了", "violence"},
               {"按在地上打", "violence"},
               {"血都打出来了", "violence"},
               {"铁管都抄出来了", "violence"},
               {"要出人命了，快来拉架", "violence"},
               {"门卫被人捅了", "violence"},
               {"有人弄我家锁眼，捅咕半天了", "break_in"},
               {"隔壁没人住，里面有手电光", "break_in"},
               {"不想拖累大家了，钥匙在门垫下", "jump"},
               {"他们几个把我弟围在墙角踢", "violence"},
               {"收废品的揍了物业大姐", "violence"},
               {"疯子把送快递的小哥捅了", "violence"},
               {"楼上的把我掐了", "violence"},
               {"邻居在踹他老婆", "violence"},
               {"隔壁门锁被撬坏", "break_in"},
               {"the handle zaps everyone", "electric"},
               {"师傅被打得脑袋开瓢了", "violence"},
               {"困电梯了", "trapped"},
               {"脚卡井盖里了", "trapped"},
               {"楼歪了", "collapse"},
               {"我要自杀", "jump"},
               {"he hanged himself", "jump"},
               {"楼下撞人了", "unconscious"},
               {"水管炸了，水从灯座里流下来", "electric"},  // 炸了 alone would be a fire
               {"要债的堵在我家门口，往门上泼红油漆，还说今晚要我好看", "violence"},
               {"他要把孩子从楼上扔下去", "violence"},
               {"狗主人跟我妈吵起来了，把我妈推地上还踢了几脚", "violence"},
               {"金店被抢了", "violence"},
               {"我们被传销的关起来了，不让走", "violence"},
               {"打驾了", "violence"},
               {"一楼大厅那个男的疯了，逮谁打谁，能不能来两个保安", "violence"},
               {"他不准我走，说走就打断我的腿", "violence"},
               {"俺们仨在电梯里憋了十分钟了，你们物业干啥吃的", "trapped"},
               {"I'm being held hostage in 1203", "violence"},
               {"he won't let me leave", "violence"},
               {"your security guard assaulted a resident", "violence"},
               {"I don't want to live any more", "jump"},
               {"nobody will miss me when I'm gone", "jump"},
               {"没有我你们会过得更好", "jump"},
               {"谢谢你们一直以来的照顾，我太累了，撑不下去了", "jump"},
               {"外墙瓷砖掉了 差点砸到我", "collapse"}};
  for (const auto& row : table) EXPECT_EQ(danger_of(row.text), row.kind) << row.text;
}

TEST(Danger, WhatIsSaidBesideItTakesNothingBack) {
  for (const auto* danger : {"楼下有人打架", "电梯里关了两个人", "我爸晕倒了", "厨房着火了", "有人按住我老公在打",
                             "物业收费的被人围着打", "俺娘在电梯里头关着嘞 喊半天了"})
    for (const auto* aside : {"，能不能快点派人来", "，请问该打什么电话", "，物业费白交了吗", "，不是开玩笑",
                              "，不是演习", "，打了三次电话没人接", "，上次也是这样", "，我要投诉你们",
                              "，你们保安怎么还不来？", "。谢谢", "能不能快点派人来"})
      EXPECT_NE(danger_of(std::string(danger) + aside), "") << danger << aside;
  EXPECT_EQ(danger_of("上次你们说修好了，厨房着火了"), "fire");
  EXPECT_EQ(danger_of("There is a fight downstairs, can you please send someone? This is not a joke."), "violence");
}

TEST(Danger, WhatIsSupposedOrOverIsNoneWithoutItsAsidesEither) {
  for (const auto* text :
       {"如果电梯困人，该打什么电话", "万一着火了，能不能快点派人来", "感谢保安小刘，抓住了撬门的小偷",
        "昨天困在电梯里二十分钟 要个说法", "怕有人从天台掉下去，加个护栏",
        "孩子晕车吐在电梯里了，不好意思，麻烦保洁擦一下", "开锁师傅在撬我家门 我叫的 别误会"})
    EXPECT_EQ(danger_of(text), "") << text;
}

TEST(Danger, ViolenceIsHeardWhateverItIsAbout) {
  for (const auto* text : {"电动车充电的事，两个大爷打得满脸花",
                           "因为晾衣服滴水，几个人揍一个人",
                           "因为遛狗不牵绳，两个人滚在地上打",
                           "为跳广场舞的音响，一个把另一个打倒了",
                           "车主下车揪着门卫领子",
                           "有人袭击保安",
                           "有人行凶",
                           "有人在小区里放枪",
                           "有人点了炸药",
                           "有人要跟我拼命",
                           "对门在修理媳妇，凳子摔得咣咣响",
                           "有人用打火机烧流浪汉的衣服",
                           "有人点名要找我算账，带了一车人在楼下",
                           "男邻居冲我扬拳头，把我逼到角落",
                           "快派俩人来，凉亭那儿互殴，拉不住了",
                           "儿子说同学把他往死里夯",
                           "下棋的俩老头打起来了，棋盘都扣头上了",
                           "开门就给了我妈一老拳",
                           "他又打我了，麻烦来个人假装查水表",
                           "楼道里一路又踢又捶，喊也不停",
                           "有人用脚跺人家的脸",
                           "对门端起鱼缸砸我头上，额头开了口子",
                           "司机方向盘一打，往人堆里冲",
                           "保安被他顶在引擎盖上开走了",
                           "说话大声点他就拿衣架抽我脸",
                           "收费的被业主连抽好几个嘴巴",
                           "他唆使狗咬我，裤腿都是血",
                           "烧烤摊两桌人混战，拦都拦不住",
                           "她让那人从台阶上推下去了",
                           "他拿防狼喷雾对着我眼睛喷",
                           "我走他也走，一直跟到单元门口",
                           "他把我锁在屋里两天了"})
    EXPECT_EQ(danger_of(text), "violence") << text;
}

TEST(Danger, IdleWordsAreNone) {
  for (const auto* text : {"煤气味没有了 谢谢师傅",
                           "卡在登录页出不去",
                           "冒火的是我 这都第几次停水了",
                           "叫了三次保洁都叫不应",
                           "气死我了",
                           "里面",
                           "在里面",
                           "还在",
                           "还在漏",
                           "还在响",
                           "还在冒",
                           "越来越大",
                           "谁家出二手婴儿床，我想收一个",
                           "快递找着了，在我妈屋里，前面说的不算",
                           "let me speak to a real person",
                           "误会误会，以为有人撬门，结果是我老公忘带钥匙",
                           "climbing 22 floors is murder on my knees",
                           "火大",
                           "他们几个人打一个小时球就走",
                           "私教课骨折价，砍我一刀也行",
                           "磨刀的师傅几点来，菜刀钝得打滑",
                           "楼上跺脚，像有人拿锤子敲我脑门",
                           "我家信箱被人砸了",
                           "广告屏的灯光刺我眼睛，晚上能关吗",
                           "蚊子多得要命，咬我一脸包",
                           "孩子的球砸到我脸上，不疼，别在楼道踢了",
                           "昨晚打牌输惨了，被老婆追着打哈哈",
                           "听说以前他们两家互殴过，早搬走了",
                           "孩子疫苗都打上了，接种本放哪",
                           "骗子假装查燃气表来敲门，提醒大家小心",
                           "几个人围一个小桌子打牌，吵",
                           "他扬起拳头跟我打招呼",
                           "师傅给了我一下午的时间，锁开了",
                           "台风袭击我们小区，树倒了",
                           "银行凶巴巴的，问物业能开证明吗",
                           "用热水洗手都会烫我的手，水温调不下来",
                           "过年放鞭炮炸得人睡不着",
                           "我很火大，电梯又坏了",
                           "消防演习什么时候",
                           "消防通道被占",
                           "燃气费怎么交",
                           "燃气表没电了",
                           "跳楼价大甩卖",
                           "漏电保护开关跳闸",
                           "电梯又坏了",
                           "电梯有异响",
                           "厨房漏水",
                           "路灯不亮",
                           "请修一下防盗门",
                           "热死了空调不制冷",
                           "被打扰了休息",
                           "打我电话 13800138000",
                           "打我老婆的",
                           "灭火器过期了",
                           "如果着火了怎么办",
                           "火灾报警器坏了",
                           "天然气管道改造什么时候",
                           "怕电线老化着火",
                           "床塌了能修吗",
                           "声音吵死人了",
                           "快递卡在电梯门了",
                           "楼上装修吵得要死",
                           "嗓子冒烟了",
                           "when is the fire drill",
                           "fire extinguisher is missing",
                           "the intercom is not responding",
                           "被电梯夹了一下",
                           "触电保护器跳了推不上去",
                           "火牛燒咗，冇電",
                           "度閘開唔到，拍卡冇反應",
                           "房价塌了，物业费还涨",
                           "隔壁小孩练架子鼓，打得我头疼",
                           "前台那女的翻白眼，问个事爱答不理",
                           "小朋友打架，已经劝开了",
                           "刚才说的煤气味是误会",
                           "水管爆了快来人啊，厨房都淹了",
                           "地库的杆抬不起来，排了十几辆车，赶紧来人",
                           "water is dripping from the ceiling",
                           "担心小偷",
                           "猫打架吵死了",
                           "两只狗在草坪打起来了 主人不管",
                           "这个电费 看得我想死",
                           "想死你们了 好久不见",
                           "推销电话骚扰业主",
                           "这电梯就是个定时炸弹",
                           "车位被人抢了",
                           "老板要杀了我 文件还没交",
                           "daylight robbery, 30 dollars for a card",
                           "上次有人泼油漆的事抓到人了吗",
                           "孩子从滑梯上跳下去崴了脚",
                           "压力太大，快崩塌了",
                           "上礼拜晕倒的大妈出院了",
                           "电钻声吵得要杀人了",
                           "this noise is killing me",
                           "窗户上掉下来一颗螺丝",
                           "我家底都塌了，别再涨价",
                           "上来就打电话催费",
                           "你们打了我三次我没接到",
                           "管家把我踢出业主群了",
                           "想不开心都难",
                           "王师傅修得很好",
                           "停电了",
                           "水管爆了，满地都是水"})
    EXPECT_EQ(danger_of(text), "") << text;
}

TEST(Danger, ComesBeforeAnyQuestion) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("8号楼一单元闻到煤气味"),
            "open_ticket(repair) say(danger_gas) set(address) set(description) set(category) say(consent) ask(name)");
  ASSERT_EQ(dialog.opened.size(), 1U);
  const auto& ticket = dialog.opened[0].ticket;
  EXPECT_EQ(ticket.priority, Priority::urgent);
  EXPECT_EQ(ticket.danger, "gas");
  EXPECT_EQ(ticket.subcategory, "gas");
  EXPECT_EQ(ticket.address, "8号楼1单元");
  EXPECT_EQ(ticket.description, "闻到煤气味");
  const auto* say = find_effect<Say>(dialog.effects);
  EXPECT_EQ(say->data[0], (std::pair<std::string, std::string>{"ring", "96777"}));  // the site's own gas company
  // Then the form goes on gently, and each answer goes to that ticket; there is no second one.
  EXPECT_EQ(dialog.owner("王建国"), "set(name) ask(phone) act(add_details)");
  EXPECT_EQ(find_effect<ActOnTicket>(dialog.effects)->details.name, "王建国");
  EXPECT_EQ(find_effect<ActOnTicket>(dialog.effects)->ticket, dialog.state.ticket);
  EXPECT_EQ(dialog.owner("还在漏煤气！"), "act(add_details) say(danger_gas) say(danger_again) ask(phone)");
  EXPECT_EQ(dialog.owner("13800138000"), "set(phone) ask(attachments) act(add_details)");
  EXPECT_EQ(dialog.owner("没有"), "say(danger_details_complete)");
  EXPECT_EQ(dialog.owner("1"), "say(ticket_already_received)");
  EXPECT_EQ(dialog.opened.size(), 1U);
}

TEST(Danger, InTheMiddleOfAForm) {
  Dialog dialog;
  dialog.owner("报修");
  dialog.owner("王建国");
  EXPECT_EQ(dialog.owner("着火了！！3栋12楼"),
            "open_ticket(security) say(danger_fire) set(description) set(category) set(address) ask(phone)");
  EXPECT_EQ(dialog.opened[0].ticket.name, "王建国");
  EXPECT_EQ(dialog.opened[0].ticket.address, "3栋12楼");
  EXPECT_EQ(dialog.owner("取消"), "say(cancelled_ticket_kept)");  // what is urgent is not withdrawn by the way
}

TEST(Danger, AnotherKindGoesToTheSameTicket) {
  Dialog dialog;
  dialog.owner("闻到煤气味");
  EXPECT_EQ(dialog.owner("着火了"), "act(add_details) say(danger_fire) say(danger_again) ask(name)");
  EXPECT_EQ(dialog.opened.size(), 1U);
}

TEST(Danger, AVoiceMessageIsHeardToo) {
  Dialog dialog;
  EXPECT_EQ(dialog.owner("[语音 快来人电梯里困了人]"),
            "open_ticket(repair) say(danger_trapped) attach set(description) set(category) say(consent) ask(name)");
}

TEST(Danger, ALaterOneIsANewOne) {
  Dialog dialog;
  dialog.owner("闻到煤气味");
  dialog.owner("取消");
  EXPECT_NE(dialog.owner("+3h 又闻到煤气味").find("open_ticket(repair)"), std::string::npos);
  EXPECT_EQ(dialog.opened.size(), 2U);
}

}  // namespace
}  // namespace huiyin::dialogs
