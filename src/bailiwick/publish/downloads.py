"""How does a chart leave the page?  With its figures as CSV and its drawing as SVG, each with source and licence."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.page import Download, Figure, Section, TableView
from bailiwick.publish.results import Json

_DATA = re.compile(r'<data value="([^"]*)"')
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_TITLED = re.compile(r"<h4>(.*?)</h4>", re.DOTALL)
_SILENT = frozenset({"facts", "as the case"})
_NONE = frozenset({"", *words.MISSING.values()})
_NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'


def licence(book: Book) -> Markup:
    """The licences under which the data behind the charts were published, bound, and that of the charts themselves."""
    inputs = cast("list[Json]", cast(Json, book.results["provenance"])["inputs"])
    first: dict[str, int] = {}
    for i, one in enumerate(inputs):
        first.setdefault(str(one["licence"]), i)
    said = [book.at(f"/provenance/inputs/{i}/licence") for name, i in first.items() if name and name not in _SILENT]
    if not said:
        return Markup("Licence: see the list of data.")
    return Markup('Licence of the data: {} (<a href="#data">list</a>). The chart may be used again with its '
                  "citation.").format(Markup("; ").join(said))


def dressed(section: Section, licensed: Markup, cited: str, style: str) -> Section:
    """A section whose figures carry their licence and their files; `style` is the sheet that maps are drawn by."""
    blocks = tuple(replace(b, licence=licensed, files=_files(b, plain(licensed), cited, style))
                   if isinstance(b, Figure) else b for b in section.blocks)
    return replace(section, blocks=blocks)


def table_csv(table: TableView, also: Sequence[tuple[str, str]] = ()) -> str:
    """A table as CSV: numbers unrounded by the page, ranges as columns of their own, the same words in `also` a row."""
    columns = [_column(word, unit, [row[i] for row in table.body]) for i, (word, unit) in enumerate(table.head)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([name for names, _ in columns for name in names] + [name for name, _ in also])
    for i in range(len(table.body)):
        writer.writerow([cell for _, cells in columns for cell in cells[i]] + [value for _, value in also])
    return out.getvalue()


def drawing_svg(drawing: str, title: str, told: str, style: str = "") -> str:
    """A drawing as a file of its own: named, described, on white, with the style sheet that it needs."""
    head, _, body = drawing.partition(">")
    head = re.sub(r' (aria-hidden|focusable)="[^"]*"', "", head)
    if _NAMESPACE not in head:
        head = head.replace("<svg", f"<svg {_NAMESPACE}", 1)
    rules = f"<style>{style}</style>" if style and 'class="' in drawing else ""
    return (f'{head}><title>{escape(title)}</title><desc>{escape(told)}</desc>{rules}'
            f'<rect width="100%" height="100%" fill="#fff"/>{body}')


def svgs(markup: str) -> list[str]:
    """The drawings inside a piece of markup, in their order."""
    return _SVG.findall(markup)


def _files(figure: Figure, licensed: str, cited: str, style: str) -> tuple[Download, ...]:
    title, source = plain(figure.headline), plain(figure.source)
    files = []
    if figure.table is not None:
        text = table_csv(figure.table, (("source", source), ("licence", licensed), ("cite", cited)))
        files.append(Download("Figures (CSV)", f"{figure.id}.csv", _address("text/csv", text)))
    drawings = svgs(figure.wide)
    names = [plain(Markup(name)) for name in _TITLED.findall(figure.wide)]  # noqa: S704 - our own headings
    for i, drawing in enumerate(drawings):
        label = "Chart (SVG)" if len(drawings) == 1 else f"{names[i] if i < len(names) else 'Map'} (SVG)"
        name = figure.id if len(drawings) == 1 else f"{figure.id}-{'abcdefgh'[i]}"
        text = drawing_svg(drawing, title, ". ".join(p.rstrip(".") for p in (figure.alt, source, licensed, cited) if p),
                           style)
        files.append(Download(label, f"{name}.svg", _address("image/svg+xml", text)))
    return tuple(files)


def _address(kind: str, text: str) -> str:
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"


def _column(word: str, unit: str, cells: Sequence[Markup]) -> tuple[list[str], list[list[str]]]:
    """The names and, row by row, the values of one column: value, low and high where its cells hold ranges."""
    name = f"{plain(escape(word))} ({plain(escape(unit))})" if unit else plain(escape(word))
    found = [_DATA.findall(str(cell)) for cell in cells]
    most = max((len(values) for values in found), default=0)
    texts = [plain(escape(cell)) for cell in cells]
    figures = all(values or text in _NONE for values, text in zip(found, texts, strict=True))
    if not figures or most not in (1, 3):
        return [name], [[text] for text in texts]
    names = [name] if most == 1 else [name, f"{name}, low", f"{name}, high"]
    return names, [(values + [""] * most)[:most] for values in found]
