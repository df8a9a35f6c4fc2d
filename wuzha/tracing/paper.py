"""What papers of the centre are made of: A4, Chinese and Latin in one line, tables that go on over pages.

A paper brings its letters along (`paper_fonts`), so it is the same on every machine. Text from outside is escaped
before it becomes a paragraph.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from reportlab.graphics.shapes import Drawing, Rect
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

from wuzha.tracing.paper_fonts import HAN, LATIN, register, runs

TEXT_LENGTH_MAX = 300
LATIN_SIZE = 0.9  # Vera is wide and tall: beside Chinese it is set a little smaller
INK, FAINT, LINE = colors.HexColor("#17202c"), colors.HexColor("#5d6878"), colors.HexColor("#c9d0d9")
HEAD = colors.HexColor("#e9ecf0")

BODY = ParagraphStyle("body", fontName=HAN, fontSize=9.5, leading=14, textColor=INK, wordWrap="CJK")
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8, leading=11)
RIGHT = ParagraphStyle("right", parent=SMALL, alignment=TA_RIGHT)
TITLE = ParagraphStyle("title", parent=BODY, fontSize=17, leading=24, spaceAfter=4)
SECTION = ParagraphStyle("section", parent=BODY, fontSize=12, leading=18, spaceBefore=10, spaceAfter=4, keepWithNext=1)
SUB = ParagraphStyle("sub", parent=BODY, fontSize=10, leading=15, spaceBefore=8, spaceAfter=2, keepWithNext=1)
UNDER = ParagraphStyle("under", parent=SMALL, spaceAfter=3, keepWithNext=1)


class PaperCanvas(Canvas):
    """A canvas that names no font which it does not bring along; reportlab's own begins with Helvetica."""

    def __init__(self, *args: Any, **options: Any) -> None:
        load_fonts()
        super().__init__(*args, **{**options, "initialFontName": LATIN})


def load_fonts() -> None:
    """Make both fonts known; harmless when they are."""
    register()


def paragraph(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph; each run in a font that has its characters, everything escaped."""
    latin = style.fontSize * LATIN_SIZE
    sized = {HAN: f'<font name="{HAN}">', LATIN: f'<font name="{LATIN}" size="{latin:g}">'}
    return Paragraph("".join(f"{sized[font]}{escape(run)}</font>" for font, run in runs(text)), style)


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
                ("FONTNAME", (0, 0), (-1, -1), LATIN),  # of the cell itself, which would name Helvetica
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
