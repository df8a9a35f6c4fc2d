"""Times as callers tell them, found: 昨天下午3点多, 今早9:35, 上周三, 20日晚, 2022年8月27日13时43分许.

Theory. A time is a row of parts in falling size - year, month, day, part of the day, clock - each of which may be
missing. `_PART` finds the parts in one pass; neighbours join while the size falls and nothing but a space or 的
stands between them. A row counts as a time only if it says when something was: a lone 下午 or 当天 does not, a
length of time (三天, 2小时) does not, three days *ago* does. What a row means is told by `time_values`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from wuzha.intake.leads.feasts import FEAST_BEGINS, FEASTS, NOT_A_FEAST
from wuzha.intake.leads.numbers import CHINESE_DIGITS, read_number

_CN = f"[{CHINESE_DIGITS}十廿卅]"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|正|腊|冬(?=月)|元(?=月))"
_DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?|"
    r"初[一二三四五六七八九十])"
)
_HOUR = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|[二三四五][一二三四五六七八九]|[零〇]?[一二三四五六七八九])"
_PART_OF_DAY = (
    "凌晨|清晨|清早|大清早|早晨|早上|早间|晨间|上午|中午|正午|晌午|午间|下午|午后|傍晚|黄昏|晚上|晚间|夜晚|夜间|"
    "夜里|深夜|半夜|午夜|"
    "后半夜|前半夜|大半夜|大晚上|大中午|一大早"
)
_WEEKDAY = r"(?:一|二|三|四|五|六|日|天|末|[1-7](?![\d.:点个]))"
# 3号楼, 2号嫌疑人: a number of something.
_NUMBERED = "格柜窗口楼线店码房院文令链段机球牌厅室桥门嫌选对馆仓库会桌档位人公秘站电车首客基地微岗矿井柜梯闸"
_NO_DAY = "[万亿元块名个人件次天多余岁起家部条台张笔%％点时分倍种款]"
_COUNT = rf"(?:\d{{1,3}}|{_CN}{{1,4}}|半|几|数)"

# 24小时后到账 is what somebody promises, not when something was.
_IN_FUTURE = "才能|可以?|自动|到账|返|退|全额|再?还款|还本|还清|失效"
# 9.23 1200已到账, 9.23转了500: a line of somebody's own statement.
_STATEMENT_GOES_ON = (
    r" ?(?:转(?![发换化移型])|付|打款|打了|充(?!电)|报警|还了|到账|被骗|下单|汇|加(?:了)?(?:微信|好友)|收到)|"
    r" {1,2}[¥￥]?\d{2,7}(?:\.\d\d)?(?:元|块|已|到账|万|审|[,，;；。\n]|$)"
)
# Every part begins with one of these, and never within a row of digits: looking at one character first spares most of
# the alternatives below.
_FIRST = (
    f"[\\d{CHINESE_DIGITS} 十廿卅今昨前去大明后本当同次上下这翌隔第腊正元初末底中春夏秋冬母父感早晚夜晨午凌清傍黄深半晌"
    f"几数刚周星礼除端国双圣年月那差情妇愚清劳儿七重教万光平跨三]"
)
_PART = re.compile(
    rf"(?={_FIRST})(?<!\d(?=\d))(?:(?P<iso>(?=\d)(?<![\d.])(?:19|20)\d\d(?P<sep>[-/.])(?:1[0-2]|0?[1-9])(?P=sep)(?:3[01]|[12]\d|"
    rf"0?[1-9])(?!\d)(?:日|号)?(?=(?P<t>T\d)?)T?)"
    rf"|(?P<spaced>(?=\d)(?<![\d.])(?<!\d )(?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])(?! ?\d))"
    rf"|(?P<short>(?=\d)(?<![\d.\-/])[1-3]\d(?P<mark>[-/.])(?:0[1-9]|1[0-2])(?P=mark)(?:0[1-9]|[12]\d|3[01])"
    rf"(?= {{1,2}}(?:2[0-3]|[01]\d):[0-5]\d|[日号]))"
    rf"|(?P<compact>(?=\d)(?<![\d.A-Za-z-])20[0-3]\d(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])(?![\d.A-Za-z-]))"
    rf"|(?P<ago>(?=[\d{CHINESE_DIGITS}十廿卅半几数])(?<![月第\d{CHINESE_DIGITS}]){_COUNT} ?[多来]?(?:个[多半]?)?半?"
    rf"(?:天|日|周|星期|礼拜|"
    rf"(?<=[个半多几数两])月|年|小时|钟头|分钟|秒钟?|分(?=[之以]?前)|刻钟)[多半]?[之以]?(?:前(?!\d)|(?<!日)后(?![台果来面])(?!{_IN_FUTURE})))"
    rf"|(?P<back>(?=[前上])(?:(?<![提之以年飞住期庭])(?<!出发)前|(?<!以)上)(?:几|两|{_CN}|\d{{1,2}})(?:天|日|周|个?星期|个?礼拜|个?月|年)(?![前内])|前阵子|"
    rf"前段时间|前些(?:天|"
    rf"日子|时候))"
    rf"|(?P<year>(?<![\d.])(?:(?:19|20)\d\d|[一二][{CHINESE_DIGITS}]{{3}}) {{0,2}}年(?![级代])|"
    rf"[两二]千零[一二三四五六七八九]年|[两二]千年(?={_MONTH}月)|"
    rf"(?<![\d.{CHINESE_DIGITS}十百千])\d\d {{0,2}}年(?= {{0,2}}{_MONTH} {{0,2}}月)|(?<![\d.])0\d {{0,2}}年(?!级)"
    rf"|(?P<relyear>(?=[今去前大明后本当同次上隔翌第])(?:今年|去年|前年|大前年|明年|后年|本年|当年|同年|次年|上年|隔年|翌年|第二年)))"
    rf"|(?P<yearpart>(?<=年)(?:年?[底末初中](?!期|国|国|旬|共|央)|上半年|下半年|[春夏秋冬](?:天|季|节)?(?!节)|"
    rf"第[一二三四]季度))"
    rf"|(?P<month>(?<=年) {{0,2}}{_MONTH}[-~至到、]{_MONTH} {{0,2}}月(?:份(?!额))?|"
    rf"(?<![\d.{CHINESE_DIGITS}十几个廿]){_MONTH} {{0,2}}月(?!球|饼|嫂|薪|租|供|亮|费|息|入|卡|底?结|子|"
    rf"均)(?:份(?!额))?"
    rf"|(?P<relmonth>(?=[上这本下当同次])(?:上{{1,3}}个?月|这个?月|本月|下{{1,3}}个?月|当月|同月|次月))(?:份(?!额))?)"
    rf"|(?P<monthpart>(?<=[月份])(?:月?[底末]|初(?![一二三四五六七八九十])|[上中下]旬|中(?![的国共心])))"
    rf"|(?P<day>(?<=月) {{0,2}}{_DAY}[-~至到、]{_DAY} {{0,2}}[日号]"
    rf"|(?<=月) {{0,2}}{_DAY} {{0,2}}[日号]"
    rf"|(?<!\d:)(?<![\d.{CHINESE_DIGITS}十廿第])(?<!\d-){_DAY} {{0,2}}"
    rf"(?:日|号(?![{_NUMBERED}]|、\d{{1,2}}号[{_NUMBERED}]))"
    rf"(?![元均活常前内期后游租]|报(?!警|案|道|称|告))"
    rf"|(?<=月) {{0,2}}(?:3[01]|[12]\d|0?[1-9])(?![\d.:年月]|{_NO_DAY}| {{0,2}}[日号])"
    rf"|(?<=月){_DAY}(?=[,，。上下早晚凌中在许至到~那当-]|$)|(?<=月)初[一二三四五六七八九十]|"
    rf"(?<=月)廿[一二三四五六七八九]?|(?<=[腊正冬]月){_DAY}(?!\d|{_NO_DAY}))"
    rf"|(?P<slash>(?=\d)(?:(?<![\d./-])(?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9])"
    rf"(?= ?(?:{_PART_OF_DAY}|[早晚] ?\d)|"
    rf" {{1,2}}(?:2[0-3]|1\d|0?\d)(?::[0-5]\d|[点时])|那天|那晚|当天|当晚)"
    rf"|(?<![\d./\u4e00-\u9fff-])(?:1[0-2]|0?[1-9])[./](?:3[01]|[12]\d|0?[1-9])(?={_STATEMENT_GOES_ON})"
    r"|(?<=\n)(?:1[0-2]|[1-9])/(?:3[01]|[12]\d|[1-9])(?= (?:支付宝|微信|网银|手机银行|云闪付|转|付|充|打|汇|现金|扫码))"
    r"|\A(?:1[0-2]|[1-9])/(?:3[01]|[12]\d|[1-9])(?= (?:支付宝|微信|网银|手机银行|云闪付|转|付|充|打|汇|现金|扫码))))"
    rf"|(?P<relday>(?=[大前昨今明后当同次第翌隔那刚])(?:大前天|大后天|前天|前日|昨天|昨日|昨(?=[早晨晚夜午中下上]|\d{{1,2}}[时点:])|今天|今日(?!头条|说法)|今儿个?|昨儿个?|前儿个?|"
    rf"今(?=[早晨晚夜午]|\d{{1,2}}[时点:])|明天|明日(?!之后|方舟|之子|香)|明(?=[早晚])|后天|当天|当日|"
    rf"当(?=[晚夜])|同日|同(?=晚)|次日|次(?=晨)|第[二三四五]天|翌日|隔天|隔日|前(?=[晚夜](?![上]?期))|那天|"
    rf"前一(?=[晚夜])|刚[才刚](?= ?(?:\d{{1,2}}[:点时]|{_HOUR}点))))"
    rf"|(?P<weekday>(?=[上这本下周星礼])(?:(?P<weekrel>上{{1,3}}一?个?|这个?|本|下{{1,3}}个?)?(?:周|星期|礼拜){_WEEKDAY}|"
    rf"(?P<weekonly>(?:上{{1,3}}个?|"
    rf"这个?|本|下{{1,3}}个?)(?:周(?![边转])|星期|礼拜))))"
    rf"|(?P<clock>(?=[\d差十{CHINESE_DIGITS}])(?:(?<!\d:)(?<![\d.])(?:2[0-4]|1\d|0?\d):[0-5]\d(?::[0-5]\d)?"
    rf"(?!\d|:\d)(?: ?[AaPp]\.?[Mm]\.?)?(?:时|分)?"
    rf"|差(?:一刻钟?|[五十]分钟?|5分钟?|10分钟?|15分钟?)(?:到)?{_HOUR}点(?:钟|整)?"
    rf"|(?<!\d:)(?<![\d.{CHINESE_DIGITS}十百千万几]){_HOUR} {{0,2}}(?:[点时](?!间|候|长|段|尚|速|代|期|装|不|常|而|"
    rf"[.]|击|评|赞|名|子|滴|儿|开始接)|钟(?!头))(?: {{0,2}}(?:半|整|[一三1-3]刻|{_MINUTE} "
    rf"{{0,2}}分(?!钟?[内后前])(?: {{0,2}}{_MINUTE} {{0,2}}秒)?|"
    rf"(?<=点){_MINUTE}(?![\d{CHINESE_DIGITS}.个笔万元块%倍]))(?:钟)?)?))"
    rf"|(?P<part>{_PART_OF_DAY}|(?<=[天日号今昨前明当同次一二三四五六])(?:早|晚|夜|晨|午)|"
    rf"(?!晚一点(?![钟半多左前整]))[早晚](?= "
    rf"?{_HOUR}(?:[点时]|:\d)))"
    rf"|(?P<feast>(?=[{FEAST_BEGINS}]){FEASTS}))"
)
_PART_OF_GROUP = {
    "relyear": "year", "relmonth": "month", "weekrel": "weekday", "weekonly": "weekday", "sep": "iso", "t": "iso",
    "back": "ago", "spaced": "iso", "short": "iso", "mark": "iso",
}  # fmt: skip
_JOIN = re.compile(r"[ \n]{0,2}的?|\) ?|(?:农历|阴历|旧历)")
# 周一至周五 are hours of opening.
_WEEKDAYS = re.compile(r"(?<![本这上下个])(?:周|星期)一 ?[至到~-] ?(?:周|星期)[五六日天]")
WEEKDAYS_REACH = 6
_DAY_PART_AFTER = re.compile(rf"(?:{_PART_OF_DAY}|[早晚]|{_HOUR}[时点:])")
# 比分打成21:17、19:21; 13:11险胜; 金币1:38 收
_ID_GOES_ON = re.compile(r" \d{3}[\dXx](?!\d)")
_SCORE_BEFORE = re.compile(r"(?:比分|打成|战成|打平|领先|落后|金币|出金|比例)[^，。\n]{0,14}$")
_SCORE_AFTER = re.compile(r" ?(?:险胜|获胜|大胜|完胜|取胜|落败|惜败|告负|拿下(?!来))")
SCORE_REACH = 18
_LUNAR = ("农历", "阴历", "旧历")
_AHEAD = ("将于", "将在", "定于", "到期日", "有效至", "期至", "留至", "延至", "预计")  # what follows lies in the future
_AHEAD_AFTER = re.compile(
    r"起[，,]?(?:将|施行|实施|执行|正式|暂停|连续|开始)"
    r"| ?前?(?:(?:才|就|将)?(?:发工资|发薪|还你|还我钱|到期|失效)|开庭|截止|出发|起飞|的(?:航班|飞机|火车|高铁|车票))"
)
# 前两个月正常，第三个月: the first two of several.
_COUNTED_ON = re.compile(r"[^。\n]{0,12}第[一二三四五六七八九十]个?[天月年周]")
_JOIN_ABOUT = re.compile(r" ?的?(?:大约|大概|差不多|约莫|约|好像)(?:是|在)?")
_EARLY_HOURS = ("凌晨", "半夜", "后半夜", "大半夜", "深夜", "夜里")
_JOIN_WEEKDAY = re.compile(r" ?[(,，]? ?")
_TAIL = re.compile(r"(?: ?(?:钟|整))?(?:来钟|多钟|许|左右|前后|多(?![次笔个人元万名家]))?")
_RANK = {
    "iso": 3, "compact": 3, "year": 1, "yearpart": 2, "month": 2, "monthpart": 3, "day": 3, "relday": 3,
    "weekday": 3, "part": 4, "clock": 5, "ago": 3, "later": 3, "feast": 3, "slash": 3,
}  # fmt: skip
_NEEDS_MORE_DAYS = ("当天", "当日", "同日", "那天")
_WARNED = re.compile(r" ?(?:你会|你就|就?能|就?可以|会(?!员))")
_PERIOD_AFTER = re.compile(r" ?(?:内|来|以来的?\d)")
_AGE_AFTER = re.compile(r" ?(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:周)?岁|[1-9]\d(?:了|[,，。]|$))")
_CLOCK_LEAD = re.compile(r"^$|(?:我|他|她|约|大约|大概|在|于|至|到|从|自|是|[,，。(])\s?$")
_DECIMAL = re.compile(rf".+点(?:\d|[{CHINESE_DIGITS}])")
_LIST_BEFORE = re.compile(
    r"(?:第|以下|这|那|几|要点|[^年月]\d|有|分|共|记住|牢记|做到|提供|提出|总结|注意|就|懂|快|晚|早|慢|差|一|[低高涨跌扣降升加]了?)$"
)
_FEASTED = re.compile(r"(?:每年|[迎度庆品过吃猜逢遇祝备距离近贺恩快])$")
TIME_GAP_MAX = 5
_BEFORE_DAY = tuple("有在于从到至是，,。：:；;！!？? \n月和、我就才")
_DAY_GOES_ON = re.compile(
    r" ?(?:付|转|打|给|去|来|到|我|他|她|对方|又|再|就|才|还|收|发|交|充|那天|的时候|下午|上午|晚|早)"
)
_PAID_BY_THE_DAY = re.compile(r"\d{1,2} +日[结薪入赚息利租付化均]")
_PLACE_BEFORE = re.compile(r"(?:窗口|柜台|车厢|站台|登机口|摊位|档口|楼|座|房|床|桌)[^，。,\n]{0,4}$")
PLACE_REACH = 8
DAY_BEFORE = ("前一天", "前一日", "头一天")  # hang on the day named before
_LIMIT_AFTER = re.compile(r"[以之][上下内]")  # 处五日以上十日以下拘留
LIKELY_HOUR_MIN = 7  # seven points of advice are rare, seven o'clock is not
_FAMILY_NAMES = tuple(
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈"
)
_POINTS_AFTER = re.compile(
    r" ?(?:建议|要求|意见|注意|措施|原因|理由|提示|启示|好处|要|做|不要|防|骗|特征|特点|方法|技巧|须知|[:：]|是|内容|"
    r"要素|共|"
    r"以上|以下|提醒|需|小|经验|教训|左右的|常识|利率|收益|利|好|心|吃|一刻|\d|%|希望|说明|警示|体会|决定|结论|钱|积分)"
)
_CLICKED = re.compile("就[要跳进开弹下让显]")
_HOUR_GOES_ON = re.compile(
    r" ?(?:多|左右|前后|许|的时候|时候|那会|我|他|她|对方|给|接|转|收|打|才|就|到|以?前|以?后|来|下班|上班|起床|睡|"
    r"吃饭|"
    r"开始|还|又|再|在|去|从|被)"
)


@dataclass(slots=True)
class Row:
    """One time as found: its parts by name, in order, with where it starts and ends (tail included)."""

    start: int
    end: int
    parts: dict[str, str] = field(default_factory=dict)
    tail: str = ""
    is_lunar: bool = False
    is_ahead: bool = False


def find_rows(face: str, is_free: Callable[[int, int], bool]) -> list[Row]:
    """Every row of time parts in `face` that says when, in order."""
    rows: list[Row] = []
    row: Row | None = None
    rank = 0
    at = 0
    while match := _PART.search(face, at):
        name = match.lastgroup or ""
        name = _PART_OF_GROUP.get(name, name)
        start, end = match.span()
        if name == "ago" and face[end - 1] == "后":
            name = "later"
        at = end if end > start else end + 1
        if not is_free(start, end):
            continue
        if row is not None and rank < _RANK[name] and _joins(face, row, start, name):
            if face[start - 2 : start] in _LUNAR:
                row.is_lunar = True
            row.end = end
        elif row is not None and name == "part" and _goes_into_the_night(row, start, match.group()):
            # 昨晚凌晨两点: the early hours after that evening.
            row.end = end
            row.parts["part"] += match.group()
            continue
        elif row is not None and match.group() in DAY_BEFORE and start == row.end and "feast" in row.parts:
            row.end = end  # 除夕前一天
            row.parts["ago"] = match.group()
            rank = _RANK["ago"]
            continue
        elif row is not None and name == "relday" and start == row.end and _is_same_day(face, row, match):
            row.end = end  # 国庆节当天上午8时: the day once more
            continue
        elif (
            row is not None
            and name in ("weekday", "feast")
            and {"day", "iso"} & row.parts.keys()
            and _joins(face, row, start, "weekday")
        ):
            row.end = end if name == "weekday" else row.end
            continue
        else:
            _close(face, row, rows)
            if name in ("yearpart", "monthpart"):
                row, rank = None, 0
                continue
            is_lunar = face[max(0, start - 2) : start] in _LUNAR
            is_ahead = face.endswith(_AHEAD, max(0, start - 3), start)
            row = Row(start - 2 if is_lunar else start, end, is_lunar=is_lunar, is_ahead=is_ahead)
        row.parts[name] = match.group()
        rank = _RANK[name]
    _close(face, row, rows)
    return rows


def _is_same_day(face: str, row: Row, match: re.Match[str]) -> bool:
    is_told = not row.parts.keys().isdisjoint({"day", "feast", "iso", "weekday", "slash"})
    return is_told and match.group() in ("当天", "当日") and _DAY_PART_AFTER.match(face, match.end()) is not None


def _goes_into_the_night(row: Row, start: int, said: str) -> bool:
    return start == row.end and said in _EARLY_HOURS and row.parts.get("part", "").startswith(("晚", "夜"))


def _joins(face: str, row: Row, start: int, name: str) -> bool:
    if start - row.end > TIME_GAP_MAX:
        return False
    gap = face[row.end : start]
    last = next(reversed(row.parts))
    if gap and not (_JOIN_WEEKDAY if name == "weekday" else _JOIN).fullmatch(gap):
        # 今天大概下午三点: the day and the clock are one time.
        return name in ("part", "clock") and last in ("relday", "day") and _JOIN_ABOUT.fullmatch(gap) is not None
    if last == "year":
        return name in ("yearpart", "month", "feast")
    if last == "month":
        return name in ("monthpart", "day") and not (name == "monthpart" and gap)
    if last == "ago":
        return name in ("part", "clock") and row.parts["ago"][-2:-1] in "天日周期拜月年"
    if last == "later":
        return name in ("part", "clock") and "天" in row.parts["later"]
    return last not in ("yearpart", "monthpart") or name in ("part", "clock")


def _close(face: str, row: Row | None, rows: list[Row]) -> None:
    if row is None:
        return
    tail = _TAIL.match(face, row.end)
    if tail and tail.group():
        row.tail = tail.group()
        row.end = tail.end()
    if not _says_when(face, row):
        return
    row.is_ahead = row.is_ahead or _AHEAD_AFTER.match(face, row.end) is not None
    if rows and rows[-1].end == row.start and rows[-1].parts.items() <= row.parts.items():
        rows.pop()  # 昨天昨天下午: said twice, meant once
    rows.append(row)


def _says_when(face: str, row: Row) -> bool:
    names = set(row.parts)
    before = face[max(0, row.start - 4) : row.start]
    if names == {"part"}:
        return False
    if names == {"relday"}:
        return row.parts["relday"] not in _NEEDS_MORE_DAYS or bool(row.tail)
    if names == {"year"}:
        said = row.parts["year"]
        if said == "同年" and face[row.end : row.end + 1] in tuple("龄生人同代"):
            return False
        if said in ("当年", "隔年", "本年", "第二年") or _AGE_AFTER.match(face, row.end):
            return False
        return face[row.end : row.end + 1] not in ("度", "级")
    if names == {"month"}:
        return row.parts["month"] not in ("当月", "同月", "次月")
    if names == {"compact"}:
        is_birthday = before[-2:-1].isdigit() and _ID_GOES_ON.match(face, row.end) is not None  # 420111 20010726 3628
        return not is_birthday and (not before[-1:].isalnum() or before[-1:] >= "\u4e00")
    if names == {"weekday"}:
        return _WEEKDAYS.search(face, max(0, row.start - WEEKDAYS_REACH), row.end + WEEKDAYS_REACH) is None
    if names == {"day"}:
        return _is_day_alone(face, row, before)
    if names == {"clock"}:
        return _is_clock_alone(face, row, before)
    if names == {"feast"}:
        said = row.parts["feast"]
        is_somebody = said == "国庆" and before[-1:] in _FAMILY_NAMES
        return not (NOT_A_FEAST.match(face, row.end) or _FEASTED.search(before) or is_somebody)
    if names == {"later"}:
        return not (before.endswith(("第", "每")) or _WARNED.match(face, row.end))
    if names == {"ago"} and row.parts["ago"][0] == "前" and _COUNTED_ON.match(face, row.end):
        return False
    if names == {"ago"}:
        return not _PERIOD_AFTER.match(face, row.end) and not before.endswith("第")
    return True


def _is_day_alone(face: str, row: Row, before: str) -> bool:
    said = row.parts["day"]
    if before.endswith("块") or _PAID_BY_THE_DAY.fullmatch(face, row.start, row.end + 1):
        return False  # 3块5 日结
    if said.endswith("日"):
        if _LIMIT_AFTER.match(face, row.end):
            return False
        if said[0] in CHINESE_DIGITS:
            return False
        return not before.endswith(
            ("生", "节", "假", "近", "多", "整", "周", "每", "的", "连续", "经过", "历时", "长达", "超过", "仅")
        )
    is_of_place = _PLACE_BEFORE.search(face, max(0, row.start - PLACE_REACH), row.start) is not None
    if not said.endswith("号") or before.endswith(("每月", "每个月")) or is_of_place:
        return False
    if row.tail:
        return True
    return not before or before[-1] in _BEFORE_DAY or _DAY_GOES_ON.match(face, row.end) is not None


def _is_clock_alone(face: str, row: Row, before: str) -> bool:
    said = row.parts["clock"]
    if ":" in said:
        is_score = _SCORE_BEFORE.search(face, max(0, row.start - SCORE_REACH), row.start) or _SCORE_AFTER.match(
            face, row.end
        )
        return not (is_score or before.endswith(("比例", "兑换", "比分", "赔率", "比", "为1", "杠杆")))
    if "分" in said and ("时" in said or "点" in said):
        return True
    if _DECIMAL.fullmatch(said):
        return False
    if said == "一时半" and face[row.end : row.end + 1] in ("会", "刻"):
        return False
    if said.endswith("刻"):
        return True
    if row.tail or said.endswith(("半", "整")):
        return not _LIST_BEFORE.search(before)
    if said.endswith(("点", "点钟")):
        return said.endswith("钟") or _is_hour_alone(face, row, before, said)
    if said.endswith("时"):
        return said[0].isdigit() or (said != "一时" and _CLOCK_LEAD.search(before) is not None)
    return not _LIST_BEFORE.search(before)


def _is_hour_alone(face: str, row: Row, before: str, said: str) -> bool:
    """三点 as a time: not three points of advice, nor a little of something."""
    if _LIST_BEFORE.search(before) or _POINTS_AFTER.match(face, row.end):
        return False
    number = read_number(said, 0)
    hour = int(number.value) if number else 0
    if said == "一点" and _CLICKED.match(face, row.end):
        return False  # 叫我点...，我一点就要填卡密码
    if hour in (1, 2) and said[0] in "一1两2":
        return _HOUR_GOES_ON.match(face, row.end) is not None and _CLOCK_LEAD.search(before) is not None
    if hour >= LIKELY_HOUR_MIN:
        return True
    return _CLOCK_LEAD.search(before) is not None or _HOUR_GOES_ON.match(face, row.end) is not None
