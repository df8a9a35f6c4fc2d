"""A grid of cells in every container that strangers send: text of many encodings, workbooks, markup, OpenDocument."""

import csv
import io
import zipfile
from datetime import datetime
from html import escape

import openpyxl


def text_of(rows, delimiter=","):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def zipped(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def xlsx(rows, title="明细", hidden=False, cover=()):
    """Cells as given: text, numbers, days and moments."""
    book = openpyxl.Workbook()
    sheet = book.active
    if cover:
        for row in cover:
            sheet.append(row)
        sheet = book.create_sheet(title)
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if hidden:
        book.create_sheet("说明")
        sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed(rows):
    """The same rows as a program would store them: sums as numbers, days and moments as such."""
    return [[_typed(cell) for cell in row] for row in rows]


def _typed(cell):
    bare = cell.replace(",", "")
    if bare.replace(".", "", 1).lstrip("+-").isdigit() and "." in bare:
        return float(bare)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        try:
            return datetime.strptime(cell, form)  # noqa: DTZ007
        except ValueError:
            continue
    return cell


def _ods_cell(cell):
    if isinstance(cell, float):
        return (
            f'<table:table-cell office:value-type="float" office:value="{cell}">'
            f"<text:p>{cell:,}</text:p></table:table-cell>"
        )
    if isinstance(cell, datetime):
        shown = f"{cell:%d.%m.%y}"
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )
    if not cell:
        return "<table:table-cell/>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def ods(rows, title="明细", before=""):
    lines = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}"
        '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
        for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document-content {names}><office:body>'
        f'<office:spreadsheet><table:table table:name="{title}">{lines}'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def html(rows):
    lines = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><head><meta charset=gbk></head><body><table>{lines}</table></body></html>".encode("gb18030")


def xml_2003(rows):
    lines = "".join(
        f"<Row>{''.join(f'<Cell><Data ss:Type=String>{escape(cell)}</Data></Cell>' for cell in row)}</Row>"
        for row in rows
    )
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="明细"><Table>{lines}</Table></Worksheet></Workbook>'
    ).encode()


CONTAINERS = {
    "csv, utf-8": lambda rows: text_of(rows).encode(),
    "csv, utf-8 with BOM": lambda rows: text_of(rows).encode("utf-8-sig"),
    "csv, gb18030": lambda rows: text_of(rows).encode("gb18030", "replace"),
    "tsv, utf-16": lambda rows: text_of(rows, "\t").encode("utf-16"),
    "bars, gb18030": lambda rows: text_of(rows, "|").encode("gb18030", "replace"),
    "semicolons, utf-16-be": lambda rows: text_of(rows, ";").encode("utf-16-be"),
    "xlsx of text": xlsx,
    "xlsx of numbers and days": lambda rows: xlsx(typed(rows)),
    "xlsx, hidden sheet": lambda rows: xlsx(rows, hidden=True),
    "xlsx, after a cover": lambda rows: xlsx(rows, cover=[["说明"], ["本文件由系统生成"]]),
    "ods of text": ods,
    "ods of numbers and days": lambda rows: ods(typed(rows)),
    "html": html,
    "xml of Excel 2003": xml_2003,
    "zip": lambda rows: zipped({"流水.csv": text_of(rows).encode("gb18030", "replace"), "封面.pdf": b"%PDF-1.4"}),
}
