"""Containers, encodings and refusals: what is opened, what is not, and that the reason names the line."""

import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from wuzha.kernel.refusals import Refusal
from wuzha.tracing.statements import Progress, limits, read_bytes, read_paths, tables, workbooks
from wuzha.tracing.statements.workbooks import number_text

GOOD = (
    "户名:陈二 账号:6230580000001234567\n"
    "交易时间,收支,金额,余额,对方户名\n"
    "2024-01-12 13:14:15,支出,88.00,912.00,褚三\n"
    "2024-01-13 13:14:16,收入,100.00,1012.00,卫四\n"
)


def refused(data, name="f", **options):
    with pytest.raises(Refusal) as caught:
        read_bytes(name, data if isinstance(data, bytes) else data.encode(), **options)
    assert str(caught.value)  # the template takes its values
    return caught.value


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def workbook():
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["本文件由系统生成"])
    sheet = book.create_sheet("流水")
    sheet.append(["账户交易明细"])
    sheet.append(["账号", "6222021001000000001", "户名", "张三"])
    sheet.append(["交易时间", "借方", "贷方", "余额", "对方账号", "对方户名"])
    sheet.append([datetime(2024, 1, 2, 15, 30), 100.1, None, 899.9, 6217001001000000002, "李四"])  # noqa: DTZ001
    sheet.append([45294.5, None, 0.1, 900, "6217001001000000002", "李四"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    (statement,) = read_bytes("f", GOOD.encode(encoding))
    assert [(row.holder, row.peer_name, row.account) for row in statement.rows] == [
        ("陈二", "褚三", "6230580000001234567"),
        ("陈二", "卫四", "6230580000001234567"),
    ]


def test_a_character_cut_in_the_middle_loses_itself_only():
    whole = "褚三".encode("gb18030")
    (statement,) = read_bytes("f", GOOD.encode("gb18030").replace(whole, whole[:3]))
    assert [row.amount_minor for row in statement.rows] == [8800, 10000]
    assert "characters_lost" in {note.code for note in statement.notes}


@pytest.mark.row("R-505")
def test_an_xlsx_with_a_cover_sheet():
    (statement,) = read_bytes("x.xlsx", workbook())
    told = [(r.sheet, r.line, r.account, r.direction, r.amount_minor, r.balance_minor) for r in statement.rows]
    assert told == [
        ("流水", 4, "6222021001000000001", "out", 10_010, 89_990),
        ("流水", 5, "6222021001000000001", "in", 10, 90_000),
    ]
    assert [row.at.strftime("%F %T") for row in statement.rows] == ["2024-01-02 15:30:00", "2024-01-03 12:00:00"]
    assert "not_a_statement" in {note.code for note in statement.notes}


def test_a_card_number_kept_as_a_number_has_lost_its_end_and_is_masked():
    (statement,) = read_bytes("x.xlsx", workbook())
    assert statement.rows[0].peer_account == "621700100100000****"
    assert (number_text(67.0), number_text(0.1 + 0.2), number_text(-12.5)) == ("67", "0.3", "-12.5")


class FakeCell:
    def __init__(self, ctype, value):
        self.ctype, self.value = ctype, value


class FakeSheet:
    name, nrows = "明细", 3
    rows = (
        [(1, "记账日"), (1, "交易时间"), (1, "支出"), (1, "收入"), (1, "余额")],
        [(3, 45293.0), (3, 0.5), (2, 67.0), (2, 0.0), (2, 2176.91)],
        [(1, "20240103"), (1, "18:53:19"), (0, ""), (2, 0.3), (2, 2177.21)],
    )

    def row(self, index):
        return [FakeCell(*cell) for cell in self.rows[index]]


class FakeBook:
    nsheets, datemode, encoding = 1, 0, "utf_16_le"

    def __enter__(self):
        return self

    def __exit__(self, *_why):
        return None

    def sheet_by_index(self, _index):
        return FakeSheet()

    def unload_sheet(self, _index):
        return None


def test_an_xls_with_days_clocks_and_numbers_as_cells(monkeypatch):
    monkeypatch.setattr("xlrd.open_workbook", lambda **_options: FakeBook())
    (statement,) = read_bytes("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 rest")
    assert [(row.at.strftime("%F %T"), row.direction, row.amount_minor) for row in statement.rows] == [
        ("2024-01-02 12:00:00", "out", 6700),
        ("2024-01-03 18:53:19", "in", 30),
    ]


@pytest.mark.row("R-505")
def test_a_zip_of_files_with_names_in_gb18030():
    data = zipped({"甲/流水.csv": GOOD, "x.xlsx": workbook(), "说明.pdf": "%PDF-1.4", "__MACOSX/._x": "x"})
    statements = read_bytes("a.zip", data)
    assert sorted(statement.file for statement in statements) == ["a.zip/x.xlsx", "a.zip/甲/流水.csv"]
    assert sum(len(statement.rows) for statement in statements) == 4


def test_one_bad_table_refuses_the_whole_zip():
    refusal = refused(zipped({"a.csv": GOOD, "b.csv": GOOD.replace("88.00", "abc")}), "a.zip")
    assert (refusal.code, refusal.values["file"], refusal.values["line"]) == ("statement.amount", "a.zip/b.csv", 3)


@pytest.mark.parametrize(
    ("member", "code"),
    [
        ("../evil.csv", "statement.archive_path"),
        ("/etc/evil.csv", "statement.archive_path"),
        ("..\\evil.csv", "statement.archive_path"),
        ("C:/evil.csv", "statement.archive_path"),
    ],
)
def test_zips_that_mean_harm(member, code):
    assert refused(zipped({member: GOOD}), "a.zip").code == code


def test_zips_inside_zips_are_read_to_a_small_depth():
    inner = zipped({"流水.csv": GOOD})
    (statement,) = read_bytes("a.zip", zipped({"b.zip": zipped({"c.zip": inner})}))
    assert statement.file == "a.zip/b.zip/c.zip/流水.csv"
    refusal = refused(zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": inner})})}), "a.zip")
    assert refusal.code == "statement.archive_depth"


def test_zips_inside_zips_share_one_budget(monkeypatch):
    monkeypatch.setattr("wuzha.tracing.statements.archives.MEMBERS_MAX", 8)
    many = {f"{n}.zip": zipped({f"{m}.csv": GOOD for m in range(3)}) for n in range(4)}
    assert refused(zipped(many), "a.zip").code == "statement.archive_too_large"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_in_a_zip_that_does_not_say_its_encoding(encoding):
    data = zipped({"zzzzzzzz.csv": GOOD})
    raw = "流水".encode(encoding).ljust(8, b"_")
    (statement,) = read_bytes("a.zip", data.replace(b"zzzzzzzz", raw))
    assert statement.file.startswith("a.zip/流水")


def test_a_zip_bomb_is_not_opened(monkeypatch):
    monkeypatch.setattr("wuzha.tracing.statements.archives.RATIO_CHECK_BYTES_MIN", 10_000)
    assert refused(zipped({"a.csv": b"0" * 1_000_000}), "a.zip").code == "statement.archive_too_large"
    assert refused(zipped({"xl/workbook.xml": b"0" * 1_000_000}), "a.xlsx").code == "statement.archive_too_large"


def test_a_zip_of_too_many_files_is_not_opened(monkeypatch):
    monkeypatch.setattr("wuzha.tracing.statements.archives.MEMBERS_MAX", 3)
    assert refused(zipped({f"{i}.csv": GOOD for i in range(4)}), "a.zip").code == "statement.archive_too_large"


def test_an_archive_that_lies_about_its_sizes_is_damaged():
    data = bytearray(zipped({"a.csv": GOOD * 50}))
    data[40:60] = b"\x00" * 20
    assert refused(bytes(data), "a.zip").code == "statement.damaged"


REFUSED = [
    # what is wrong, text, code, line
    ("a sum that is none", GOOD.replace("88.00", "abc"), "statement.amount", 3),
    ("a balance that is none", GOOD.replace("912.00", "??"), "statement.balance", 3),
    ("a day that is none", GOOD.replace("2024-01-13", "2024-13-45"), "statement.day", 4),
    ("a sum without a day", GOOD.replace("2024-01-13 13:14:16", ""), "statement.day_missing", 4),
    ("an unknown mark", GOOD.replace("支出", "冻结").replace("912.00", ""), "statement.mark", 3),
    ("more decimals than fen", GOOD.replace("88.00", "88.005"), "statement.decimals", 3),
    ("a sum beyond belief", GOOD.replace("88.00", "99999999999999999"), "statement.amount_too_large", 3),
    ("a masked sum", GOOD.replace("88.00", "x,xxx.xx"), "statement.amount", 3),
    (
        "a quote never closed",
        GOOD.replace("褚三", '"褚三') + GOOD.split("\n")[3] * 60 + "\n" * 60,
        "statement.quote",
        3,
    ),
    ("european decimals", GOOD.replace("88.00", '"1.088,00"'), "statement.amount", 3),
    ("nothing at all", "", "statement.empty", None),
    ("no table", "hello world", "statement.no_header", None),
    (
        "days that read two ways",
        "Date,Amount,Balance\n01/02/2024,-5,95\n01/02/2024,-5,90\n",
        "statement.date_order",
        None,
    ),
    ("no years anywhere", "交易日,摘要,金额\n12/29,还款,-1.23\n", "statement.lacks_year", 2),
    ("no direction", "交易日期,金额,对方\n2024-01-01,5,李四\n", "statement.lacks_direction", 2),
    ("columns shifted", GOOD + ",2024-01-14 10:00:00,5.00,1017.00,卫四\n", "statement.day_missing", 5),
]


@pytest.mark.row("R-505")
@pytest.mark.parametrize(("text", "code", "line"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_with_line_and_reason(text, code, line):
    refusal = refused(text)
    assert refusal.code == code
    if line is not None:
        assert refusal.values["line"] == line


@pytest.mark.parametrize(
    ("start", "form"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"Rar!\x1a", "RAR"),
        (b"\x89PNG", "picture"),
        (b"PAR1", "Parquet"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
    ],
)
def test_foreign_forms_are_named(start, form):
    refusal = refused(start + b" rest of the file")
    assert refusal.code == "statement.unsupported"
    assert form in str(refusal)


def test_word_is_named():
    assert "text document" in str(refused(zipped({"[Content_Types].xml": "", "word/document.xml": ""})))


@pytest.mark.parametrize("limit", ["ROWS_MAX", "COLUMNS_MAX", "CELL_LENGTH_MAX"])
def test_limits_are_refusals(monkeypatch, limit):
    monkeypatch.setattr(tables, limit, 3)
    assert refused(GOOD).code in ("statement.too_many_rows", "statement.too_many_columns", "statement.cell_too_long")


def test_a_file_too_large_is_not_read(monkeypatch, tmp_path):
    monkeypatch.setattr("wuzha.tracing.statements.files.FILE_BYTES_MAX", 10)
    path = tmp_path / "big.csv"
    path.write_text(GOOD, "utf-8")
    (reading,) = read_paths([path])
    assert (reading.statements, reading.refusal.code) == ((), "statement.too_large")


def test_many_files_a_refused_one_keeps_no_other_out(tmp_path):
    good, bad, missing = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "missing.csv"
    good.write_text(GOOD, "utf-8")
    bad.write_text(GOOD.replace("88.00", "abc"), "utf-8")
    readings = read_paths([good, bad, missing])
    assert [len(reading.statements) for reading in readings] == [1, 0, 0]
    assert [reading.refusal and reading.refusal.code for reading in readings] == [
        None,
        "statement.amount",
        "statement.missing",
    ]


def test_files_of_one_name_stay_apart(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.csv").write_text(GOOD, "utf-8")
    readings = read_paths([tmp_path / "a" / "f.csv", tmp_path / "b" / "f.csv"])
    assert len({reading.file for reading in readings}) == 2


def test_progress_is_told(monkeypatch):
    monkeypatch.setattr(tables, "PROGRESS_ROWS", 100)
    line = GOOD.split("\n")[3] + "\n"
    told: list[Progress] = []
    read_bytes("f", (GOOD + line * 1000).encode(), on_progress=told.append)
    assert [p.rows_done for p in told if p.stage == "open"] == sorted({p.rows_done for p in told if p.stage == "open"})
    assert len(told) >= 10
    assert all(0 < p.rows_done <= p.rows_estimate for p in told)


def test_a_repeated_header_a_subtotal_and_a_footer_are_no_rows():
    text = (
        GOOD
        + "本页小计,,188.00,,\n交易时间,收支,金额,余额,对方户名\n2024-01-14 13:14:16,收入,1.00,1013.00,卫四\n第2页\n"
    )
    (statement,) = read_bytes("f", text.encode())
    assert [row.line for row in statement.rows] == [3, 4, 7]
    assert [(s.line, s.reason) for s in statement.skipped] == [(5, "total"), (8, "text")]


def test_two_accounts_in_one_sheet_are_two_statements():
    text = GOOD + "\n户名:吴九 账号:6230580000007654321\n" + "\n".join(GOOD.split("\n")[1:])
    first, second = read_bytes("f", text.encode())
    assert (first.preamble.account, second.preamble.account) == ("6230580000001234567", "6230580000007654321")
    assert [row.line for row in second.rows] == [8, 9]
    assert {row.holder for row in second.rows} == {"吴九"}


def test_the_account_can_be_told_from_outside():
    text = "\n".join(GOOD.split("\n")[1:])
    (statement,) = read_bytes("f", text.encode())
    assert "account" in statement.lacks
    (statement,) = read_bytes("f", text.encode(), account="6230 5800 0000 1234 567")
    assert {row.account for row in statement.rows} == {"6230580000001234567"}
    assert "account" not in statement.lacks


def test_excel_2003_xml():
    rows = "".join(
        "<Row>" + "".join(f"<Cell><Data ss:Type='String'>{cell}</Data></Cell>" for cell in line.split(",")) + "</Row>"
        for line in GOOD.strip().split("\n")[1:]
    )
    text = (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="明细"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    (statement,) = read_bytes("f.xls", text.encode())
    assert (statement.form, statement.sheet, len(statement.rows)) == ("xml", "明细", 2)


def test_every_limit_is_a_positive_number():
    named = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert len(named) > 20
    assert all(value > 0 for value in named.values())
    assert workbooks.EXACT_DIGITS == 15
