"""Template tags of all pages: icons, money, clocks, key hints, badges, fields, small pictures.

Theory. Templates receive plain values; these tags turn them into the few parts that every page is made of, so that a
sum, a deadline or a state looks the same everywhere. Pictures are plain SVG with attributes only (the CSP allows no
inline style). Colour never stands alone: each tone has an icon and a pattern too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wuzha.kernel.money import MINOR_DIGITS, format_minor
from wuzha.people.rules import Can, may
from wuzha.tracing.rule_words import RULES

register = template.Library()

TONES = ("held", "gone", "asking", "unknown", "moved")
SYMBOLS = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
WAN, YI = 10_000, 100_000_000
BARS_WIDTH, BARS_HEIGHT, BARS_FOOT = 720, 290, 22


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of icons.svg; with a label it speaks, without one it is decoration."""
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, _icons(), name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _icons(), name)


def _icons() -> str:
    return static("wuzha/icons.svg")


@register.simple_tag
def money(amount_minor: int | None, currency: str = "CNY") -> str:
    """A sum in full: "¥85,000.00"; a dash when it is not known."""
    if amount_minor is None:
        return "—"
    text = format_minor(amount_minor, currency)
    return f"{SYMBOLS[currency]}{text}" if currency in SYMBOLS else f"{text} {currency}"


@register.simple_tag
def money_short(amount_minor: int | None, currency: str = "CNY") -> str:
    """A sum for tiles: "¥8.5万", "¥1.2亿" in Chinese; "¥85K", "¥1.2M" in English; small sums in full units."""
    if amount_minor is None:
        return "—"
    whole = amount_minor / 10 ** MINOR_DIGITS.get(currency, 2)
    steps = ((YI, "亿"), (WAN, "万")) if (get_language() or "").startswith("zh") else ((10**6, "M"), (10**3, "K"))
    text = next((f"{whole / size:,.1f}".removesuffix(".0") + word for size, word in steps if whole >= size), None)
    symbol = SYMBOLS.get(currency, "")
    return f"{symbol}{text or f'{whole:,.0f}'}" + ("" if symbol else f" {currency}")


@register.simple_tag
def keys(combination: str) -> SafeString:
    """Key hints: "g c" gives two keycaps."""
    return format_html_join(" ", '<kbd aria-hidden="true">{}</kbd>', ((key,) for key in combination.split()))


@register.simple_tag
def clock(
    due_at: datetime | None, started_at: datetime | None = None, settled_at: datetime | None = None
) -> SafeString:
    """A countdown to `due_at`; once settled, how long it took or how late it was. Ticks in live.js."""
    if due_at is None:
        return mark_safe('<span class="faint">—</span>')
    if settled_at is not None:
        return _settled(due_at, started_at, settled_at)
    left = int((due_at - timezone.now()).total_seconds())
    return format_html(
        '<time class="clock" datetime="{0}" data-due="{0}" data-start="{1}" data-level="{2}">{3}'
        '<span class="visually-hidden">{4} </span><span data-digits>{5}</span></time>',
        due_at.isoformat(),
        started_at.isoformat() if started_at else "",
        "late" if left < 0 else "calm",
        icon("clock"),
        _("Due"),
        _digits(left),
    )


def _settled(due_at: datetime, started_at: datetime | None, settled_at: datetime) -> SafeString:
    late = int((settled_at - due_at).total_seconds())
    if late > 0:
        word = _("%(time)s late") % {"time": _digits(late)}
        return format_html('<span class="clock" data-level="late">{}{}</span>', icon("alert"), word)
    took = _("in %(time)s") % {"time": _digits(int((settled_at - (started_at or settled_at)).total_seconds()))}
    return format_html('<span class="clock" data-level="done">{}{}</span>', icon("check"), took)


