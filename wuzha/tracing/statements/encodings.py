"""Which encoding a text file is in: BOM, then strict decoding, then which reading speaks the banks' vocabulary.

Theory. UTF-8 refuses nearly every text that is not UTF-8, so it goes first. GB18030 accepts nearly everything, so
against Big5 the words decide: the reading in which more known titles stand wins. Mainframes cut fixed-width fields
in the middle of a character; so when nothing decodes whole, the reading with the fewest broken characters is taken,
if they are few, and their number is told.
"""

import codecs
import re

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.limits import UNREADABLE_SHARE_MAX

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ("gb18030", "big5hkscs")
BROKEN_SHARE = 20  # whole characters beyond ASCII to each broken one in a text that is UTF-8 all the same
ZEROS_LEAD_MIN = 10  # zeros on one side of the pairs against those on the other
_SAMPLE_BYTES = 64 * 2**10
_WORDS = re.compile(
    "交易|日期|时间|金额|余额|摘要|账号|账户|户名|收入|支出|对方|备注|流水|币种|借|贷|銀行|戶|賬|帳|餘額|結餘|金額|時間|對方|備註|摘要|存入|提取|日期|支出"
)


def decode(file: str, data: bytes) -> tuple[str, str, int]:
    """(text, encoding, characters lost) of a text file; Refusal when it is no text."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decoded(file, data, encoding)
    if wide := _wide(data):
        return _decoded(file, data, wide)
    if b"\x00" in data[:_SAMPLE_BYTES] and data[:_SAMPLE_BYTES].count(0) > len(data[:_SAMPLE_BYTES]) // 50:
        raise _no_text(file)
    if (text := _nearly_utf8(data)) is not None:
        return _decoded(file, data, "utf-8") if "\ufffd" in text else (text, "utf-8", 0)
    strict = [encoding for encoding in _CANDIDATES if _decodes(data, encoding)]
    if strict:
        encoding = max(strict, key=lambda name: _words(data, name))
        return data.decode(encoding), encoding, 0
    loose = {encoding: data.decode(encoding, "replace") for encoding in _CANDIDATES}
    encoding = min(loose, key=lambda name: loose[name].count("\ufffd"))
    lost = loose[encoding].count("\ufffd")
    if lost > max(2, UNREADABLE_SHARE_MAX * len(loose[encoding])):
        raise _no_text(file)
    if loose[encoding].endswith("\ufffd"):
        raise _cut(file, loose[encoding])
    return loose[encoding], encoding, lost


def _nearly_utf8(data: bytes) -> str | None:
    """The text as UTF-8 when that breaks next to nothing of it: cut in a character, GB18030 would read other words."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    if not lost:
        return text
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    cut_only = lost == 1 and text.endswith("\ufffd") and beyond > 2
    return text if cut_only or lost * BROKEN_SHARE <= beyond - lost else None


def _decoded(file: str, data: bytes, encoding: str) -> tuple[str, str, int]:
    text = data.decode(encoding, "replace")
    lost = text.count("\ufffd")
    if lost > max(2, UNREADABLE_SHARE_MAX * len(text)):
        raise _no_text(file)
    if text.endswith("\ufffd"):
        raise _cut(file, text)
    return text, encoding, lost


def _wide(data: bytes) -> str:
    sample = data[:2000]
    if len(sample) < 8 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 10 and even * ZEROS_LEAD_MIN < odd:
        return "utf-16-le"
    if even > len(sample) // 10 and odd * ZEROS_LEAD_MIN < even:  # not none: 一 is U+4E00
        return "utf-16-be"
    return ""


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _words(data: bytes, encoding: str) -> int:
    return len(_WORDS.findall(data[:_SAMPLE_BYTES].decode(encoding, "replace")))


def _cut(file: str, text: str) -> Refusal:
    return Refusal(
        "statement.cut",
        _("%(place)s: the file ends in the middle of this line. Ask for it again."),
        file=file,
        line=text.count("\n") + 1,
        place=f"{file}, {text.count(chr(10)) + 1}",
    )


def _no_text(file: str) -> Refusal:
    return Refusal(
        "statement.encoding",
        _("%(file)s is not text in UTF-8, GB18030, Big5 or UTF-16. Save it anew as UTF-8 CSV or as XLSX."),
        file=file,
    )
