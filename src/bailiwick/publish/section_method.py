"""What checks were made, what does nobody know, how was it done, and how can it be done again?"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import charts, words
from bailiwick.publish.bound import Book, cell_decimals
from bailiwick.publish.page import (
    Block,
    Heading,
    Paragraph,
    Points,
    Section,
    bold,
    link,
    optional,
    tabled,
    view,
)
from bailiwick.publish.results import Json

_MARKS = {True: "✓ Passed", False: "✗ Failed", None: "• For information"}


def checks(book: Book) -> Section:
    """The tests that the appraisal made of itself."""
    made = cast("list[Json]", book.results["checks"])
    if not made:
        return Section("checks", "Checks", Markup("No check was recorded."), ())
    body = [[book.at(f"/checks/{i}/name"),
             Markup('<strong class="tag" data-ref="/checks/{}/passed">{}</strong>').format(
                 i, _MARKS[cast("bool | None", check["passed"])]),
             book.at(f"/checks/{i}/text")] for i, check in enumerate(made)]
    lead = Markup("Of {} checks, {} passed, {} failed and {} only inform.").format(
        *(book.at(f"/counts/{key}", "", 0) for key in ("checks", "checks_passed", "checks_failed", "checks_informing")))
    return Section("checks", "Checks", lead, (tabled(
        "checks-table", "Every check that was made", [("Check", ""), ("Result", ""), ("What it found", "")], body,
        [False] * 3),))


def unknowns(book: Book) -> Section:
    """What nobody has published, who holds it, where it would turn the answer, and the words to ask for it."""
    found = cast("list[Json]", book.results["unknowns"])
    if not found:
        return Section("unknowns", "What nobody has published",
                       Markup("Everything this appraisal needs has been published."), ())
    body = []
    for i, u in enumerate(found):
        unit = str(u.get("unit", ""))
        body.append([
            Markup("{}<br><span class=\"small\">{}</span>").format(
                book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/why_it_matters")),
            book.at(f"/unknowns/{i}/holder"),
            Markup("{} <span class=\"range\">({} to {})</span><br>{}").format(
                _value(book, i, "value", unit), _value(book, i, "low", "", unit), _value(book, i, "high", "", unit),
                _gauge(u)),
            _turns(book, i, unit)])
    lead = Markup("{} figures that matter have not been published; the first is {}, held by {}.").format(
        book.at("/counts/unknowns", "", 0), _small(book.at("/unknowns/0/title")), book.at("/unknowns/0/holder"))
    table = tabled("unknowns-table", "What is not known, and where it would turn the answer",
                   [("What", ""), ("Who holds it", ""), ("We used (range)", ""), ("The answer turns at", "")], body,
                   [False, False, True, True])
    return Section("unknowns", "What nobody has published", lead, (
        table, Heading(Markup("Words you can send")),
        Paragraph(Markup("Anyone may ask under the Freedom of Information Act. The words below are ready to use.")),
        Points(tuple(request(book, i) for i in range(min(len(found), 8))))))


def request(book: Book, i: int) -> Markup:
    """The wording of an information request for one unknown."""
    return Markup("<strong>To {}.</strong> Under the Freedom of Information Act please send me: {}, for each area named "
                  "in “{}”, as it stood on {}, with the document it is taken from. If you hold it in another form, "
                  "please send that.").format(
        book.at(f"/unknowns/{i}/holder"), _small(book.at(f"/unknowns/{i}/title")), book.at("/case/title"),
        book.day("/case/as_of"))


def method(book: Book, record: str) -> Section:
    """How each figure was made, the data and licences, the glossary, and how to cite and repeat this."""
    blocks: list[Block] = list(optional(
        Paragraph(Markup(
            "Every figure on this page is read from one file, results.json, that travels with it. A range holds nine in "
            "ten of the sets of assumptions that agree with what has been published. Where a figure is missing it says "
            "<em>not known</em>; it is never set to nought.")),
        Paragraph(Markup("{} sets of assumptions were tried with seed {}.").format(
            book.at("/provenance/draws", "", 0), book.at("/provenance/seed", "year", 0, style="cell"))),
        _measures(book), view(book, "assumptions", folded=True, drop=("name", "url", "quality")), _data(book),
        Heading(Markup("Glossary")), Points(tuple(
            bold(Markup("{}:").format(term), meaning) for term, meaning in glossary())),
        Heading(Markup("Cite this")), Paragraph(cite(book, record)),
        Heading(Markup("Repeat this")), Paragraph(repeat(book)),
    ))
    return Section("method", "Method, data and licences", Markup(
        "Anyone can repeat this appraisal on their own machine and get the same bytes."), tuple(blocks))


@cache
def glossary() -> tuple[tuple[str, str], ...]:
    """The words of the field with their meanings, in alphabetical order."""
    text = (resources.files("bailiwick.publish") / "glossary.toml").read_text(encoding="utf-8")
    return tuple(sorted(tomllib.loads(text)["terms"].items(), key=lambda item: item[0].lower()))


def cite(book: Book, record: str) -> Markup:
    """The line by which to cite the appraisal: record, title and date."""
    return Markup('<cite><span data-ref="record">{}</span>: {}. As known on {}. bailiwick {}.</cite>').format(
        record, book.at("/case/title"), book.day("/case/as_of"), book.at("/provenance/version"))


def repeat(book: Book) -> Markup:
    """The line that makes the appraisal again."""
    return Markup('<code>bailiwick appraise <span data-ref="/case/name">{}</span> --as-of '
                  '<span data-ref="/case/as_of">{}</span> --seed <span data-ref="/provenance/seed">{}</span></code>').format(
        book.case["name"], book.case["as_of"], cast(Json, book.results["provenance"])["seed"])


def _value(book: Book, i: int, key: str, unit: str, cell_unit: str = "") -> Markup:
    value = book.pointed(f"/unknowns/{i}/{key}")
    told = unit or cell_unit
    style = "phrase" if unit else "cell"
    return book.at(f"/unknowns/{i}/{key}", told, cell_decimals(value, told), style=style)


def _turns(book: Book, i: int, unit: str) -> Markup:
    if book.pointed(f"/unknowns/{i}/breaks_even_at") is None:
        return Markup("nowhere in its range")
    return _value(book, i, "breaks_even_at", unit)


def _gauge(unknown: Json) -> Markup:
    low, high, value = (unknown.get(k) for k in ("low", "high", "value"))
    if not all(isinstance(x, int | float) for x in (low, high, value)):
        return Markup("")
    turns = unknown.get("breaks_even_at")
    return charts.gauge(cast(float, low), cast(float, high), cast(float, value), cast("float | None", turns))


def _small(title: Markup) -> Markup:
    return title


def _measures(book: Book) -> Block | None:
    if not book.measures:
        return None
    body = [[book.at(f"/measures/{m}/title"), book.at(f"/measures/{m}/definition"),
             escape(words.unit_words(str(told["unit"]), None) or ("£" if words.is_money(str(told["unit"])) else "%")),
             book.at(f"/measures/{m}/reference") if told.get("reference") else Markup("")]
            for m, told in book.measures.items()]
    table = tabled("measures-table", "How each measure is made",
                   [("Measure", ""), ("Definition", ""), ("Unit", ""), ("Method from", "")], body, [False] * 4)
    return type(table)(table.id, table.caption, table.head, table.body, table.numeric, folded=True)


def _data(book: Book) -> Block | None:
    inputs = cast("list[Json]", cast(Json, book.results["provenance"])["inputs"])
    if not inputs:
        return None
    body = []
    for i, one in enumerate(inputs):
        at = f"/provenance/inputs/{i}"
        body.append([link(str(one["url"]), book.at(f"{at}/path")),
                     book.at(f"{at}/publisher"), book.at(f"{at}/licence"), book.day(f"{at}/published"),
                     Markup('<code class="hash" data-ref="{}">{}</code>').format(f"{at}/sha256", one["sha256"])])
    table = tabled("data-table", "Every file that was read",
                   [("File", ""), ("Publisher", ""), ("Licence", ""), ("Published", ""), ("Fingerprint", "")], body,
                   [False] * 5)
    return type(table)(table.id, table.caption, table.head, table.body, table.numeric, folded=True)
