"""Amounts of money in every spoken form, with their currency.

Theory. A number is money for one of four reasons, strongest first: a currency stands behind or before it (元, 块,
USDT, ￥); it is counted in 万 or 亿 and what follows is not something else that is counted so (人, 次, 粉丝); it
stands after a word of paying or losing (转了5000); it ends a range whose other end is money (3到5万). Numbers that
belong to something else (dates, accounts, addresses) are taken before amounts are looked for.
Amounts are decimal text in the currency's main unit; the currency is CNY unless words say otherwise.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from wuzha.intake.leads.currencies import COINS, SIGN_NAMES, SIGNS, UNITS
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.numbers import CHINESE_DIGITS, FUZZ, Number, read_number

AMOUNT_MAX = Decimal(10) ** 17
BARE_AMOUNT_MAX = 10**8  # longer rows of digits are numbers of something
BARE_AMOUNT_MIN = 10  # a bare "转了3" is a count more often than a sum


def _alternatives(words: Iterator[str] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_UNIT = re.compile(rf" {{0,2}}(?:个(?=[比以波狗莱泰BUbu]))?({_alternatives(list(UNITS))})")
_BEFORE_WORDS = [word for word in UNITS if len(word) > 1 and word not in ("块钱", "元钱", "个U", "个u")]
_BEFORE = re.compile(
    rf"("
    rf"{_alternatives([*SIGNS, *SIGN_NAMES, *_BEFORE_WORDS])}"
    rf")"
    r"[: ]{0,2}$"
)
_BEFORE_ENDS = frozenset(word[-1] for word in (*SIGNS, *SIGN_NAMES, *_BEFORE_WORDS)) | {":", " "}
_START = re.compile(
    rf"(?=[\d{CHINESE_DIGITS}十拾廿卅百千万])(?:(?<![\d.A-Za-z_])\d|(?<=[A-Za-z$])(?<![\d.])(?<!\d[A-Za-z])\d|"
    rf"[{CHINESE_DIGITS}十拾廿卅]"
    r"|[百千](?=[万亿])|(?<=[近上过超逾])万(?=[元余多]))"
)
_SUB = re.compile(
    rf"(?: {{0,1}}(?:又|零)?([\d{CHINESE_DIGITS}]) ?(?:角|毛))?(?: ?(?:又|零)?([\d{CHINESE_DIGITS}]{{1,2}}) "
    rf"?(?:美分|分))?"
)
_SUB_ALONE = re.compile(r" {0,1}(毛钱|毛|角|分钱)")
_BLOCK_TAIL = re.compile(rf"(\d|[{CHINESE_DIGITS}])(?![\d.,{CHINESE_DIGITS}十百千万亿wW年月日号点时分秒:%个次笔])")
_AFTER = re.compile(r"(?:多|余|来|几|左右|上下)? {0,1}(?:人民币|RMB)?(?:钱|整)?")
_FUZZ_UNIT = re.compile(rf"[{FUZZ}](?=个(?:比特|泰达|USDT|usdt|以太|BTC)|{_alternatives(list(UNITS))})")

# What is counted in ten thousands and is no money.
_COUNTED = re.compile(
    r" ?(?:人|名|位|次|个|条|部|台|张|户|平|米|公里|里|公斤|斤|吨|件|起|家|辆|只|套|份|字|年|月|日|天|时|小时|分|秒|"
    r"点|号|岁|"
    r"%|％|倍|级|页|期|折|楼|层|室|栋|粉|观|播|点|阅|用户|头|亩|英|步|股|封|幅|枚|颗|本|册|所|处|群|网民|市民|居民|"
    r"群众|"
    r"笔|单|场|轮|代|桶|瓶|盒|箱|袋|包|双|克|票|关|局|盘|排|维|周|世纪|度|℃|后|前|倒|余岁|多岁|拍|帧|类|站|路|号|届|"
    r"遍|道|"
    r"会员|学生|师生|国|村|公|里|伏|瓦|像素|毫|千|字|款|种|项|篇|金币|积分|豆|Q币|钻|大军|分之|一(?!共)|左右?人|"
    r"余人|多人|余名|多名|余|"
    r"\d|[A-Za-z])"
)
_PAYING = re.compile(
    r"(?:转账|转帐|汇款|打款|付款|充值|支付|损失|被骗|骗走|骗取|诈骗|提现|入金|出金|投资|投入|投|借款|贷款|缴纳|"
    r"交纳|缴|存入|取现|"
    r"取款|到账|收到|返现|返利|返还|返|金额|余额|本金|佣金|收益|赚|亏|亏损|花费|消费|下单|垫付|押金|定金|保证金|"
    r"手续费|会员费|解冻金|"
    r"转|汇|打|付|充|骗|花|给|送|补|退|还|存|取|交|欠|扣|刷)"
    r"(?:了|过|去|进|来|入|出|走|共|掉|给(?:他|她|它|对方|客服|你|我)?|他|她|对方|客服|我|总共|一共|合计|共计|大概|"
    r"大约|约|近|为|是|款|:|到|人民币|额|的|"
    r"现金|第一笔|第二笔| ){0,3}$"
)
_COSTING = re.compile(
    r"(?:一共|总共|共计|合计|共|大概|大约|差不多|价值|价格|售价|单价|标价|报价|月薪|工资|年薪|日薪|额度|存款|欠款|"
    r"房租|租金|奖金|奖励|"
    r"红包|赔偿|理赔|罚款|费用|费|零钱|每次|每笔|每单|分别|先后|至少|最多|不到|超过|近|约|价|钱|是|要|又)(?:是|为|:|"
    r"了|约| ){0,2}$"
)
_CALLING = re.compile(r"(?:拨|致电|来电|电话|热线|号码|短信|发送|回复|编辑).{0,4}$")
_CLAUSE_END = re.compile(r"(?:左右|上下|出头|吧|呢|钱|多|的|整)?(?:$|[\s,，。;；!！?？、])")
_CLAUSE_GOES_ON = re.compile(
    r"保证金|彩礼|定金|押金|订金|赃款|现金|资金|货款|本金|存款|积蓄|余款|尾款|巨款|工资|代理费|手续费|解冻金|贷款|借款|债|"
    r"[\s,，。;；、!！?？()\"”~至到和与及的了给钱左上多余现转块一二两三四五六七八九是被全都也就还又没不在进出打存买做用当作为来去以整+…-]|$"
)
_EMERGENCY = re.compile(r"打了?(?:110|119|120|122|96110|12345)$")
# 用户2000万, 阅读转发超过780万: what was counted before the number is no money either.
_COUNTING = re.compile(
    r"(?:用户数?|粉丝|阅读|转发|点击|播放|浏览|下载|会员|人数|人次|销量|注册|活跃|访问|点赞|评论|关注|次数|数量|人口|流量|样本)"
    r"[^，,。;；\n]{0,10}$"
)
_ABOUT = re.compile(r"(?<![一二三四五六七八九十几\d])([百千万])把(?:块钱|块|元)")
_NUMBER_OF = re.compile(r" ?(?:的(?:那|这|号|电话|手机|卡|账|用户|客户)|开头|打头|结尾)")
_PAYING_REACH = 14
_RANGE_MARK = re.compile(r" ?(?:元|块)? ?(?:-{1,2}|~|至|到|、) ?")
_PLACE_OR_WORD = re.compile(r"(?:素|论|化|里|区|桥|村|镇|牛|旦|宵|首|老|气|件|年|月|方|格|次|素|以)")
_NOT_MONEY_BEFORE = re.compile(r"(?:第|几|数|编号|号码|代码|尾号|邮编|型号)$")
_WOUND = re.compile(r"[砍捅刺划扎挨]了?$")
_BLOCK_THINGS = re.compile(r"(?!钱)[手木石砖布地表肉金冰糖蛋屏电牌板区]")


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    number: Number
    value: Decimal
    currency: str | None
    confidence: float
    why: tuple[str, ...]


def find_amounts(text: str, face: str, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """Every amount of `face` whose place `is_free`, in order."""
    found: list[_Found] = []
    for rough in _ABOUT.finditer(face):
        if is_free(*rough.span()):
            value = Decimal({"百": 100, "千": 1000, "万": 10000}[rough.group(1)])
            about = Number(value, rough.end(), int(value), is_vague=True, written="chinese")
            found.append(_Found(*rough.span(), about, value, "CNY", 0.8, ("currency", "vague")))
    at = 0
    pending: tuple[int, Number] | None = None  # a bare number that a following range end may turn into money
    while match := _START.search(face, at):
        start = match.start()
        if not is_free(start, start + 1):
            at = start + 1
            continue
        number = read_number(face, start)
        if number is None or not is_free(start, number.end):
            at = start + 1 if number is None or number.end <= start else number.end
            continue
        amount = _judge(face, start, number)
        if amount is None:
            pending = (start, number)
            at = number.end
            continue
        if pending and (opening := _range_opening(face, pending, amount)):
            found.append(opening)
        pending = None
        found.append(amount)
        at = amount.end
    return [_lead(text, amount) for amount in sorted(found, key=lambda amount: amount.start)]


def _lead(text: str, found: _Found) -> Lead:
    extra: dict[str, object] = {}
    if found.number.is_vague:
        extra["approximate"] = True
        if found.number.upper is not None:
            extra["upper"] = decimal_text(found.number.upper)
    return Lead(
        Kind.AMOUNT,
        text[found.start : found.end],
        found.start,
        found.end,
        decimal_text(found.value),
        found.confidence,
        found.why,
        found.currency or "CNY",
        extra,
    )


def decimal_text(value: Decimal) -> str:
    """`value` without exponent and without trailing zeros: 85000, 40000.37."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _judge(face: str, start: int, number: Number) -> _Found | None:
    end, value = number.end, number.value
    if value > AMOUNT_MAX:
        return None
    sign, sign_start = _sign_before(face, start)
    fuzz = _FUZZ_UNIT.match(face, end)
    unit = _UNIT.match(face, fuzz.end() if fuzz else end)
    if unit and not _is_money_unit(face, start, number, unit):
        unit = None
    if unit:
        if _NOT_MONEY_BEFORE.search(face, max(0, start - 3), start) and not sign:
            return None
        end = unit.end()
        currency = UNITS[unit.group(1)]
        if currency in ("CNY", "USD", "EUR", "HKD") and unit.group(1) not in ("人民币", "RMB", "rmb"):
            value, end = _with_cents(face, end, value, is_spoken="块" in unit.group(1))
        end, other = _second_currency(face, end)
        # 三万元欧元, 9000元日币: the second name is the precise one.
        currency = sign if sign and sign != "CNY" and currency == "CNY" else (other or currency)
        begin = start if sign is None else sign_start
        return _Found(begin, _trim(face, begin, end), number, value, currency, 0.98, ("currency",))
    if sign:
        after = _AFTER.match(face, end)
        stop = after.end() if after and after.group().strip() else end
        return _Found(sign_start, stop, number, value, sign, 0.97, ("currency before",))
    small = _SUB_ALONE.match(face, end)
    if small and number.unit <= 10 and number.last_unit <= 10 and "." not in str(value):
        if small.group(1) == "角" and not _is_paid(face, start):
            return None
        part = Decimal("0.01") if small.group(1) == "分钱" else Decimal("0.1")
        return _Found(start, small.end(), number, value * part, "CNY", 0.85, ("small coin",))
    return _judge_bare(face, start, number)


