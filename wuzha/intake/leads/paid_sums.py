"""Which sums of a narrative are payments that the victim made, and how often each was made.

Theory. A sum is a payment when a word of paying stands by it, when an account does in a row of a list, or when it
goes on a list of payments (200、600、1800; 第二次是2万). It is none when it came back (返了108), adds up (共15000),
was only asked for (还要交2600, and nobody says that it was paid) or failed (转账失败, 我没付, 被拦下来).
分三笔，每笔5000 is three payments. Each test looks at the words between the sums beside it, within the sentence; what
is refused some words later (该笔未办理) is looked for a little further.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from wuzha.intake.leads.lead import Kind, Lead
from wuzha.intake.leads.numbers import read_number
from wuzha.intake.leads.speakers import chat_of, is_answer, says_paid
from wuzha.intake.leads.table_sums import WHY as ROW

BEFORE_MAX, AFTER_MAX = 60, 60
REFUSED_LATER_MAX = 70
TIMES_MAX = 50
ROW_LENGTH_MAX = 80  # a line of a list; a longer one is prose
TIMES_REACH = 60
PAID_MAX = 500  # payments that are read out of one narrative
ACCOUNTS_REACH = 400  # characters around a sum in which an account may make it a payment

SENTENCE = re.compile(r"[。；;\n!！?？]")
_PAYING = re.compile(
    r"转|汇|打款|打了|打给|打到|付|充值|充(?![电足分满当])|存入|存了|存到|缴|扫了|扫过去|交(?![易友通流往代警给际])|扫码|刷|购买|投入|"
    r"投资了|投了|入金|金额|垫|给了|借给|给过|红包|下单|买了|押金|保证金"
)
_PAID_AFTER = re.compile(
    r"[^，。；;\n]{0,12}?(?:现金)?[^，。；;\n]{0,8}?(?:交给|转给|转到|转至|转入|转出|汇给|汇到|打给|打到|打进|给了|存到|存入|"
    r"转账给|转(?=[到至给进])|(?<![要])转了?(?=[，。]|$)|充值|转走|付了)"
)
# 200,000元，付到...公司; 500，昨天下午4点扫码付过去; 3000是上午11点往她卡转的
_PAID_LATER = re.compile(
    r"(?:元|块)?[，,] ?(?:转|付|汇|打)(?:到|给|至|入)|[，,][^，。；;\n]{0,16}(?:付|转|打|汇)了?(?:过去|给[他她])|"
    r"[，,](?:全|都|就|也)*(?:转|付|汇|打|给)(?:到|给|至|入|[他她])|[，,][^，。；;\n]{0,20}(?:转|付|打|汇)的(?=[，。；;\n]|$)|"
    r"是[^，。；;\n]{0,20}(?:转|付|打|给|汇)的"
)
_CASH_GIVEN = re.compile(r"[^。；;\n]{0,40}?(?:给了|交给|拿走|取走)")
_CORRECTED = re.compile(r"(?:元|块)?[，,。 ]{0,2}(?:哦|噢|啊)?(?:不对|不是|说错了|错了)[，,]")
_SAME_WORDS = re.compile(r"同上|同(?:一)?(?:渠道|账号|账户|收款人|户|卡)")
_COMING_BACK = re.compile(
    r"(?:返现|返利|返还|返佣|返|提现|提出|收到|到账|赚|盈利|收益|退还|退了|退回来?|余额|剩|佣金|工资|月薪|日薪|奖金|"
    r"价值|利润|提成|获利|送|挽回|止付|冻结|追回|罚|利息”?|可以?赔|借出|贷出|借(?!给)|贷(?!款?中介)|借款|贷款|原价|额度|申请了|批了|截图说?|折合|约合|合人民币|称退|取了|取出|取现)[^,，。；;]{0,6}$"
    r"|入账[，,]?(?:人民币)?$|正在向[^，。；;\n]{0,10}(?:转账|付款)[^，。；;\n]{0,4}$|(?:买|充|投|存)(?:够|满)$|(?:停止了?|拦下|拦住|阻止|制止|取消)[^，。；;]{0,8}$"
    r"|[给往向]我(?:的[^,，。]{0,6}|卡里)?(?:[转打汇付返发]|转账|打款|汇款)[^,，。]{0,4}$|[转打汇付返](?:回|还)?给我了?$"
    r"|(?:对方|他|她|骗子|平台)(?:又|先)?[还退](?:了|回)[^，。；;]{0,6}$"
)
_TOTAL = re.compile(
    r"(?:一共|共计|总共|总计|合计|累计|前后共|共|损失|被骗走?|骗走|骗取|骗了|涉案|大概|亏|不然|否则|要不是?|差点)[^,，。;；]{0,8}$"
)
_TOTAL_ASKED = re.compile(r"(?:一共|总共|共|合计)[^。\n]{0,10}[?？]\n?答[:：]?$")
_ABOUT_ANOTHER = re.compile(
    r"(?:说|又|还|再)(?:要|让|叫)[^，。；;]{0,10}(?:交|付|缴|补|转|打)|第[一二三四五六七八九十\d]+[笔次]|还有一[笔次]|另一?[笔次]|剩下|余下"
)
_SAME_IN_BRACKETS = re.compile(r" ?(?:[(（][^()（）]{0,4})?[￥¥]?")
_WEAK_TOTAL = re.compile(r"(?:被骗走?|骗走|骗取|骗了)[^,，。;；]{0,8}$")
_IN_PARTS = re.compile(r"[^，。；;\n]{0,4}分(?:成|了|为)?[两二三四五六七八九十\d]+[笔次]")
_DEMANDED = re.compile(
    r"(?:要|让|叫|催|需|还差|得再|应|须|每个?月|能|想|准备|打算|再给|再来)(?![^，。；;\n]{0,3}求，)[^，。；;\n了过]{0,16}$"
)
_CLAUSE_END = re.compile("[，。]")
_ALL_PAID = re.compile(r"[，,](?:全|都|均)(?:部)?(?:是|为)?[^。；;\n\d]{0,12}(?:转|付|打|汇)的")
_CONFIRMED = re.compile(
    r"[^，。；;\n\d]{0,8}[，,。\n]?(?:我|我方|客户|报警人|受害人|其|他|她)?[:：]?(?:也|就|又|都|便|马上|当场|于是|照着|用?微信|用?支付宝|手机银行|网银)*"
    r"(?:照做|给|转|付|交|打|汇|充)(?:给?[他她])?(?:了|过去|完)(?![^，。]{0,2}[\d一二两三四五六七八九十百千万])"
)
_FAILED = re.compile(
    r"失败|不会弄|已退[还回]|被退|未成功|没(?:有)?成功|不成功|未果|(?<!对方)没(?:有)?再?(?:转出|转成|转(?!账?记)|付(?!款?成)|交(?!代)|缴|打钱|打款|汇|充|补|办成)|"
    r"没给(?:他|她|对方|我办|我?转|钱)?(?=[。，;；\n]|$)|没成功|没能|"
    r"(?:再)?没(?:有)?(?:给|转|付|交)$|未(?:转|付|交|缴|办理|扣款|汇)|拒绝(?:办理|付款|转账|了)|被?(?:系统|银行|柜员)[^，。]{0,4}拦|"
    r"拦(?:下|截|住|着)|限额|劝阻|劝下|制止|停止了(?!第)|才(?:发现|知道|反应过来)[^，。]{0,4}(?:被骗)?[^。]{0,10}没"
)
_NOT_FAILED = re.compile(r"没(?:有)?(?:返|收到|到账|发货|退|回)|返佣没给|(?<!没)(?<!没有)(?<!未)(?<!不)成功")
_THIS_ONE = re.compile(
    r"[。；;，]我没(?:有)?再(?:转|付|交)|(?:该笔|这笔|那笔|此笔|这一笔)[^，。；;\n]{0,6}(?:未|没|失败|拦|撤)"
)
_LIST_GAP = re.compile(
    r" ?(?:元|块|块钱|元钱)?[、，,和及与跟 ]{1,2}"
    r"(?:另?一[笔次]|(?:最后|第[一二三四五六七八九十])[次笔单回]?)?(?:是|为|转|付)? ?"
    r"|[，,；; ]{0,2}(?:第[二三四五六七八九十][次笔单回]|另一[次笔]|还有一[次笔]|后一[次笔回])"
    r"(?:又|是|为|转了?|付了?|充了?)* ?|(?:元|块)?一[笔次]|"
    r"(?:元|块)?(?:[（(][^）)\d]{0,8}[）)])?[，,；;] ?\d{1,2}月\d{1,2}[日号]"
)
_EACH = re.compile(r"(?:每[笔次单回]|各)(?:都|均)?(?:转|付|是|为|充)?(?:账)?$")
_TIMES = re.compile(
    r"(?:分|连转|连续|转了?|付了?|打了?|充了?|共)?(?:成|了|为)?(?P<n>[两二三四五六七八九十]{1,2}|\d{1,2})[笔次单回]"
)
_FIRST_OF = re.compile(r"(?:一笔|头一[次笔]|第一[次笔])(?:是|为|转了?|付了?)? ?$")
_ROW_BEGINS = re.compile(r"\s*(?:[①-⑳|]|\d{1,2} ?[)）.、|])?\s*(?:\d{1,4}[/.\-月年]|\d{1,2}:\d\d)\d?")
_ROW_TOLD = re.compile(r"→|->|网银|手机银行|微信|支付宝|柜台|现金|云闪付|[A-Za-z]TM")


@dataclass(frozen=True, slots=True)
class PaidSum:
    """A sum that was paid, `times` times over.

    `goes_on`: it continues the list that the payment before it began; `told_to`: where the words end that tell, behind
    the sum, how it was paid (3000是上午11点往苗婷那个卡转的), 0 when nothing is told so.
    """

    lead: Lead
    times: int = 1
    goes_on: bool = False
    told_to: int = 0


def paid_sums(face: str, leads: Sequence[Lead], accounts: Sequence[Lead]) -> tuple[list[PaidSum], list[Lead]]:
    """The sums paid, in order, and those that only add up."""
    amounts = [lead for lead in leads if lead.kind is Kind.AMOUNT and lead.value != "0.01"]
    paid: list[PaidSum] = []
    totals: list[Lead] = []
    corrected_at = -1
    chat = chat_of(face)
    said_by_victim = {one.value for one in amounts if chat.asks(one.start) is None} if chat else set()
    starts = [account.start for account in accounts]
    for at, amount in enumerate(amounts):
        if len(paid) >= PAID_MAX:
            break
        floor = max(amounts[at - 1].end if at else 0, amount.start - BEFORE_MAX)
        ceiling = min(amounts[at + 1].start if at + 1 < len(amounts) else len(face), amount.end + AFTER_MAX)
        before, after = _sentence_before(face, floor, amount.start), _sentence_after(face, amount.end, ceiling)
        previous = paid[-1].lead if paid and at and paid[-1].lead is amounts[at - 1] else None
        if (
            _COMING_BACK.search(before)
            or _is_refused(face, amount, after, ceiling)
            or _is_said_again(face, amounts, at)
        ):
            continue
        line = chat.asks(amount.start) if chat else None
        if chat is not None and line is not None:
            ceiling = amounts[at + 1].start if at + 1 < len(amounts) else len(face)
            is_paid = any(says_paid(face, begin) for begin in chat.answers[line] if begin <= ceiling)
            if is_paid and amount.value not in said_by_victim:
                paid.append(PaidSum(amount))
            continue
        if _CORRECTED.match(face, amount.end):
            corrected_at = at
            continue
        first, last = (
            bisect_left(starts, amount.start - ACCOUNTS_REACH),
            bisect_left(starts, amount.end + ACCOUNTS_REACH),
        )
        near = accounts[first:last]
        if previous is not None and _LIST_GAP.fullmatch(face, previous.end, amount.start):
            paid.append(PaidSum(amount, goes_on=True))
        elif _EACH.search(before):
            paid.append(PaidSum(amount, times=_times(face, amount.start)))
        elif _is_total(before, after, face, amount):
            totals.append(amount)
        elif (at and corrected_at == at - 1) or (chat is not None and is_answer(face, amount.start)):
            paid.append(PaidSum(amount))
        elif _is_paid(face, amount, before, after, near) and not _is_only_asked_for(face, amount, before, after, near):
            later = _PAID_LATER.match(after) or (
                _CASH_GIVEN.match(after) if "现金" in before[-6:] + after[:4] else None
            )
            paid.append(PaidSum(amount, told_to=amount.end + later.end() if later else 0))
    return paid, totals


def _sentence_before(face: str, floor: int, start: int) -> str:
    marks = [match.end() for match in SENTENCE.finditer(face, floor, start)]
    return face[marks[-1] if marks else floor : start]


def _sentence_after(face: str, end: int, ceiling: int) -> str:
    mark = SENTENCE.search(face, end, ceiling)
    return face[end : mark.start() if mark else ceiling]


def _is_total(before: str, after: str, face: str, amount: Lead) -> bool:
    if _IN_PARTS.match(after):
        return True
    if _TOTAL_ASKED.search(face, max(0, amount.start - BEFORE_MAX), amount.start):
        return True
    if not _TOTAL.search(before) or _PAYING.search(before[-6:]):
        return False
    return not _is_handed_over(before, after)


def _is_handed_over(before: str, after: str) -> bool:
    """骗走现金18000元，在小区门口当面交给...: told as a payment, not as the sum of several."""
    is_cash = _WEAK_TOTAL.search(before) is not None and "现金" in before[-6:] + after[:6]
    return is_cash and re.search("交给|给了|取走", after) is not None


def _is_paid(face: str, amount: Lead, before: str, after: str, accounts: Sequence[Lead]) -> bool:
    if (
        _is_handed_over(before, after)
        or _PAYING.search(before)
        or _PAYING.match(after)
        or _PAID_AFTER.match(after)
        or _FIRST_OF.search(before)
        or (after[:1] in "，," and _ALL_PAID.search(face, amount.end, amount.end + AFTER_MAX))
        or _PAID_LATER.match(after)
        or ("现金" in before[-6:] + after[:4] and _CASH_GIVEN.match(after))
        or _SAME_WORDS.search(before)
        or amount.why == (ROW,)
        or re.search("(?:先给|又给|再给了|就给了)了?$", before)
        or (_DEMANDED.search(before) and _CONFIRMED.match(face, amount.end))
    ):
        return True
    line_start = face.rfind("\n", 0, amount.start) + 1
    line_end = face.find("\n", amount.end)
    line_end = len(face) if line_end < 0 else line_end
    if _ROW_TOLD.search(before) and _ROW_BEGINS.match(face, line_start):
        return True
    is_row = line_end - line_start <= ROW_LENGTH_MAX
    if (is_row and any(line_start <= account.start and account.end <= line_end for account in accounts)) or (
        _ROW_TOLD.search(before) and (not after.strip() or after[:1] in "(（")
    ):
        return True
    clause_start = max(face.rfind(mark, 0, amount.start) for mark in "，。；;\n") + 1
    return any(
        clause_start <= account.start < amount.end + AFTER_MAX and account.end <= amount.end + len(after)
        for account in accounts
    )


def _is_only_asked_for(face: str, amount: Lead, before: str, after: str, accounts: Sequence[Lead]) -> bool:
    demand = _DEMANDED.search(before)
    if demand is None or _CONFIRMED.match(face, amount.end):
        return False
    begin = amount.start - len(before) + demand.start()
    end = amount.end + len(_CLAUSE_END.split(after, maxsplit=1)[0])
    return not any(begin <= account.start and account.end <= end for account in accounts)


def _is_said_again(face: str, amounts: Sequence[Lead], at: int) -> bool:
    """人民币伍万元整（¥50,000.00）: the same sum in brackets."""
    before, amount = amounts[at - 1] if at else None, amounts[at]
    is_same = before is not None and before.value == amount.value
    return is_same and before is not None and _SAME_IN_BRACKETS.fullmatch(face, before.end, amount.start) is not None


def _is_refused(face: str, amount: Lead, after: str, ceiling: int) -> bool:
    another = _ABOUT_ANOTHER.search(after)
    cut = another.start() if another else len(after)
    if (match := _FAILED.search(after)) and match.start() < cut and not _NOT_FAILED.search(after[: match.start() + 4]):
        return True
    return _THIS_ONE.search(face, amount.end, min(ceiling, amount.end + REFUSED_LATER_MAX)) is not None


def _times(face: str, start: int) -> int:
    """How many times: the last count of payments before 每笔."""
    counts = [match["n"] for match in _TIMES.finditer(face, max(0, start - TIMES_REACH), start)]
    if not counts:
        return 1
    number = read_number(counts[-1], 0)
    return max(1, min(TIMES_MAX, int(number.value))) if number else 1
