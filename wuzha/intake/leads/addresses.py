"""Web addresses in a text, also defanged ones, and the coin addresses that look like nothing else.

Theory. With a scheme (http, hxxp, h**p) anything that has the form of a host is an address. Without one, the last
label must be a top-level domain that exists, so that "3.5w" and "OK.好" are none; a name after "@" is e-mail. The
dot may be 。, 点, [.] or (dot). Hosts of numbers only count with scheme, port or path. What a person wrote around
the address (brackets, a full stop at the end) is not part of it. The value is the canonical form of the kernel.
"""

import re
from collections.abc import Callable, Iterator

from wuzha.intake.leads.face import spoken
from wuzha.intake.leads.lead import Kind, Lead
from wuzha.kernel.identifiers import parse_url
from wuzha.kernel.identifiers.accounts import CRYPTO
from wuzha.kernel.refusals import Refusal

URL_MATCH_MAX = 2000

_COMMON_TOPS = (
    "com net org edu gov mil int info biz name pro mobi tel asia cat jobs travel museum aero coop xyz top vip club "
    "shop "
    "site online store tech space website fun icu cyou work wang ren ink red blue pink love link live life cloud app "
    "dev page web email group team ltd inc company center city world today news press media video photo pics image "
    "host hosting design studio art game games play bet casino poker bingo money cash loan loans credit finance bank "
    "insure fund trade trading market markets exchange capital gold cards bid win review science party date men loan "
    "download stream racing accountant faith cricket webcam zone tools run one plus chat social network systems "
    "solutions services support academy education school university college institute training guru expert agency "
    "digital marketing business enterprises ventures partners holdings international global gmbh llc law legal health "
    "care clinic doctor dental fitness yoga fashion style beauty shoes jewelry watch deals sale discount coupons gift "
    "gifts toys kids baby family house home land estate properties apartments rent rentals auto car cars bike taxi "
    "tours travel flights holiday hotel restaurant cafe bar pub pizza recipes food wine beer coffee farm garden green "
    "eco energy solar aws bond buzz best cool fans fit guide help how moe monster mom ninja rocks sbs skin quest "
    "beauty "
    "hair lol makeup autos boats homes motorcycles tickets yachts autos cfd beer boutique build builders bot ceo "
    "codes coach community computer contractors cooking cruises dating delivery diamonds direct directory dog domains "
    "engineer engineering equipment events express fail farm film fish fishing florist flowers football forsale "
    "foundation "
    "fyi gallery gifts glass graphics gratis gripe immo immobilien industries ist istanbul jetzt kaufen kim kitchen "
    "kiwi lawyer lease lighting limited limo management mba memorial moda mortgage movie navy nyc okinawa onl osaka "
    "paris "
    "photography photos place plumbing porn productions pub qpon realty rehab reise reisen repair report republican "
    "rest reviews rich rip salon sarl school schule security select sex sexy show singles ski soccer software "
    "solutions "
    "srl supplies supply surf surgery tattoo tax technology tennis theater tienda tips tirol tokyo town trust uno "
    "vacations vegas versicherung vet viajes villas vin vision vodka vote voting voto voyage wedding wiki wien "
    "works wtf "
    "ml tk ga cf gq biz bitcoin crypto nft onion"
)
_COUNTRY_TOPS = (
    "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc "
    "cd ch "
    "ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr gd ge gf gg gh "
    "gi gl "
    "gm gn gp gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr "
    "kw ky "
    "kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf "
    "ng ni "
    "nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl "
    "sm sn "
    "so sr ss st su sv sx sy sz tc td tf tg th tj tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu "
    "wf ws "
    "ye yt za zm zw"
)
TOP_LEVEL = frozenset(f"{_COMMON_TOPS} {_COUNTRY_TOPS}".split())

