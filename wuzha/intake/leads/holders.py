"""Whose account it is: the holder's name beside an account, and the names that a payment mentions.

Theory. A holder is told in a few ways: after the account (户名马晓东, （陈桂兰）, 招行的，开户人是林雪梅, or only the
name in a list), before it (户名谢永强、卡号6216..., 上海某某公司账户1001..., 给一个叫孙德胜的人转, 郭婷婷是6217...).
A name is a person's (a family name and one or two more characters, also masked: *国强, 冯某某), a company's (it ends
as companies do) or one in Latin letters. Nicknames and roles are none.
"""

import re
from collections.abc import Sequence

from wuzha.intake.leads.lead import Lead
from wuzha.intake.leads.names import person_size

NAME_REACH = 48  # characters after an account, or before it, in which its holder may be told
SHORT_NAME_MIN = 4  # characters of a company's name that stand for all of it

_COMPANY_ENDS = (
    "有限责任公司|股份有限公司|有限公司|公司|商贸行|商行|车行|经营部|工作室|服务部|门市部|加工厂|制品厂|便利店|超市|合作社|"
    "事务所|中心|企业|酒店|餐厅|百货店|五金店|商店"
)
_COMPANY = re.compile(
    rf"(?:(?!的)[\u4e00-\u9fff（）()·A-Za-z]){{2,28}}?(?:{_COMPANY_ENDS}|[厂店馆](?=[，。,；;\s）)]|$))"
    r"(?<!农商行)(?![\u4e00-\u9fff]{0,3}公司)"
)
_MASKED = re.compile(
    r"\*{1,2}[\u4e00-\u9fff]{1,2}(?![\u4e00-\u9fff])"
    r"|[\u4e00-\u9fff]{1,2}(?:某{1,2}|\*{1,2})[\u4e00-\u9fff]?(?![\u4e00-\u9fff])"
)
_LATIN = re.compile(r"[A-Z][A-Za-z.&']*(?:[ ,.]{1,2}[A-Z][A-Za-z.&'*]*){1,7}")
_ANNOUNCED = (
    r"(?:收款人姓名|收款人名称|收款人户名|收款户名|收款人|收款方|收款公司|对方户名|开户人|开户名|账户名|户名|户主|卡主|持卡人|名字|姓名|"
    r"收款单位|收款商户|收款方|商户名|商户|户头|转给谁|写的|签名|实名认证|实名|名叫|叫|收款(?=[\u4e00-\u9fff]{1,2}某))"
)
_IS = r"(?:写的|显示的?|换成了?|登记|信息|也|都|均)?(?:是|叫|为)?(?:一?个)?(?:叫)?(?:做)?[:： “\"]{0,2}"
_BANK = r"[^，。；\d]{0,12}?(?:银行|[工农中建交招邮]行|邮政|邮储|农商行|农信社?|信用社|浦发|光大|民生|兴业|广发|平安)"
_AFTER = re.compile(
    rf"[)）]? ?(?:[，,、; (（]{{0,2}}{_BANK}的?(?:卡|账户)?[)）]?[，,、 ]{{1,2}}|[，,、; ]{{0,2}})"
    rf"[(（]?{_ANNOUNCED}{_IS}"
)
_ANNOUNCEMENT = re.compile(_ANNOUNCED + _IS)
_HAN = re.compile(r"[\u4e00-\u9fff·]{1,6}")
_IN_BRACKETS = re.compile(r" ?[(（]")
_NAME_ALONE = re.compile(rf" ?(?:[，,、 ]{{1,2}}{_BANK}的?(?:卡)?)?[，,、 |]{{0,4}}(?:也是)?“?")
_END_OF_ALONE = re.compile(r"$|[。；;，,、\n)）( |”]|转|[（(]")
_BEFORE = re.compile(
    rf"(?:{_ANNOUNCED}{_IS}(?P<announced>[A-Z][A-Za-z.&']*(?: [A-Z][A-Za-z.&']*){{1,7}}|[^\s，。；;\d]{{2,30}}?)|"
    rf"(?P<bare>[^\s，。；;,\d:：、-]{{2,30}}?))(?:的人|男子|"
    rf"女子)?(?:[，,、 ]{{0,2}}{_BANK})?(?:[、，,的)） ]{{0,2}})(?:合同写的|写的|给的)?"
    r"(?:对方|对公|公司|收款|银行|支付宝)?(?:账户|账号|帐号|卡号|卡|户头)?(?:是|为)?[:： ]{0,2}$"
)
_CALLED = re.compile(
    r"叫(?P<name>[\u4e00-\u9fff·]{2,4})的[^。；;\n\d]{0,12}[^。；;\n]{0,16}"
    r"(?:卡号|账号|账户|卡)(?:是|为|上)?[，,:： ]{0,2}"
)
_PAID_TO = re.compile(r"(?:转账给|转给|汇给|打给|付给|转账至|转至|转到|转账到|汇至|支付给|给|往|向)(?:了)?(?:一个叫)?")
_CUT = re.compile(r".*(?:[到给向往至]|户名|自然人|个人|换成了?|[是为叫:：])")


