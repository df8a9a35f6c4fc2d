"""Names under which somebody is met in a messenger, and order numbers: QQ, WeChat, Telegram, Alipay, DingTalk, orders.

Theory. A handle has no check digit; what can be done is to make two writings of one handle equal. QQ numbers are
digits (a QQ mail address is its number); WeChat, Telegram, Alipay and DingTalk names are case-blind and become lower
case; a Telegram link is its name; order numbers are printed in capitals. Where the service lets people be found by
their mobile, the mobile is the handle. Forms: QQ 5 to 11 digits from 10000; WeChat 6 to 20 characters from a letter
(older and made ids up to 30); Telegram 4 to 32 from a letter; Alipay e-mail, mobile or the 16 digits from 2088.
"""

import re
from collections.abc import Callable

from wuzha.kernel.identifiers.digits import is_ascii_digits, narrow, normalise_digits
from wuzha.kernel.identifiers.masks import mask_account, mask_phone
from wuzha.kernel.identifiers.phones import MOBILE, parse_phone
from wuzha.kernel.refusals import Refusal, _

HANDLE_TEXT_LENGTH_MAX = 128

_LABELS = re.compile(
    r"(?:(?:微信|支付宝|钉钉|订单)(?:账号|号码|号|编号)?|qq(?:号码?|(?=\d))|(?:qq|telegram)(?=:)):?", re.IGNORECASE
)
_QQ = re.compile(r"[1-9]\d{4,10}")
_QQ_MAIL = re.compile(r"([1-9]\d{4,10})@qq\.com", re.IGNORECASE)
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,29}")
_TELEGRAM = re.compile(r"[a-z][a-z0-9_]{3,31}")
_TELEGRAM_LINK = re.compile(r"(?:(?:https?://)?(?:t\.me|telegram\.me)/|tg://resolve\?domain=)", re.IGNORECASE)
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,40}@[a-z0-9-]{1,30}(?:\.[a-z0-9-]{1,20}){1,4}")
_ALIPAY = re.compile(r"2088\d{12}|[a-z0-9][a-z0-9_-]{3,39}")
_DINGTALK = re.compile(r"[a-z0-9_][a-z0-9_-]{3,29}")
_ORDER = re.compile(r"(?=(?:.*\d){4})[A-Z0-9][A-Z0-9_-]{5,39}")


def parse_handle(kind: str, text: str, *, field: str = "handle") -> str:
    """The canonical handle of a kind of HANDLE_KINDS. Refusal "handle.kind" or "handle.<kind>" with its form."""
    if kind not in _READERS:
        raise Refusal("handle.kind", _("Choose what the name or number belongs to: QQ, WeChat, …"), field=field)
    read, advice = _READERS[kind]
    value = read(_bare(kind, text)) if len(text) <= HANDLE_TEXT_LENGTH_MAX else ""
    if not value:
        raise Refusal(f"handle.{kind}", advice, field=field)
    return value


def mask_handle(handle: str) -> str:
    """A handle for those who need not know it whole: its ends; a mobile as phones are masked."""
    return mask_phone(handle) if MOBILE.fullmatch(handle) else mask_account(handle)


def _bare(kind: str, text: str) -> str:
    """`text` without width, spaces and the label that was typed with it; a QQ label may begin another's name."""
    bare = re.sub(r"\s", "", narrow(text))
    label = _LABELS.match(bare)
    if label and (kind == "qq" or not label[0].lower().startswith("qq")):
        return bare[label.end() :]
    return bare


def _mobile(text: str) -> str:
    """The mobile or overseas number that `text` is, "" for anything else."""
    digits = normalise_digits(text)
    if not is_ascii_digits(digits.removeprefix("+")):
        return ""
    try:
        number = parse_phone(digits, field="").number
    except Refusal:
        return ""
    return number if MOBILE.fullmatch(number) or number.startswith("+") else ""


def _qq(text: str) -> str:
    mail = _QQ_MAIL.fullmatch(text)
    digits = mail[1] if mail else normalise_digits(text)
    return digits if digits.isascii() and _QQ.fullmatch(digits) else ""


def _wechat(text: str) -> str:
    name = text.lower()
    return name if _WECHAT.fullmatch(name) else _mobile(text) or _qq(text)


def _telegram(text: str) -> str:
    name = _TELEGRAM_LINK.sub("", text, count=1).removeprefix("@").lower().rstrip("/")
    return name if _TELEGRAM.fullmatch(name) else _mobile(text)


def _alipay(text: str) -> str:
    name = text.lower()
    return name if _EMAIL.fullmatch(name) else _mobile(text) or (name if _ALIPAY.fullmatch(name) else "")


def _dingtalk(text: str) -> str:
    name = text.lower()
    return name if _DINGTALK.fullmatch(name) else _mobile(text)


def _order(text: str) -> str:
    number = text.upper()
    return number if _ORDER.fullmatch(number) else ""


_READERS: dict[str, tuple[Callable[[str], str], str]] = {
    "qq": (_qq, _("A QQ number has 5 to 11 digits and does not begin with 0.")),
    "wechat": (_wechat, _("A WeChat id begins with a letter and has 6 to 20 letters, digits, - or _; or a mobile.")),
    "telegram": (_telegram, _("A Telegram name begins with a letter and has 4 to 32 letters, digits or _.")),
    "alipay": (_alipay, _("An Alipay account is an e-mail address, a mobile number or 16 digits from 2088.")),
    "dingtalk": (_dingtalk, _("A DingTalk id has 4 to 30 letters, digits, - or _; or it is a mobile number.")),
    "order": (_order, _("An order number has 6 to 40 letters and digits, at least 4 of them digits.")),
}
HANDLE_KINDS = tuple(_READERS)