_HEARD = "零〇一二三四五六七八九幺洞拐"
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]|\n(?=-[A-Za-z0-9]+\.)|(?<=-)\n(?=[A-Za-z0-9-]+\.)){0,62}"
_DOT = (
    r"(?:\n\.(?=(?:com|net|cn|top|xyz|vip|cc|shop|club|app|org)(?![A-Za-z0-9]))|\.(?:\n(?=(?:com|net|cn|top|xyz|vip|cc|shop|club|app|org)(?![A-Za-z0-9])))?"
    r"| ?[\[({] ?(?:\.|。|点|dot|DOT) ?[\])}] ?|(?<=[A-Za-z0-9])[。点丶·](?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?:点|"
    r"dot) (?=[A-Za-z])"
    r"|(?<=[A-Za-z0-9]) ?\. ?(?=(?:com|net|cn|top|xyz|vip|cc)(?![A-Za-z0-9])))"
)
_PATH = r"(?:(?:\n(?=/[A-Za-z0-9]))?(?:[/?#\\]|斜杠(?=[A-Za-z0-9]))"
_PATH += r"[^\s<>\"'“”‘’，。；、！？（）()【】《》\u3000\u4e00-\u9fff]{0,1900}"
_PATH += r"(?:(?<=[/=?&_-])\n[A-Za-z0-9][A-Za-z0-9._/?=&%-]{0,200})?)?"  # broken over two lines
_ANY_LABEL = rf"(?:{_LABEL}|[\u4e00-\u9fff]{{1,20}}(?![A-Za-z0-9]))"
_HOST = rf"{_ANY_LABEL}(?:{_DOT}{_ANY_LABEL}){{0,8}}"
_SCHEME = (
    r"(?<![A-Za-z])(?:[Hh](?:[Tt]{1,2}|[Xx]{1,2}|\*{2}| t t) ?[Pp] ?[Ss]?|[Ff][Tt][Pp]) "
    r"{0,2}[\[(]?:[\])]? {0,2}[/\\]{2} ?"
)
_URL = re.compile(
    rf"(?P<scheme>{_SCHEME})"
    rf"(?:[A-Za-z0-9._%+-]{{1,64}}@)?(?P<host>{_HOST}|\[[0-9A-Fa-f:.]{{2,45}}\])(?P<port>:\d{{1,5}})?(?P<path>{_PATH})"
    rf"|(?<![A-Za-z0-9_.@%+/])(?<![A-Za-z0-9]-)(?P<bare>{_LABEL}(?:{_DOT}{_LABEL}){{1,8}})(?P<bareport>:\d{{2,5}}(?!\d))?(?P<barepat"
    rf"h>{_PATH})(?!@)"
)
_SPACED_PATH = r"(?: ?(?:/|斜杠) ?[A-Za-z0-9](?: ?[A-Za-z0-9]){0,20}(?![A-Za-z0-9])){0,4}"
_APART_DOT = "(?: ?[.。点丶·] ?| dot )"
_SPACED = re.compile(
    r"(?<![A-Za-z0-9.-])(?<![A-Za-z0-9] )(?:[A-Za-z0-9-]{1,20} ){1,40}(?:[.点] (?:[A-Za-z0-9-]{1,20} ){1,20}){0,3}"
    rf"[.点] (?:(?:[A-Za-z] ){{1,5}}[A-Za-z]|com|net|cn|top|xyz|vip|cc|shop|club|"
    rf"site)(?![A-Za-z0-9])(?! [A-Za-z0-9](?![A-Za-z0-9])){_SPACED_PATH}"
)
# hd .7799cj. com/lq, abc-safe 。com: whole pieces with a space before or behind a dot; only under the commonest names.
_PARTED = re.compile(
    rf"(?:(?P<scheme>{_SCHEME})|(?<![A-Za-z0-9.@_])(?<![A-Za-z0-9]-))"
    rf"[A-Za-z0-9-]{{1,30}}(?:{_APART_DOT}[A-Za-z0-9-]{{1,30}}){{0,3}}{_APART_DOT}"
    r"(?i:com|net|cn|top|xyz|vip|cc|shop|club|site|online|me|org|app|info|live|fun|icu|ltd|store|tech|wang|work)"
    rf"(?![A-Za-z0-9.@])(?:[/?#][A-Za-z0-9._/?=&%#-]{{0,200}}|{_SPACED_PATH})"
)
_DOT_NAMED = re.compile(r" dot ")
_OVER_LINES = re.compile(
    r"(?<![A-Za-z])[Hh](?:tt|xx|\*\*)[Pp][Ss]?://[A-Za-z0-9][A-Za-z0-9.-]{2,40}\n[A-Za-z0-9-]{1,30}"
    r"\.(?:com|net|cn|top|xyz|vip|cc|shop|club|app|org)(?![A-Za-z0-9])[^\s，。；、！？\u4e00-\u9fff]{0,200}"
)
_DOT_APART = re.compile(r" [.。点丶·]|[.。点丶·] | dot ")
# bochuang六六八点com: read aloud, with digits in words.
_HEARD_HOST = re.compile(
    rf"(?<![A-Za-z0-9.@_-])(?=[A-Za-z0-9]|[{_HEARD}][{_HEARD}.点])"
    rf"(?:(?:[A-Za-z0-9{_HEARD}-]|横杠|中杠|减号){{1,30}}(?: \d{{1,6}})? ?[点.。] ?){{1,4}}"
    r"(?:com|net|cn|top|xyz|vip|cc|shop|club|site|app|icu|info|org)(?![A-Za-z0-9])"
    rf"(?:(?:/|斜杠)[A-Za-z0-9{_HEARD}]{{1,20}}){{0,3}}"
)
_HEARD_TOP = re.compile(
    rf"(?:[{_HEARD}杠][A-Za-z]{{0,12}} ?[点.。]| ?点) ?"
    r"(?:com|net|cn|top|xyz|vip|cc|shop|club|site|app|icu|info|org|[A-Za-z0-9-]{1,30}点)"
)
_HAS_HEARD = re.compile(f"[{_HEARD}杠]")
_DASH_NAMED = re.compile("横杠|中杠|减号")
_MIDDLE_DOT = re.compile("(?<=[A-Za-z0-9])[丶·](?=[A-Za-z0-9])")  # the kernel knows the other dots
SPACED_MIN = 6
# abc★shop/o/5518 星号换成点
_DOT_TOLD = re.compile(
    r"(星号|井号|爱心|问号|叹号|[^\sA-Za-z0-9\u4e00-\u9fff，。.])”?(?:号|符号)?(?:都|全)?(?:换成?|改成?|=|就是|当成?|读作?|代表)“?[点.]"
)
_SIGNS_NAMED = {"星号": "*★☆✳", "井号": "#", "爱心": "❤♥", "问号": "?", "叹号": "!"}
_A_DOT = re.compile("[。点丶·]")
_SPLIT = re.compile(r"[.。点丶·\[\](){} \n]|dot|DOT")
_TRAILING = ".,;:!?'\"~*-_\u200b)]}"
_FILE_NAME = re.compile(r"\.(?:md|py|sh|rs|pl|so|cc|do|ps)$")
_ADDRESS_LABEL = re.compile(r"(?:网址|链接|域名|网站|后台|(?:IP|ip)(?:地址)?)[是为: ]{0,3}$")
_IN_WORD = re.compile(rf"(?<![A-Za-z0-9])(?:{CRYPTO.pattern})(?![A-Za-z0-9])")
_TELEGRAM_PATHS = ("t.me/", "telegram.me/")
_TELEGRAM_ALONE = frozenset({"t.me", "telegram.me"})
_TELEGRAM_SCHEME = re.compile(r"(?i:tg)://(?:resolve|join)\?(?:domain|invite)=(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})")
_TELEGRAM_HOST = re.compile(r"(?:t\.me|telegram\.me)/\+?(?P<name>[A-Za-z][A-Za-z0-9_]{3,31})$")