def _judge_bare(face: str, start: int, number: Number) -> _Found | None:
    """A number without currency: money by its large unit or by the word of paying before it."""
    end = number.end
    if _NOT_MONEY_BEFORE.search(face, max(0, start - 3), start):
        return None
    if _COUNTED.match(face, end):
        return None
    if face[start - 1 : start] in ("-", "/") and face[start - 2 : start - 1].isdigit():
        return None
    following = face[end : end + 2]
    if following[:1] in ("-", "/", "_", "@", ":") or (following[:1] == "." and following[1:].isdigit()):
        return None
    fuzz = 1 if following[:1] and following[:1] in "多余来" else 0
    if fuzz and _COUNTED.match(face, end + 1):
        return None
    if number.unit >= 10**4 and (number.value >= 100 or number.value == 0):
        spoken = face[start:end]
        if spoken in ("千万", "百万", "十万", "万一"):
            return None
        is_paid = _is_paid(face, start)
        if not is_paid and _COUNTING.search(face, max(0, start - _PAYING_REACH), start):
            return None
        if not (is_paid or _costs(face, start) or _CLAUSE_GOES_ON.match(face, end + fuzz)):
            return None
        confidence = 0.92 if is_paid else 0.85
        why = ("ten thousands", "paying") if is_paid else ("ten thousands",)
        return _Found(start, end + fuzz, number, number.value, None, confidence, why)
    has_thousands = number.unit >= 100 or face[end - 1 : end] in "kK"
    if (number.written == "chinese" and not has_thousands) or not BARE_AMOUNT_MIN <= number.value < BARE_AMOUNT_MAX:
        return None
    if (
        _is_paid(face, start)
        and not _NUMBER_OF.match(face, end)
        and not _EMERGENCY.search(face, max(0, start - 2), end)
    ):
        return _Found(start, end + fuzz, number, number.value, None, 0.8, ("paying",))
    is_grouped = "," in face[start:end] or has_thousands
    if is_grouped and number.value >= 100 and (_costs(face, start) or _is_whole_clause(face, start, end)):
        return _Found(start, end + fuzz, number, number.value, None, 0.7, ("price",))
    return None