def _digits(seconds: int) -> str:
    sign, seconds = ("+" if seconds < 0 else ""), abs(seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{rest:02}" if hours else f"{sign}{minutes:02}:{rest:02}"


@register.simple_tag
def badge(text: str, tone: str = "unknown", icon_name: str = "") -> SafeString:
    """A state in a word, with its tone and icon."""
    return format_html(
        '<span class="badge" data-tone="{}">{}{}</span>', tone, icon(icon_name) if icon_name else "", text
    )


@register.simple_tag
def swatch(tone: str) -> SafeString:
    """The small square of a legend, with the tone's pattern."""
    return format_html(
        '<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" {}></rect></svg>',
        _fill(tone),
    )


def _fill(tone: str) -> SafeString:
    if tone in ("gone", "asking", "unknown"):
        return format_html('fill="url(#pattern-{})"', tone)
    return format_html('class="fill-{}"', tone)


@register.simple_tag
def split(**sums: int) -> SafeString:
    """One bar split by tone, e.g. {% split held=1 gone=2 asking=3 %}; sums of one currency in minor units."""
    total = sum(sums.values())
    if total <= 0:
        return mark_safe(
            '<svg class="split" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
            '<rect class="fill-well" width="1000" height="10"></rect></svg>'
        )
    parts, at = [], 0.0
    for tone, value in sums.items():
        width = 1000 * value / total
        if value > 0:
            parts.append((f"{at:.1f}", f"{max(width, 2):.1f}", _fill(tone)))
        at += width
    return format_html(
        '<svg class="split" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", '<rect x="{}" width="{}" height="10" {}></rect>', parts),
    )


@register.simple_tag
def step_bar(start: int, amount: int, total: int, tone: str) -> SafeString:
    """A bar that begins at `start` of `total`: one step of a sum that is taken apart from bar to bar."""
    total = max(total, 1)
    left, width = 1000 * start / total, max(1000 * amount / total, 2.0 if amount else 0.0)
    return format_html(
        '<svg class="step-bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" width="1000" height="10"></rect><rect x="{}" width="{}" height="10" {}></rect></svg>',
        f"{min(left, 998.0):.1f}",
        f"{width:.1f}",
        _fill(tone),
    )


@register.simple_tag
def share_bar(percent: int) -> SafeString:
    """A thin bar of a share between 0 and 100."""
    return format_html(
        '<svg class="kind-bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="fill-moved" width="{}" height="3"></rect></svg>',
        percent,
    )


@register.simple_tag
def two_bars(now: int, before: int, top: int) -> SafeString:
    """Two bars one above the other, of counts up to `top`: the period, and the one before."""
    rows = [
        (y, f"{1000 * count / max(top, 1):.1f}", _fill(tone))
        for y, count, tone in ((0, now, "asking"), (12, before, "moved"))
    ]
    return format_html(
        '<svg class="compare" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        format_html_join("", '<rect y="{}" width="{}" height="8" {}></rect>', rows),
    )


@register.simple_tag
def time_bars(slots: Sequence[Mapping[str, object]], *tones: str) -> SafeString:
    """Bars over time: slots [{"label": "09", "title": "...", "reported": 5}]; one bar for each tone "key:tone"."""
    series = [tuple(pair.split(":")) for pair in tones]
    top = max((int(str(one[key])) for one in slots for key, _tone in series), default=0) or 1
    width_each = BARS_WIDTH / max(1, len(slots))
    ground = BARS_HEIGHT - BARS_FOOT
    parts: list[SafeString] = []
    for index, one in enumerate(slots):
        left, width = index * width_each + width_each * 0.14, width_each * 0.72 / len(series)
        bars = []
        for place, (key, tone) in enumerate(series):
            height = (ground - 8) * int(str(one[key])) / top
            if height > 0:
                height = max(height, 2.0)
                bars.append(
                    (
                        f"{left + place * width:.1f}",
                        f"{ground - height:.1f}",
                        f"{width:.1f}",
                        f"{height:.1f}",
                        _fill(tone),
                    )
                )
        parts.append(
            format_html(
                '<g><title>{}</title><rect x="{}" width="{}" height="{}" fill="transparent"></rect>{}'
                '<text x="{}" y="{}" text-anchor="middle">{}</text></g>',
                one.get("title", ""),
                f"{index * width_each:.1f}",
                f"{width_each:.1f}",
                ground,
                format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" {}></rect>', bars),
                f"{index * width_each + width_each / 2:.1f}",
                BARS_HEIGHT - 5,
                one["label"],
            )
        )
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" aria-hidden="true"><path class="axis" d="M0,{}H{}"></path>{}</svg>',
        BARS_WIDTH,
        BARS_HEIGHT,
        ground,
        BARS_WIDTH,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@register.inclusion_tag("parts/field.html")
def field(form: Mapping[str, object], name: str, label: str, **more: object) -> dict[str, object]:
    """A labelled input of a page's form {"values": {...}, "errors": {name: [text]}}.

    more: type, hint, required, options [(value, text)], rows, autofocus, key (Alt+letter), placeholder, inputmode,
    maxlength, autocomplete, list, css (class of the wrapper).
    """
    values, errors = form.get("values") or {}, form.get("errors") or {}
    assert isinstance(values, Mapping)
    assert isinstance(errors, Mapping)
    return {
        "name": name,
        "label": label,
        "value": values.get(name, more.pop("default", "")),
        "errors": errors.get(name, ()),
        "id": f"id_{name}",
        "type": "text",
        **more,
    }


@register.simple_tag(takes_context=True)
def allowed(context: Mapping[str, Any], capability: str) -> bool:
    """Whether the reader holds a capability: {% allowed "import" as may_import %}."""
    return may(getattr(context["request"].user, "role", ""), Can(capability))


@register.simple_tag
def evidence_rules() -> list[tuple[str, str]]:
    """(value, name) of the rules of evidence, the centre's own first."""
    rules = [(rule.value, _(words.name)) for rule, words in RULES.items()]
    return sorted(rules, key=lambda one: one[0] != settings.TRACING_RULE)