def find_addresses(text: str, face: str, is_free: Callable[[int, int], bool]) -> list[Lead]:
    """URLs (and t.me handles, as telegram) of `face`, in order."""
    leads = [
        Lead(Kind.TELEGRAM, text[match.start() : match.end()], *match.span(), match["name"], 0.97, ("scheme",))
        for match in _TELEGRAM_SCHEME.finditer(face)
        if is_free(*match.span())
    ]
    told = _DOT_TOLD.search(face)
    if told is not None:  # the signs that stand for a point become one
        for sign in _SIGNS_NAMED.get(told.group(1), told.group(1)):
            face = re.sub(rf"(?<=[A-Za-z0-9]){re.escape(sign)}(?=[A-Za-z0-9])", ".", face)
    for match in _URL.finditer(face):
        host = match["host"] or match["bare"]
        is_explicit = match["scheme"] is not None
        start, end = match.start(), _end(face, match)
        if is_explicit is False and host[:2] in ("w.", "w点") and face[max(0, start - 2) : start] in ("三个", "3个"):
            host, start = host[2:], start + 2  # 三个w点abc点cc
        if not is_free(start, end) or not _is_host(face, match, host, is_explicit=is_explicit):
            continue
        try:
            scheme = "https://" if is_explicit and " " in match["scheme"] else face[start : match.start("host")]
            said = face[match.start("host") : end] if is_explicit else face[start:end]
            value = parse_url(
                (scheme if is_explicit else "")
                + _MIDDLE_DOT.sub(".", said.replace("\u200b", "").replace("\n", "").replace("斜杠", "/"))
            )
        except Refusal:
            if not (is_explicit and host.lower() == "localhost"):
                continue
            value = face[match.start("host") : end]
        if value in _TELEGRAM_ALONE:
            continue  # t点me斜杠: the name behind it is the lead
        telegram = _TELEGRAM_HOST.match(value)
        why = ("scheme",) if is_explicit else ("known top-level domain",)
        kind, shown = (Kind.TELEGRAM, telegram["name"]) if telegram else (Kind.URL, value)
        leads.append(Lead(kind, text[start:end], start, end, shown, 0.97 if is_explicit else 0.92, why))
    heard = list(_heard_hosts(text, face, is_free)) if _HEARD_TOP.search(face) else []
    apart = list(_spaced(text, face, is_free)) if _DOT_APART.search(face) else []
    apart += list(_broken(text, face, is_free)) if "\n" in face else []
    apart += heard
    if apart:
        leads = [lead for lead in leads if not any(lead.start < each.end and each.start < lead.end for each in apart)]
        leads = sorted([*leads, *apart], key=lambda lead: lead.start)
    return leads


