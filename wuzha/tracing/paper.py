"""What papers of the centre are made of: A4, Chinese and Latin in one line, tables that go on over pages.

Chinese is set in STSong-Light, one of the fonts that every PDF reader brings along, so that nothing has to be embedded
and the paper is the same on every machine. Text from outside is escaped before it becomes a paragraph.
"""

import re
from collections.abc import Sequence
from html import escape

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, Table, TableStyle

HAN, LATIN = "STSong-Light", "Helvetica"
TEXT_LENGTH_MAX = 300
_LATIN_RUN = re.compile(r"[\x20-\x7e]+")
INK, FAINT, LINE = colors.HexColor("#17202c"), colors.HexColor("#5d6878"), colors.HexColor("#c9d0d9")
HEAD = colors.HexColor("#e9ecf0")

BODY = ParagraphStyle("body", fontName=HAN, fontSize=9.5, leading=14, textColor=INK, wordWrap="CJK")
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=11)
RIGHT = ParagraphStyle("right", parent=SMALL, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=17, leading=24, spaceAfter=4)
SECTION = ParagraphStyle("section", parent=BODY, fontSize=12, leading=18, spaceBefore=10, spaceAfter=4, keepWithNext=1)
SUB = ParagraphStyle("sub", parent=BODY, fontSize=10, leading=15, spaceBefore=8, spaceAfter=2, keepWithNext=1)
UNDER = ParagraphStyle("under", parent=SMALL, spaceAfter=3, keepWithNext=1)


def load_fonts() -> None:
    """Make the Chinese font known; harmless when it is."""
    pdfmetrics.registerFont(UnicodeCIDFont(HAN))


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph; runs of Latin in their own font, everything escaped."""
    plain = "".join(mark if mark.isprintable() else " " for mark in text)
    parts, end = [], 0
    for run in _LATIN_RUN.finditer(plain):
        parts += [escape(plain[end : run.start()]), f'<font name="{LATIN}">{escape(run[0])}</font>']
        end = run.end()
    parts.append(escape(plain[end:]))
    return Paragraph("".join(parts), style)


def grid(
    head: Sequence[str], rows: Sequence[Sequence[str | Drawing]], widths: Sequence[float], right: Sequence[int]
) -> Table:
    """A table whose head stands on each page; widths in millimetres, `right`: columns of numbers."""

    def cells(row: Sequence[str | Drawing]) -> list[Paragraph | Drawing]:
        return [
            paragraph(cell[:TEXT_LENGTH_MAX], RIGHT if n in right else SMALL) if isinstance(cell, str) else cell
            for n, cell in enumerate(row)
        ]

    table = Table(
        [cells(head), *map(cells, rows)], colWidths=[width * mm for width in widths], repeatRows=1, hAlign="LEFT"
    )
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), HEAD),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 3),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def bar(
    start: int, amount: int, total: int, colour: colors.Color, *, width_mm: float, height_mm: float = 2.6
) -> Drawing:
    """A bar from `start` on, `amount` long, of a row that is `total` wide."""
    drawing, total = Drawing(width_mm * mm, height_mm * mm), max(total, 1)
    drawing.add(Rect(0, 0, width_mm * mm, height_mm * mm, fillColor=HEAD, strokeColor=None))
    length = max(width_mm * amount / total, 0.3 if amount else 0.0)
    left = min(width_mm * start / total, width_mm - 0.3)
    drawing.add(Rect(left * mm, 0, length * mm, height_mm * mm, fillColor=colour, strokeColor=None))
    return drawing
