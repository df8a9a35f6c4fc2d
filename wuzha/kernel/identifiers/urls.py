"""Web addresses, also as people write them so that nobody clicks: hxxp, [.], 点com, the full stop 。.

Theory. What is blocked and what is compared is host, port, path and query; the scheme is not part of the identity
(http and https lead to the same fraud). The canonical form therefore has no scheme, a lower-case host in its
ASCII form (RFC 3492 for other scripts), no user part (it is a trick to show a bank's name before "@"), no default
port, and no bare trailing slash.
"""

import ipaddress
import re
from urllib.parse import quote

from wuzha.kernel.identifiers.digits import narrow
from wuzha.kernel.refusals import Refusal, _

URL_LENGTH_MAX = 2048
HOST_LENGTH_MAX = 253

DEFANGED_DOT = re.compile(
    r"\s{0,3}(?:[\[({【（〔]\s{0,3}(?:\.|。|．|点|點|dot)\s{0,3}[\])}】）〕]|[。．｡])\s{0,3}"
    r"|(?<=[a-z0-9])\s{0,3}(?:点|點)\s{0,3}(?=[a-z0-9])|(?<=[a-z0-9])\s{1,3}dot\s{1,3}(?=[a-z0-9])"
    r"|(?<=[a-z0-9])\s{0,3}\.\s{0,3}(?=[a-z0-9])",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.*-]{0,15})\s{0,3}[\[(]?[:：][\])]?\s{0,3}(?:[/\\]{1,3})")
_OTHER_SCHEME = re.compile(r"(?:javascript|data|file|vbscript|about|blob|mailto):", re.IGNORECASE)
_HTTP_LIKE = re.compile(r"(?:h..?ps?|https?|ftp|h\*{2}ps?)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_TOP = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f<>\"`{}|^\s]")
_AROUND = " \t\r\n\"'“”‘’<>《》「」，。；、！？)）]】"


def parse_url(text: str, *, field: str = "url") -> str:
    """Canonical "host[:port][/path][?query][#fragment]". Refusal "url.length", "url.scheme" or "url.form"."""
    if len(text) > URL_LENGTH_MAX:
        raise Refusal(
            "url.length",
            _("A web address has at most %(most)s characters; paste the address alone."),
            field=field,
            most=URL_LENGTH_MAX,
        )
    cleaned = narrow(text.strip(_AROUND)).strip(_AROUND)
    if _OTHER_SCHEME.match(cleaned):
        raise _no_web_scheme(field)
    scheme = _SCHEME.match(cleaned.lower())
    if scheme:
        if not _HTTP_LIKE.fullmatch(scheme.group(1)):
            raise _no_web_scheme(field)
        cleaned = cleaned[scheme.end() :]
    authority, mark, rest = _split(cleaned)
    host, _colon, port = _split_port(authority.rpartition("@")[2])
    ascii_host = _ascii_host(DEFANGED_DOT.sub(".", host))
    if ascii_host is None or _FORBIDDEN.search(rest) or (port and not (port.isdecimal() and 0 < int(port[:6]) < 65536)):
        raise Refusal(
            "url.form",
            _("This is no web address. It looks like example.com/page, with no spaces in it."),
            field=field,
        )
    if port and int(port) not in (80, 443):
        ascii_host += f":{int(port)}"
    tail = quote(mark + rest, safe="/?#[]@!$&'()*+,;=:%~-._") if mark else ""
    return ascii_host + ("" if tail == "/" else tail)


def host_of_url(url: str) -> str:
    """The host of a canonical address, without its port: what a partner blocks."""
    host = re.split(r"[/?#]", url, maxsplit=1)[0]
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]


def _no_web_scheme(field: str) -> Refusal:
    return Refusal(
        "url.scheme", _("Only web addresses (http, https) are taken; type the address from the host on."), field=field
    )


def _split(address: str) -> tuple[str, str, str]:
    address = address.replace("\\", "/")
    found = re.search(r"[/?#]", address)
    if not found:
        return address, "", ""
    return address[: found.start()], found.group(), address[found.end() :]


def _split_port(authority: str) -> tuple[str, str, str]:
    if authority.startswith("["):
        host, bracket, port = authority.partition("]")
        return host + bracket, ":", port.lstrip(":")
    return authority.partition(":")


def _ascii_host(host: str) -> str | None:
    host = host.strip().rstrip(".").lower()
    if host.startswith("[") and host.endswith("]"):
        try:
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        except ValueError:
            return None
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    labels = host.split(".")
    if len(host) > HOST_LENGTH_MAX or len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        return None
    if all(label.isdecimal() for label in labels):
        return host if len(labels) == 4 and all(len(label) < 4 and int(label) < 256 for label in labels) else None
    return host if _TOP.fullmatch(labels[-1]) else None