def _broken(text: str, face: str, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """https://pay.zbjbao, and zhang.com/cancel on the next line."""
    for match in _OVER_LINES.finditer(face):
        start, end = match.span()
        while face[end - 1] in _TRAILING:
            end -= 1
        if not is_free(start, end):
            continue
        try:
            value = parse_url(face[start:end].replace("\n", ""))
        except Refusal:
            continue
        yield Lead(Kind.URL, text[start:end], start, end, value, 0.85, ("scheme",))


def _heard_hosts(text: str, face: str, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """bochuang六六八点com; a host of digits in words alone needs two of them (六六点com)."""
    for match in _HEARD_HOST.finditer(face):
        start, end = match.span()
        is_apart = " " in match.group() and "点" in match.group()
        if not (_HAS_HEARD.search(match.group()) or is_apart) or not is_free(start, end):
            continue
        said = _A_DOT.sub(".", spoken(_DASH_NAMED.sub("-", match.group())).replace(" ", "").replace("斜杠", "/"))
        if len(said.partition(".")[0]) < 2:
            continue
        try:
            value = parse_url(said)
        except Refusal:
            continue
        yield Lead(Kind.URL, text[start:end], start, end, value, 0.85, ("known top-level domain", "digits read aloud"))


def _spaced(text: str, face: str, is_free: Callable[[int, int], bool]) -> Iterator[Lead]:
    """w x . a b c . c n, hd .77cj. com/lq: taken apart so that no filter reads it."""
    last = 0
    parted = (match for match in _PARTED.finditer(face) if _DOT_APART.search(match.group()))
    for match in sorted([*_SPACED.finditer(face), *parted], key=lambda match: (match.start(), -match.end())):
        scheme = match.groupdict().get("scheme") or ""
        said = _DOT_NAMED.sub(".", match.group()[len(scheme) :])
        said = _A_DOT.sub(".", said.replace(" ", "").replace("斜杠", "/")).rstrip(_TRAILING)
        top = said.partition("/")[0].rpartition(".")[2].lower()
        if match.start() < last or not is_free(*match.span()) or top not in TOP_LEVEL or len(said) < SPACED_MIN:
            continue
        if said.startswith(_TELEGRAM_PATHS):
            continue
        try:
            value = parse_url(("https://" if scheme else "") + said)
        except Refusal:
            continue
        start, end = match.span()
        while face[end - 1] in _TRAILING:
            end -= 1
        last = end
        yield Lead(Kind.URL, text[start:end], start, end, value, 0.85, ("known top-level domain",))


def find_coins(text: str, face: str) -> list[Lead]:
    """Coin addresses, as accounts."""
    leads = []
    for match in _IN_WORD.finditer(face):
        said = match.group()
        coin = "evm" if match["evm"] else "tron" if match["tron"] else "bitcoin"
        if coin == "bitcoin" and (said.isdigit() or (said.islower() and not said.startswith("bc1"))):
            continue
        value = said.lower() if coin == "evm" or said.lower().startswith("bc1") else said
        start, end = match.span()
        why = ("coin address",)
        leads.append(Lead(Kind.ACCOUNT, text[start:end], start, end, value, 0.95, why, extra={"coin": coin}))
    return leads


def _end(face: str, match: re.Match[str]) -> int:
    end = match.end()
    path_start = match.start("path") if match["path"] is not None else match.start("barepath")
    if end > path_start:
        while end > path_start and face[end - 1] in _TRAILING and face[end - 1] != "/":
            end -= 1
    return end


def _is_host(face: str, match: re.Match[str], host: str, *, is_explicit: bool) -> bool:
    if host.startswith("["):
        return True
    labels = [label for label in _SPLIT.split(host) if label]
    if not labels:
        return False
    top = labels[-1].lower()
    if all(label.isdigit() for label in labels):
        if len(labels) != 4 or any(int(label) > 255 for label in labels if len(label) < 5):
            return False
        is_labelled = _ADDRESS_LABEL.search(face, max(0, match.start() - 8), match.start()) is not None
        return is_explicit or bool(match["bareport"]) or bool(match["barepath"]) or is_labelled
    if is_explicit:
        return (len(labels) > 1 and top.isalpha()) or top == "localhost" or top.startswith("xn--")
    if len(labels) < 2 or (top not in TOP_LEVEL and not top.startswith("xn--")):
        return False
    # "etc.In", "V1.So": a capital after the dot begins a sentence, unless all of the host shouts.
    if labels[-1] != top and labels[-2] != labels[-2].upper():
        return False
    if (
        top in ("am", "pm")
        and labels[-2].isdigit()
        and len(labels[-2]) <= 2
        and len(labels) == 2
        and not match["barepath"]
    ):
        return labels[-2] not in [str(hour) for hour in range(1, 13)]
    if len(labels) == 2 and labels[0].isdigit() and len(top) <= 2 and top in ("am", "pm", "mm", "cm", "km", "kg"):
        return False
    return not (len(labels) == 2 and not match["barepath"] and _FILE_NAME.search(host) and labels[0].lower() in _FILES)


_FILES = frozenset({"readme", "license", "main", "index", "setup", "test", "install", "changelog", "makefile"})
