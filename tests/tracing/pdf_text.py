"""The text of a paper out of its bytes (uncompressed): each font's own table says which byte is which character."""

import re

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)endobj", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+(?:\+\d+)?)\s+[\d.]+\s+Tf|\(((?:\\.|[^\\()])*)\)\s*Tj", re.DOTALL)


def fonts_of(content: bytes) -> dict[str, dict[int, str]]:
    """Name of each font in the pages -> byte -> character."""
    objects = {int(number): body for number, body in _OBJECT.findall(content)}
    found = {}
    for body in objects.values():
        name, table = re.search(rb"/Name /(F[\d+]+)", body), re.search(rb"/ToUnicode (\d+) 0 R", body)
        if name and table:
            pairs = re.findall(rb"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", objects[int(table[1])])
            found[name[1].decode()] = {
                int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be") for code, char in pairs
            }
    return found


def text_of(content: bytes) -> str:
    """Everything that the pages show, in the order in which it is drawn."""
    fonts, font, pieces = fonts_of(content), "", []
    for name, shown in _SHOWN.findall(content):
        if name:
            font = name.decode()
            continue
        plain = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), shown)
        plain = re.sub(rb"\\(.)", rb"\1", plain, flags=re.DOTALL)
        pieces.append("".join(fonts.get(font, {}).get(code, "?") for code in plain))
    return "".join(pieces)
