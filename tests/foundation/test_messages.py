"""Texts and translations: what is gathered, what is kept, what the check finds."""

import gettext

import pytest

from wuzha import messages

PYTHON = """
from django.utils.translation import ngettext, pgettext
from wuzha.kernel.refusals import Refusal, _
TITLE = _("Held today")
def say(n, name):
    raise Refusal("x", _("%(name)s is closed; "
                         "choose another."), name=name)
    return ngettext("%(n)s case", "%(n)s cases", n), pgettext("verb", "Order")
"""
TEMPLATE = """
{% load i18n %}
    <h1>{% translate "What is due next" %}</h1>
  <p title="{% translate 'It''s' %}">{% blocktranslate trimmed with bank=order.bank %}
        {{ bank }} has
        not answered
  {% endblocktranslate %}
{% blocktranslate count n=list|length %}{{ n }} order{% plural %}{{ n }} orders{% endblocktranslate %}</p>
{# a comment with _("nothing") #}
      <button data-text="{% translate "Stop" context "money" %}">
""".replace("It''s", "It is")

WANTED = {
    ("", "Held today"),
    ("", "%(name)s is closed; choose another."),
    ("", "%(n)s case"),
    ("verb", "Order"),
    ("", "What is due next"),
    ("", "It is"),
    ("", "%(bank)s has not answered"),
    ("", "%(n)s order"),
    ("money", "Stop"),
}


@pytest.fixture
def package(tmp_path):
    made = tmp_path / "wuzha"
    (made / "templates").mkdir(parents=True)
    (made / "desk.py").write_text(PYTHON)
    (made / "templates" / "page.html").write_text(TEMPLATE)
    (made / "notes.txt").write_text('{% translate "not a template" %}')
    return made


def fragment(tmp_path, *pairs, name="more.po"):
    path = tmp_path / name
    path.write_text("".join(f'msgid "{text}"\nmsgstr "{chinese}"\n\n' for text, chinese in pairs), encoding="utf-8")
    return path


def kept(package):
    return messages.read_catalog(messages.catalog_path("zh_Hans", package), "zh_Hans")


def test_gathers_every_kind_of_text(package):
    found = {messages.key_of(message) for message in messages.gather("zh_Hans", package) if message.id}
    assert found == WANTED


def test_a_second_extract_changes_no_byte(package, tmp_path):
    messages.extract(package, fragments=[fragment(tmp_path, ("Held today", "今日止付"))])
    path = messages.catalog_path("zh_Hans", package)
    first = path.read_bytes()
    messages.extract(package)
    assert path.read_bytes() == first
    assert "今日止付" in first.decode()
    assert b"desk.py" not in first
    assert b"POT-Creation-Date" not in first


def test_a_text_that_left_comes_back_with_its_translation(package, tmp_path):
    messages.extract(package, fragments=[fragment(tmp_path, ("Held today", "今日止付"))])
    (package / "desk.py").write_text("")
    messages.extract(package)
    assert "Held today" not in kept(package)
    (package / "desk.py").write_text(PYTHON)
    messages.extract(package)
    assert kept(package)["Held today"].string == "今日止付"
    (package / "desk.py").write_text("")
    messages.extract(package, prune=True)
    assert "Held today" not in messages.catalog_path("zh_Hans", package).read_text(encoding="utf-8")


def test_merge_keeps_what_is_there_and_says_what_clashed(package, tmp_path):
    messages.extract(package, fragments=[fragment(tmp_path, ("Held today", "今日止付"))])
    clashes = messages.extract(package, fragments=[fragment(tmp_path, ("Held today", "今天"), ("It is", "是"))])
    assert len(clashes) == 1
    assert "今天" in clashes[0]
    assert kept(package)["Held today"].string == "今日止付"
    assert kept(package)["It is"].string == "是"


def complete(package):
    """Translate everything by itself: enough to be complete, places kept."""
    messages.extract(package)
    catalog = kept(package)
    for message in catalog:
        if message.id:
            message.string = message.id if isinstance(message.id, str) else (message.id[1],)
    messages.catalog_path("zh_Hans", package).write_bytes(messages.as_text(catalog, "zh_Hans"))


def test_check_is_content_with_a_complete_catalog(package):
    complete(package)
    assert messages.check(package) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Held today"', 'msgstr ""', "untranslated: “Held today”"),
        ('msgid "Held today"', '#, fuzzy\nmsgid "Held today"', "fuzzy: “Held today”"),
        ('msgid "Held today"', 'msgid "Held yesterday"', "missing: “Held today”"),
        ('msgstr "%(bank)s has', 'msgstr "%(branch)s has', "places differ"),
        ('msgstr "%(name)s is', 'msgstr "somebody is', "places differ"),
        ('msgstr[0] "%(n)s cases"', 'msgstr[0] ""', "untranslated: “%(n)s case”"),
    ],
)
def test_check_finds(package, old, new, fault):
    complete(package)
    path = messages.catalog_path("zh_Hans", package)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    found = messages.check(package)
    assert len(found) == 1
    assert fault in found[0]
    assert found[0].endswith(")")


def test_a_new_text_is_found_missing(package):
    complete(package)
    (package / "more.py").write_text('from x import _\nNEW = _("New")\n')
    assert messages.check(package) == ["zh_Hans: missing: “New” (wuzha/more.py:2)"]


def test_compiled_catalog_speaks_chinese(package, tmp_path):
    messages.extract(package, fragments=[fragment(tmp_path, ("Held today", "今日止付"))])
    messages.compile_catalogs(package)
    with messages.catalog_path("zh_Hans", package).with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Held today") == "今日止付"


def test_a_mistyped_fragment_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit):
        messages.main(["merge", str(tmp_path / "absent.po")])
    assert "absent.po" in capsys.readouterr().err
