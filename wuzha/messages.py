"""The texts of the program and their translations: gather, compile, check and merge them.

    python -m wuzha.messages extract [--prune] | compile | check | merge FILE.po...

Theory. The source language is English: a text's English words are its identity (gettext's msgid). They stand in
Python as `_("...")` and its relatives, in templates as {% translate %} and {% blocktranslate %}; scripts get theirs
from data attributes of the template. One catalog per language lies in `wuzha/locale/<locale>/LC_MESSAGES/django.po`,
sorted, without line numbers and dates, so that a change of it shows only what changed. A text that left the program
is kept as obsolete until `extract --prune`, and lives again when it comes back. Nothing is ever guessed (no fuzzy
matches). The compiled .mo is not kept in the repository.
"""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_texts
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent
LOCALES = ("zh_Hans",)
TEMPLATE_SUFFIXES = (".html", ".txt", ".svg")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = """\
# Texts of Wuzha. Kept by `python -m wuzha.messages`; licensed as the program itself.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={plurals}; plural={rule};\\n"
"""

_PLACE = re.compile(r"%\([a-zA-Z_]\w*\)[#0 +-]*[\d.]*[a-zA-Z]|%[sdrf]|\{[a-zA-Z_]\w*\}")

Key = tuple[str, str]  # context or "", English text (the singular of a plural)


def catalog_path(locale: str, package: Path = PACKAGE) -> Path:
    """Where the catalog of a locale lies."""
    return package / "locale" / locale / "LC_MESSAGES" / "django.po"


def key_of(message: Message) -> Key:
    """What makes a message itself."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def source_files(package: Path = PACKAGE) -> Iterator[Path]:
    """Python modules and templates that may hold texts, in a stable order."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        module = path.suffix == ".py" and "migrations" not in parts
        template = path.suffix in TEMPLATE_SUFFIXES and "templates" in parts
        if module or template:
            yield path


def texts_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """(line, text or (singular, plural), context) of each text in a file."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What Django makes of a template is a line-by-line likeness of Python; its indentation means nothing.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).split("\n"))
    for line, text, _comments, context in extract_texts("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield line, text, context


def gather(locale: str, package: Path = PACKAGE) -> Catalog:
    """Every text of the program as an untranslated catalog of `locale`."""
    catalog = Catalog(locale=locale)
    for path in source_files(package):
        for line, text, context in texts_of(path):
            if text and text != ("", ""):
                catalog.add(text, context=context, locations=[(str(path.relative_to(package.parent)), line)])
    return catalog


def read_catalog(path: Path, locale: str) -> Catalog:
    """The catalog in a file; an empty one when there is no file."""
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def translations(catalog: Catalog) -> dict[Key, Message]:
    """The translated messages of a catalog, the obsolete ones among them."""
    known = {key_of(message): message for message in catalog.obsolete.values() if is_translated(message)}
    known.update({key_of(message): message for message in catalog if message.id and is_translated(message)})
    return known


def is_translated(message: Message) -> bool:
    """Whether every form has a translation."""
    forms = forms_of(message)
    return bool(forms) and all(forms)


def forms_of(message: Message) -> tuple[str, ...]:
    """The translation: one form, or one for each plural."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def joined(template: Catalog, known: dict[Key, Message], *, keep_obsolete: bool) -> Catalog:
    """The texts of `template` with the translations of `known`; the other translations as obsolete."""
    result = Catalog(locale=template.locale)
    left = dict(known)
    for message in template:
        if not message.id:
            continue
        found = left.pop(key_of(message), None)
        string = _string_for(message, found, template.num_plurals) if found else None
        flags = {flag for flag in found.flags if flag == "fuzzy"} if found else set()
        result.add(message.id, string, context=message.context, flags=flags)
    if keep_obsolete:
        for message in left.values():
            result.obsolete[message.id if isinstance(message.id, str) else message.id[0]] = message
    return result