def name_at(text: str, at: int) -> str:
    """The name that begins at `at`: a company's, a person's, masked or in Latin letters; "" when none does."""
    for pattern in (_COMPANY, _MASKED, _LATIN):
        match = pattern.match(text, at)
        if match:
            return match.group().strip()
    row = _HAN.match(text, at)
    size = person_size(text, at, row.end()) if row else 0
    return text[at : at + size]


def holders_of(text: str, face: str, accounts: Sequence[Lead]) -> dict[str, str]:
    """Account -> its holder's name, as far as the story tells it."""
    holders: dict[str, str] = {}
    for index, account in enumerate(accounts):
        ceiling = accounts[index + 1].start if index + 1 < len(accounts) else len(text)
        floor = accounts[index - 1].end if index else 0
        name = _after(text, face, account.end, min(ceiling, account.end + NAME_REACH))
        name = name or _before(text, face, max(floor, account.start - NAME_REACH), account.start)
        if name:
            holders.setdefault(account.value, name)
    return holders


def _after(text: str, face: str, at: int, ceiling: int) -> str:
    announced = _AFTER.match(face, at, ceiling)
    if announced:
        return name_at(text, announced.end())
    bracket = _IN_BRACKETS.match(face, at)
    if bracket:
        return name_at(text, bracket.end())
    alone = _NAME_ALONE.match(face, at, ceiling)
    if alone is None:
        return ""
    name = name_at(text, alone.end())
    return name if name and _END_OF_ALONE.match(face, alone.end() + len(name)) else ""


def _before(text: str, face: str, floor: int, at: int) -> str:
    called = [match for match in _CALLED.finditer(face, floor, at) if match.end() == at]
    if called:
        return name_at(text, called[-1].start("name"))
    match = _BEFORE.search(face, floor, at)
    if match is None:
        return ""
    start = match.start("announced") if match["announced"] else match.start("bare")
    end = match.end("announced") if match["announced"] else match.end("bare")
    cut = _CUT.match(face, start, end)
    for begin in [*([cut.end()] if cut else []), start]:
        name = name_at(text[:end], begin)
        if name and begin + len(name) <= end and (match["announced"] or len(name) > 4 or begin + len(name) == end):
            return name
    return ""


def mentioned(text: str, face: str, begin: int, end: int) -> str:
    """The name of whom face[begin:end] says that money went to, without an account: 转给郭婷婷4000."""
    for match in _PAID_TO.finditer(face, begin, end):
        name = name_at(text, match.end())
        if name and match.end() + len(name) <= end:
            return name
    return ""


def announced_names(text: str, face: str) -> list[tuple[int, str]]:
    """(where, name) of every name that is announced as a holder's: 收款人均为柯建平, 实名显示贺晓琳."""
    found = []
    for match in _ANNOUNCEMENT.finditer(face):
        name = name_at(text, match.end())
        if name:
            found.append((match.start(), name))
    return found


def held_by(words: str, holders: dict[str, str]) -> str:
    """The account whose holder `words` name, also shortened (成都嘉禾鑫账户); the longest name wins; "" when none."""
    best, size = "", 0
    for account, name in holders.items():
        short = name[: SHORT_NAME_MIN + 2] if len(name) > SHORT_NAME_MIN + 2 else name
        if short in words and len(short) > size:
            best, size = account, len(short)
    return best
