"""Held against holdable as one file that needs nothing else: for a drill's report, to be opened in any browser."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from wuzha.analysis.saved import Report
from wuzha.analysis.saved_view import shown

LIGHT, DARK = ("tokens.css",), ("dark.css",)
SHEETS = ("base.css", "parts.css", "saved.css")


def html(report: Report) -> str:
    """The page with its style sheets inside, in the reader's language."""
    style = mark_safe(_style())
    return render_to_string("analysis/saved_file.html", {**shown(report), "style": style})


def _style() -> str:
    folder = settings.BASE_DIR / "static" / "wuzha"

    def read(*names: str) -> str:
        return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)

    return f"{read(*LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{read(*DARK)}\n}}\n{read(*SHEETS)}"