def _costs(face: str, start: int) -> bool:
    return _COSTING.search(face, max(0, start - _PAYING_REACH), start) is not None


def _is_whole_clause(face: str, start: int, end: int) -> bool:
    """An answer of its own: "多少钱?三千八。" """
    is_start = start == 0 or face[start - 1] in " \n,，。;；!！?？、:"
    return is_start and _CLAUSE_END.match(face, end) is not None


def _is_paid(face: str, start: int) -> bool:
    begin = max(0, start - _PAYING_REACH)
    return _PAYING.search(face, begin, start) is not None and _CALLING.search(face, begin, start) is None


def _sign_before(face: str, start: int) -> tuple[str | None, int]:
    if face[start - 1 : start] not in _BEFORE_ENDS:
        return None, start
    match = _BEFORE.search(face, max(0, start - 10), start)
    if match is None:
        return None, start
    word = match.group(1)
    if word in ("元", "块", "圆", "刀", "U", "u"):
        return None, start
    before = face[match.start() - 1 : match.start()] if match.start() else ""
    # "5000美元3万": the name belongs to the number before it.
    if before.isdigit() or (before and before in "万亿千百十多余"):
        return None, start
    if word[0].isascii() and word[0].isalpha() and before.isascii() and before.isalnum():
        return None, start
    code = SIGNS.get(word) or SIGN_NAMES.get(word) or UNITS[word]
    return (None, start) if code in COINS and face[start - 1 : start] not in ": " else (code, match.start())