def _string_for(message: Message, found: Message, plurals: int) -> str | tuple[str, ...]:
    forms = forms_of(found)
    return (forms * plurals)[:plurals] if message.pluralizable else forms[0]


def as_text(catalog: Catalog, locale: str) -> bytes:
    """The file of a catalog: sorted, without dates and line numbers."""
    body = io.BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True)
    header = HEADER.format(locale=locale, plurals=catalog.num_plurals, rule=catalog.plural_expr)
    return header.encode() + b"\n" + body.getvalue().strip(b"\n") + b"\n"


def extract(package: Path = PACKAGE, *, prune: bool = False, fragments: list[Path] | None = None) -> list[str]:
    """Bring the catalogs up to the program's texts, with the translations of `fragments`; returns what clashed."""
    clashes = []
    for locale in LOCALES:
        path = catalog_path(locale, package)
        known = translations(read_catalog(path, locale))
        for fragment in fragments or []:
            for key, message in translations(read_catalog(fragment, locale)).items():
                if key in known and known[key].string != message.string:
                    clashes.append(f"“{key[1]}”: kept “{known[key].string}”, {fragment.name} has “{message.string}”")
                known.setdefault(key, message)
        catalog = joined(gather(locale, package), known, keep_obsolete=not prune)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = as_text(catalog, locale)
        if not path.exists() or path.read_bytes() != text:
            path.write_bytes(text)
    return clashes


def compile_catalogs(package: Path = PACKAGE) -> None:
    """Write each .mo that is older than its .po."""
    for locale in LOCALES:
        source = catalog_path(locale, package)
        target = source.with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns):
            fresh = target.with_suffix(".mo.new")
            with fresh.open("wb") as file:
                write_mo(file, read_catalog(source, locale))
            fresh.replace(target)


def check(package: Path = PACKAGE) -> list[str]:
    """What is wrong with the catalogs, a line each; empty when every text is there in every language."""
    wrong = []
    for locale in LOCALES:
        catalog = read_catalog(catalog_path(locale, package), locale)
        kept = {key_of(message): message for message in catalog if message.id}
        for wanted in gather(locale, package):
            if wanted.id:
                fault = _fault(wanted, kept.get(key_of(wanted)))
                if fault:
                    place = ":".join(str(part) for part in wanted.locations[0])
                    wrong.append(f"{locale}: {fault}: “{key_of(wanted)[1]}” ({place})")
    return wrong


def _fault(wanted: Message, kept: Message | None) -> str:
    if kept is None:
        return "missing"
    if kept.fuzzy:
        return "fuzzy"
    if not is_translated(kept):
        return "untranslated"
    if wanted.pluralizable != kept.pluralizable:
        return "plural forms differ"
    texts = (wanted.id,) if isinstance(wanted.id, str) else wanted.id
    allowed = [sorted(_PLACE.findall(text)) for text in texts]
    for form in forms_of(kept):
        if sorted(_PLACE.findall(form)) not in allowed:
            return f"places differ from “{form}”"
    return ""


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when `check` finds something."""
    parser = argparse.ArgumentParser(prog="python -m wuzha.messages", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("extract", help="gather the texts").add_argument("--prune", action="store_true")
    commands.add_parser("compile", help="write the .mo files")
    commands.add_parser("check", help="list what is untranslated, missing or mismatched")
    commands.add_parser("merge", help="take in translations").add_argument("files", nargs="+", type=Path)
    given = parser.parse_args(arguments)
    if given.command == "compile":
        compile_catalogs()
        return 0
    if given.command == "check":
        wrong = check()
        print("\n".join(wrong) if wrong else "Every text is there in every language.")
        return 1 if wrong else 0
    for fragment in getattr(given, "files", []):
        if not fragment.is_file():
            parser.error(f"there is no file {fragment}")
    clashes = extract(prune=getattr(given, "prune", False), fragments=getattr(given, "files", None))
    print("\n".join(clashes), end="\n" if clashes else "")
    return 0


if __name__ == "__main__":
    sys.exit(main())
