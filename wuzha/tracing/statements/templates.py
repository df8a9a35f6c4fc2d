"""Templates: a mapping that a person has corrected, kept as JSON and used again; and drift when a file has changed.

Theory. A template names columns by their titles, not by their places, so that a column moved is no drift. It applies
to a header when every title it needs is there. A title gone is refused, since reading on would put sums into the
wrong place; titles added, and columns moved, are told and read. A table without a header has its columns by number.

{"version": 1, "name": "...", "header": [titles], "columns": {"time": ["交易时间"], "amount": ["金额"]},
 "marks": {"1": "out"}, "positive": "in", "date_order": "dmy", "currency": "CNY", "account": "", "scale": "1"}
"""

import json
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.limits import COLUMNS_MAX, TEMPLATE_BYTES_MAX
from wuzha.tracing.statements.meanings import DateOrder, Direction, Mapping, Meaning, Positive
from wuzha.tracing.statements.vocabulary import plain_title

VERSION = 1
SCALES = {text: Decimal(text) for text in ("0.01", "1", "1000", "10000", "1000000")}


@dataclass(frozen=True, slots=True)
class Template:
    """columns: meaning -> titles (or column numbers from 1 where there is no header), best first."""

    name: str
    header: tuple[str, ...]
    columns: MappingOf[Meaning, tuple[str | int, ...]]
    marks: MappingOf[str, Direction] = field(default_factory=dict)
    positive: Positive = Positive.IN
    date_order: DateOrder | None = None
    currency: str = ""
    account: str = ""
    scale: Decimal = Decimal(1)

    @property
    def headerless(self) -> bool:
        return not self.header


@dataclass(frozen=True, slots=True)
class Drift:
    """How a header differs from a template's: titles gone, titles new, and whether places changed."""

    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    moved: bool = False

    def __bool__(self) -> bool:
        return bool(self.missing or self.added or self.moved)


def template_of(name: str, mapping: Mapping, *, currency: str = "", account: str = "") -> Template:
    """The template that would read such a table again."""
    named = bool(mapping.header)
    columns: dict[Meaning, tuple[str | int, ...]] = {
        meaning: tuple(
            mapping.header[p] if named and p < len(mapping.header) and mapping.header[p] else p + 1 for p in held
        )
        for meaning, held in mapping.columns.items()
    }
    return Template(
        name,
        mapping.header,
        columns,
        dict(mapping.marks),
        mapping.positive,
        mapping.date_order,
        currency,
        account,
        mapping.scale,
    )


def drift_of(template: Template, header: Sequence[str]) -> Drift:
    """What changed between a template's header and this one."""
    old, new = [plain_title(title) for title in template.header], [plain_title(title) for title in header]
    missing = tuple(title for title, plain in zip(template.header, old, strict=True) if plain and plain not in new)
    added = tuple(title for title, plain in zip(header, new, strict=True) if plain and plain not in old)
    kept = [plain for plain in old if plain in new]
    return Drift(missing, added, kept != [plain for plain in new if plain in old])


def apply(template: Template, file: str, header: Sequence[str], line: int) -> tuple[Mapping, Drift]:
    """(mapping, drift) of a table under a template. Refusal "statement.template_drift" when a needed title is gone."""
    drift = drift_of(template, header) if header else Drift()
    places = {plain_title(title): position for position, title in reversed(list(enumerate(header))) if title}
    columns: dict[Meaning, tuple[int, ...]] = {}
    for meaning, wanted in template.columns.items():
        held = [title - 1 if isinstance(title, int) else places.get(plain_title(title)) for title in wanted]
        found = tuple(position for position in held if position is not None)
        if len(found) < len(held) and meaning is not Meaning.OTHER:
            raise Refusal(
                "statement.template_drift",
                _(
                    "%(file)s, line %(line)s: the layout has changed since template “%(name)s” was "
                    "saved; gone: %(missing)s; new: %(added)s."
                    " Read it without the template, check the columns and save it again."
                ),
                file=file,
                line=line,
                name=template.name[:60],
                missing=", ".join(drift.missing)[:200] or "-",
                added=", ".join(drift.added)[:200] or "-",
            )
        columns[meaning] = found
    mapping = Mapping(
        tuple(header),
        line,
        {m: held for m, held in columns.items() if held},
        {},
        template.date_order,
        template.positive,
        dict(template.marks),
        scale=template.scale,
        template=template.name,
    )
    return mapping, drift


def fits(template: Template, header: Sequence[str]) -> bool:
    """Whether a header is recognisably the template's: at least half of its titles are there."""
    plain = {plain_title(title) for title in header} - {""}
    wanted = {plain_title(title) for title in template.header} - {""}
    return len(plain & wanted) * 2 >= max(1, len(wanted))


def dump(template: Template) -> str:
    """The template as JSON text."""
    return json.dumps(
        {
            "version": VERSION,
            "name": template.name,
            "header": list(template.header),
            "columns": {
                meaning.value: list(held) for meaning, held in template.columns.items() if meaning is not Meaning.OTHER
            },
            "marks": {mark: direction.value for mark, direction in template.marks.items()},
            "positive": template.positive.value,
            "date_order": template.date_order.value if template.date_order else None,
            "currency": template.currency,
            "account": template.account,
            "scale": str(template.scale),
        },
        ensure_ascii=False,
        indent=1,
    )


def load(text: str) -> Template:
    """A template from JSON text; Refusal "statement.template" naming what is wrong with it."""
    if len(text.encode("utf-8", "replace")) > TEMPLATE_BYTES_MAX:
        raise _bad("size")
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _bad("JSON") from error
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise _bad("version")
    header = data.get("header") or []
    columns = data.get("columns")
    if not isinstance(header, list) or len(header) > COLUMNS_MAX or not all(isinstance(title, str) for title in header):
        raise _bad("header")
    if not isinstance(columns, dict) or not columns:
        raise _bad("columns")
    try:
        return Template(
            name=str(data.get("name") or "template")[:80],
            header=tuple(header),
            columns={Meaning(meaning): _titles(meaning, held) for meaning, held in columns.items()},
            marks={str(mark): Direction(way) for mark, way in (data.get("marks") or {}).items()},
            positive=Positive(data.get("positive") or "in"),
            date_order=DateOrder(data["date_order"]) if data.get("date_order") else None,
            currency=str(data.get("currency") or "")[:10],
            account=str(data.get("account") or "")[:64],
            scale=_scale(data.get("scale")),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _bad(str(error)) from error


def _titles(meaning: str, held: Any) -> tuple[str | int, ...]:
    titles = held if isinstance(held, list) else [held]
    if not titles or not all(
        (isinstance(title, int) and not isinstance(title, bool) and 1 <= title <= COLUMNS_MAX)
        or (isinstance(title, str) and title)
        for title in titles
    ):
        raise ValueError(f"columns.{meaning}")
    return tuple(titles)


def _scale(value: Any) -> Decimal:
    scale = SCALES.get(str(value or 1))
    if scale is None:
        raise ValueError("scale")
    return scale


def _bad(what: str) -> Refusal:
    return Refusal(
        "statement.template",
        _("The template cannot be used (%(what)s). Save a new one from a file that is read right."),
        field="template",
        what=what[:80],
    )
