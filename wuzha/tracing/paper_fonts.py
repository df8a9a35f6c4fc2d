"""The fonts of papers: Chinese in Droid Sans Fallback, the rest in Bitstream Vera, both embedded.

Theory. A paper is opened years later on machines nobody knows of, so it brings its letters along; of each font it takes
the glyphs that it shows. A character that neither font has (rare names) is printed by its number, [U+20BB7], so that
nothing is lost and no empty box stands for a person.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HAN, LATIN = "WuzhaHan", "WuzhaLatin"
_FILES = {
    HAN: Path(__file__).parent / "fonts" / "DroidSansFallbackFull.ttf",
    LATIN: Path(reportlab.__file__).parent / "fonts" / "Vera.ttf",
}


@cache
def _glyphs() -> dict[str, frozenset[int]]:
    """Registers the fonts once a process; the characters that each has."""
    found = {}
    for name, path in _FILES.items():
        font = TTFont(name, str(path))
        pdfmetrics.registerFont(font)
        found[name] = frozenset(font.face.charToGlyph)
    return found


def register() -> None:
    """Make both fonts known to reportlab."""
    _glyphs()


def runs(text: str) -> Iterator[tuple[str, str]]:
    """(font, text) of each run of a line; what cannot be printed is a space, what no font has is its number."""
    glyphs = _glyphs()
    last, kept = "", ""
    for mark in text:
        mark = mark if mark.isprintable() else " "
        font = next((name for name in (LATIN, HAN) if ord(mark) in glyphs[name]), "")
        if not font:
            font, mark = LATIN, f"[U+{ord(mark):04X}]"
        if font != last and kept:
            yield last, kept
            kept = ""
        last, kept = font, kept + mark
    if kept:
        yield last, kept


def draw(canvas: Canvas, x: float, y: float, text: str, size: float) -> None:
    """A line of text at (x, y) in both fonts."""
    for font, run in runs(text):
        canvas.setFont(font, size)
        canvas.drawString(x, y, run)
        x += pdfmetrics.stringWidth(run, font, size)
