"""A page becomes a tagged PDF that repeats to the byte; a chart leaves the page with its figures and its licence."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from bailiwick.errors import MethodError
from bailiwick.publish import area_report, downloads, report
from bailiwick.publish import pdf as papers
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.page import Figure
from bailiwick.publish.report import numbered, sections


def weasyprint_or_skip():
    try:
        import weasyprint
    except OSError:
        pytest.skip("needs Pango: apt-get install -y libpango-1.0-0 libpangoft2-1.0-0")
    return weasyprint


@pytest.fixture(scope="module")
def paper(document):
    """The report of the made-up town as a PDF."""
    weasyprint_or_skip()
    return papers.pdf(report(document, "BW-0123456789ab"), day="2018-01-31")


@pytest.fixture(scope="module")
def reader(paper):
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(paper))


def elements(node, found):
    """Every structure element of a tagged PDF, depth first."""
    kids = node.get("/K")
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(kid, dict) and "/S" in kid:
            found.append(kid)
            elements(kid, found)
    return found


def flat(outline):
    """The entries of a nested outline, in their order."""
    return [e for entry in outline for e in (flat(entry) if isinstance(entry, list) else [entry])]


def test_the_pdf_is_tagged_named_and_in_english(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]) == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title.startswith("One command for four areas")
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


def test_every_drawing_has_words_and_headings_never_skip_a_level(reader, document):
    found = elements(reader.trailer["/Root"]["/StructTreeRoot"].get_object(), [])
    kinds = [str(e["/S"]) for e in found]
    pictures = [e for e in found if e["/S"] == "/Figure"]
    charts = [b for s in sections(Book(document), "BW-0") for b in s.blocks if isinstance(b, Figure)]
    assert len(pictures) >= len(charts) >= 6
    assert all(len(str(e.get("/Alt", ""))) >= 20 for e in pictures)
    levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert kinds.count("/TH") > 50
    tables = papers.paper(report(document, "BW-0123456789ab")).count("<table ")
    assert kinds.count("/Table") >= tables, "a table that runs over a page counts again"
    assert kinds.count("/Caption") >= tables + len(charts)


def test_the_pdf_has_bookmarks_and_page_numbers(reader, document):
    titles = [entry.title for entry in flat(reader.outline)]
    wanted = [s.title for s in sections(Book(document), "BW-0")]
    assert all(any(title.endswith(want) for title in titles) for want in wanted)
    assert f"2 of {len(reader.pages)}" in reader.pages[1].extract_text()
    assert len(reader.pages) < 40


def test_the_pdf_of_an_area_has_the_same_bytes_every_time_and_fits_two_pages(document):
    from pypdf import PdfReader

    weasyprint_or_skip()
    page = area_report(document, "T4", "BW-0123456789ab")
    first = papers.pdf(page, day="2018-01-31")
    assert first == papers.pdf(page, day="2018-01-31")
    assert len(PdfReader(io.BytesIO(first)).pages) == 2


def test_without_pango_the_message_says_what_to_install(document, monkeypatch):
    def missing(name):
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(papers, "import_module", missing)
    with pytest.raises(MethodError, match=r"apt-get install -y libpango-1\.0-0"):
        papers.pdf("<html></html>", day="2018-01-31")


def test_on_paper_no_figure_is_lost(document):
    page = report(document, "BW-0123456789ab")
    kept = papers.paper(page)
    assert "narrow" not in re.sub(r"<style>.*?</style>", "", kept, flags=re.DOTALL)
    assert "<details" not in kept.partition('<section id="data"')[2]
    assert kept.count("<figcaption>") == page.count("<figcaption>")


# -- files beside a chart --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def charts(document):
    book = Book(document)
    return [b for _, s in numbered(book, sections(book, "BW-0123456789ab"), "BW-0123456789ab")
            for b in s.blocks if isinstance(b, Figure)]


def opened(file):
    head, _, body = file.address.partition(",")
    assert head.endswith(";base64")
    return base64.b64decode(body).decode()


def test_every_chart_has_a_headline_units_a_licence_a_table_and_files(charts):
    assert len(charts) >= 6
    names = [file.name for chart in charts for file in chart.files]
    assert len(names) == len(set(names))
    for chart in charts:
        assert plain(chart.headline)
        assert chart.subtitle
        assert "icence" in plain(chart.licence)
        assert any(file.name.endswith(".svg") for file in chart.files)
        assert chart.table is None or any(file.name.endswith(".csv") for file in chart.files)


def test_the_svg_stands_alone_with_its_title_source_and_citation(charts):
    for chart in charts:
        for file in (f for f in chart.files if f.name.endswith(".svg")):
            tree = ET.fromstring(opened(file))  # noqa: S314 - written by ourselves
            space = "{http://www.w3.org/2000/svg}"
            assert tree.tag == f"{space}svg"
            assert tree.find(f"{space}title").text == plain(chart.headline)
            assert "BW-0123456789ab" in tree.find(f"{space}desc").text
            assert "aria-hidden" not in tree.attrib


def test_the_csv_holds_the_figures_of_the_results_unrounded_by_the_page(charts, document):
    people = next(c for c in charts if c.id == "people")
    file = next(f for f in people.files if f.name.endswith(".csv"))
    rows = list(csv.DictReader(io.StringIO(opened(file))))
    book = Book(document)
    assert [row["Area"] for row in rows] == [book.names[code] for code in book.scope]
    for row, code in zip(rows, book.scope, strict=True):
        wanted = book.number("locality.residents_per_commander", "today", code)
        assert float(row["Today"]) == wanted
        assert row["licence"]
        assert "BW-0123456789ab" in row["cite"]


def test_a_range_becomes_three_columns_and_a_missing_figure_stays_empty_or_says_so(document):
    from bailiwick.publish.page import tabled

    book = Book(document)
    saving = book.short(book.finding("finance.saving_a_year", "proposed"))
    unknown = book.short(None)
    table = tabled("t", "A table", [("Option", ""), ("Saving", "£")], [["a", saving], ["b", unknown]], [False, True])
    rows = list(csv.reader(io.StringIO(downloads.table_csv(table))))
    assert rows == [["Option", "Saving (£)", "Saving (£), low", "Saving (£), high"],
                    ["a", "2140000", "-310000", "4460000"], ["b", "", "", ""]]
