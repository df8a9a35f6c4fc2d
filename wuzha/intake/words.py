"""Names of the kinds of leads, in words for the page."""

from django.utils.translation import gettext

from wuzha.intake.leads import Kind
from wuzha.kernel.refusals import _

LEAD_KINDS: dict[Kind, str] = {
    Kind.CARD: _("Bank card"),
    Kind.ACCOUNT: _("Account"),
    Kind.PHONE: _("Phone number"),
    Kind.ID_NUMBER: _("Identity number"),
    Kind.AMOUNT: _("Amount"),
    Kind.TIME: _("When"),
    Kind.URL: _("Link"),
    Kind.QQ: _("QQ number"),
    Kind.WECHAT: _("WeChat id"),
    Kind.TELEGRAM: _("Telegram name"),
    Kind.ALIPAY: _("Alipay account"),
    Kind.DINGTALK: _("DingTalk number"),
    Kind.ORDER: _("Order number"),
    Kind.BANK: _("Bank"),
    Kind.PLATFORM: _("Platform"),
    Kind.APP: _("App"),
    Kind.PERSON: _("Name"),
}


def lead_kind_text(kind: str) -> str:
    """A kind of lead in the reader's language."""
    return gettext(LEAD_KINDS[Kind(kind)]) if kind in list(Kind) else kind
