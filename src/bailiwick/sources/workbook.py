"""How is a small workbook written, so that any spreadsheet opens it and the same sheets give the same bytes?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

Value = str | int | float | None
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OPEN = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def workbook(sheets: Mapping[str, Sequence[Sequence[Value]]]) -> bytes:
    """The bytes of an Excel workbook (Office Open XML, ECMA-376) with these sheets of rows, cells from column A."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": _content(len(names)),
        "_rels/.rels": _links([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>' + "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="r{n}"/>'
            for n, name in enumerate(names, 1)) + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links([("worksheet", f"worksheets/sheet{n + 1}.xml")
                                              for n in range(len(names))]),
        **{f"xl/worksheets/sheet{n}.xml": _sheet(sheets[name]) for n, name in enumerate(names, 1)},
    }
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path), _OPEN + text, zipfile.ZIP_DEFLATED)
    return raw.getvalue()


def _content(count: int) -> str:
    sheets = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
                     for n in range(1, count + 1))
    return (f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{sheets}</Types>')


def _links(targets: Sequence[tuple[str, str]]) -> str:
    inside = "".join(f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
                     for n, (kind, target) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


def _sheet(rows: Sequence[Sequence[Value]]) -> str:
    lines = "".join(
        f'<row r="{r}">' + "".join(_cell(f"{column(c)}{r}", value) for c, value in enumerate(row)) + "</row>"
        for r, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(reference: str, value: Value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def column(position: int) -> str:
    """The letters of a column counted from 0.

    >>> column(0), column(25), column(26), column(701), column(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