def _is_money_unit(face: str, start: int, number: Number, unit: re.Match[str]) -> bool:
    word, after = unit.group(1), face[unit.end() : unit.end() + 2]
    small_chinese = number.written == "chinese" and number.value < 10 and number.unit < 10
    if word in ("U", "u"):
        is_enough = number.value >= BARE_AMOUNT_MIN or _is_paid(face, start)
        return is_enough and not (after[:1].isascii() and after[:1].isalnum())
    if word[0].isascii() and after[:1].isascii() and after[:1].isalpha():
        return False
    if word in ("元", "圆"):
        return not (small_chinese and _PLACE_OR_WORD.match(after))
    if word == "块":
        if small_chinese and not (after[:1].isdigit() or (after[:1] and after[:1] in CHINESE_DIGITS)):
            return number.value > 1 and not _BLOCK_THINGS.match(after) and _is_paid(face, start)
        return not (number.value < 100 and _BLOCK_THINGS.match(after))
    if word == "刀":
        return not _WOUND.search(face, max(0, start - 3), start)
    if word in ("法郎", "里拉", "卢比", "令吉", "披索", "瑞尔"):
        return number.value >= 1
    return True


def _with_cents(face: str, end: int, value: Decimal, *, is_spoken: bool) -> tuple[Decimal, int]:
    """Add 三毛, 6角三分 or, after 块, a bare last digit (10块5)."""
    sub = _SUB.match(face, end)
    if sub and sub.end() > end:
        dimes = _digits_value(sub.group(1))
        cents = _digits_value(sub.group(2))
        if dimes is not None or cents is not None:
            return value + Decimal(dimes or 0) / 10 + Decimal(cents or 0) / 100, sub.end()
    tail = _BLOCK_TAIL.match(face, end) if is_spoken and face[end - 1] == "块" else None
    if tail:
        digit = _digits_value(tail.group(1))
        return value + Decimal(digit or 0) / 10, tail.end()
    return value, end


def _digits_value(digits: str | None) -> int | None:
    if not digits:
        return None
    number = read_number(digits, 0)
    return int(number.value) if number else None


def _second_currency(face: str, end: int) -> tuple[int, str | None]:
    if face[end - 1] not in "元块":
        return end, None
    match = _UNIT.match(face, end)
    if match is None or match.group(1) in ("元", "块", "圆", "U", "u", "刀"):
        return end, None
    return match.end(), UNITS[match.group(1)]


def _trim(face: str, begin: int, end: int) -> int:
    """Take in 钱 and 整, which belong to the sum as said."""
    if face[end : end + 1] in ("钱", "整") and face[end : end + 2] not in (
        "钱包",
        "整个",
        "钱财",
        "整整",
        "整容",
        "整形",
    ):
        return end + 1
    return end


def _range_opening(face: str, pending: tuple[int, Number], amount: _Found) -> _Found | None:
    """The lower end of "3到5万元": it takes unit and currency from the upper one."""
    start, number = pending
    mark = _RANGE_MARK.match(face, number.end)
    if mark is None or mark.end() != amount.start or "、" in mark.group():
        return None
    value = number.value
    if number.unit < amount.number.unit:
        scaled = value * amount.number.unit
        value = scaled if scaled <= amount.number.value else value
    if value > amount.value or value <= 0:
        return None
    return _Found(start, number.end, number, value, amount.currency, amount.confidence - 0.1, (*amount.why, "range"))
