"""Files from outside, by their content: which reader, and zip archives within bounds.

Theory. The name of a file is a label, never evidence: banks call HTML ".xls". The first bytes decide. An archive is
opened in memory, never unpacked to disk, so a member's path cannot lead anywhere; paths that try are refused all
the same, because whoever wrote them meant harm. Archives inside archives are opened to a small depth, and all of them
share one budget of files and bytes.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from wuzha.kernel.refusals import Refusal, _
from wuzha.tracing.statements.delimited import read_delimited
from wuzha.tracing.statements.encodings import decode
from wuzha.tracing.statements.limits import (
    ARCHIVE_DEPTH_MAX,
    COMPRESSION_RATIO_MAX,
    FILE_BYTES_MAX,
    MEMBERS_MAX,
    RATIO_CHECK_BYTES_MIN,
    UNCOMPRESSED_BYTES_MAX,
)
from wuzha.tracing.statements.markup import looks_like_markup, read_markup
from wuzha.tracing.statements.opendocument import read_ods
from wuzha.tracing.statements.tables import OnRows, Table, damaged, unsupported
from wuzha.tracing.statements.workbooks import read_xls, read_xlsx

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a text document"),
)
_IGNORED_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini"})


def tables_of(file: str, data: bytes, on_rows: OnRows | None = None) -> list[Table]:
    """The tables in one file's bytes (no archive of files). Refusal when it is too large, empty, foreign or damaged."""
    if len(data) > FILE_BYTES_MAX:
        raise Refusal(
            "statement.too_large",
            _("%(file)s is larger than %(megabytes)s MB; split it into smaller files."),
            file=file,
            megabytes=FILE_BYTES_MAX // 2**20,
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise Refusal("statement.empty", _("%(file)s is empty. Ask for it again."), file=file)
    for start, form in _FOREIGN:
        if data.startswith(start):
            raise unsupported(file, form)
    if data.startswith(_OLE) or data[:2] == b"\x09\x08":
        return read_xls(file, data, on_rows)
    if data.startswith(b"PK"):
        return _office_tables(file, data, on_rows)
    text, encoding, lost = decode(file, data)
    if looks_like_markup(text):
        return read_markup(file, text, encoding, on_rows)
    return [read_delimited(file, text, encoding, lost, on_rows)]


def _office_tables(file: str, data: bytes, on_rows: OnRows | None) -> list[Table]:
    names = {info.filename.lower() for info in check_zip(file, data)}
    if "xl/workbook.xml" in names:
        return read_xlsx(file, data, on_rows)
    if "xl/workbook.bin" in names:
        raise unsupported(file, "XLSB")
    if "word/document.xml" in names:
        raise unsupported(file, "a text document")
    if "mimetype" in names and "content.xml" in names:
        return read_ods(file, data, on_rows)
    if "ofd.xml" in names:
        raise unsupported(file, "OFD")
    raise unsupported(file, "a zip archive inside an archive")


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip of files rather than an office file, which is a zip too."""
    if not data.startswith(b"PK"):
        return False
    try:
        names = {name.lower() for name in zipfile.ZipFile(io.BytesIO(data)).namelist()[:MEMBERS_MAX]}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError, OverflowError):
        return False
    office = {"[content_types].xml", "mimetype", "ofd.xml", "xl/workbook.xml", "xl/workbook.bin"}
    return not names & office


def check_zip(file: str, data: bytes) -> list[zipfile.ZipInfo]:
    """The members of a zip within bounds; Refusal when they are too many, too large, encrypted, or climb out."""
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError, OverflowError) as error:
        raise damaged(file) from error
    total = sum(info.file_size for info in infos)
    bomb = any(
        info.file_size > RATIO_CHECK_BYTES_MIN and info.file_size > COMPRESSION_RATIO_MAX * max(info.compress_size, 1)
        for info in infos
    )
    if len(infos) > MEMBERS_MAX or total > UNCOMPRESSED_BYTES_MAX or bomb:
        raise _too_much(file, len(infos), total)
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in (path.parts[0] if path.parts else ""):
            raise Refusal(
                "statement.archive_path",
                _("%(file)s holds a file whose path leads outside (%(member)s); it is not opened. Ask who made it."),
                file=file,
                member=info.filename[:80],
            )
        if info.flag_bits & 0x1:
            raise Refusal(
                "statement.archive_encrypted",
                _("%(file)s is protected by a password. Unpack it with the password and give the files."),
                file=file,
            )
    return infos


def members_of(file: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file of a zip and of the zips inside it, in name order; system litter is left out.

    Refusal when zips stand in each other deeper than ARCHIVE_DEPTH_MAX, or hold too much together.
    """
    return _members(file, data, 1, _Spent())


@dataclass(slots=True)
class _Spent:
    """What all zips of one file have unpacked to so far."""

    members: int = 0
    bytes: int = 0


def _members(file: str, data: bytes, depth: int, spent: _Spent) -> Iterator[tuple[str, bytes]]:
    infos = sorted(check_zip(file, data), key=lambda info: info.filename)
    archive = zipfile.ZipFile(io.BytesIO(data))
    spent.members += len(infos)
    for info in infos:
        name = member_name(info)
        base = PurePosixPath(name).name.lower()
        if info.is_dir() or name.startswith("__MACOSX/") or base in _IGNORED_NAMES or base.startswith("~$"):
            continue
        try:
            with archive.open(info) as member:
                content = member.read(min(info.file_size, FILE_BYTES_MAX) + 1)
        except Exception as error:  # zlib.error, lzma's and zipfile's have no common base
            raise damaged(f"{file}/{name}") from error
        spent.bytes += len(content)
        if spent.bytes > UNCOMPRESSED_BYTES_MAX or spent.members > MEMBERS_MAX:
            raise _too_much(file, spent.members, spent.bytes)
        if not is_archive(content):
            yield f"{file}/{name}", content
        elif depth < ARCHIVE_DEPTH_MAX:
            yield from _members(f"{file}/{name}", content, depth + 1, spent)
        else:
            raise Refusal(
                "statement.archive_depth",
                _("%(file)s: more than %(depth)s zip archives inside each other. Unpack them and give the files."),
                file=f"{file}/{name}",
                depth=ARCHIVE_DEPTH_MAX,
            )


def _too_much(file: str, members: int, size_bytes: int) -> Refusal:
    return Refusal(
        "statement.archive_too_large",
        _("%(file)s unpacks to %(members)s files of %(megabytes)s MB, too much to open; send them in parts."),
        file=file,
        members=members,
        megabytes=size_bytes // 2**20,
    )


def member_name(info: zipfile.ZipInfo) -> str:
    """A member's name; tools that do not say so write UTF-8 or GB18030, which zipfile reads as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return info.filename.encode("cp437").decode(encoding)
    return info.filename
