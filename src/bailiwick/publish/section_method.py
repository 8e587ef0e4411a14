"""What checks were made, what does nobody know, how was it done, and how can it be done again?"""

from __future__ import annotations

import tomllib
from dataclasses import replace
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
    TableView,
    bold,
    headed,
    link,
    optional,
    tabled,
    view,
)
from bailiwick.publish.results import Json

TOP = 10
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
    lead = Markup("Of {}, {} passed, {} failed and {}.").format(
        book.counted("/counts/checks", "check", "checks"),
        *(book.at(f"/counts/{key}", "", 0) for key in ("checks_passed", "checks_failed")),
        book.counted("/counts/checks_informing", "only informs", "only inform"))
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
            Markup('{}<br><span class="small">{}</span>').format(
                book.at(f"/unknowns/{i}/title"), book.at(f"/unknowns/{i}/why_it_matters")),
            book.at(f"/unknowns/{i}/holder"),
            Markup("{} <span class=\"range\">({} to {})</span>{}").format(
                _value(book, i, "value", unit), _value(book, i, "low", "", unit), _value(book, i, "high", "", unit),
                _gauge(u)),
            _turns(book, i, unit)])
    lead = Markup("{} not been published; the one that moves the saving most is “{}”, held by {}.").format(
        book.counted("/counts/unknowns", "figure has", "figures have"), book.at("/unknowns/0/title"),
        book.at("/unknowns/0/holder"))
    head = [("What", ""), ("Who holds it", ""), ("We used (range)", ""), ("The saving turns at", "")]
    table = tabled("unknowns-table", "Those that matter most, and where they would turn the saving into a loss", head,
                   body[:TOP], [False, False, True, True])
    rest = replace(tabled("unknowns-rest", "The others", head, body[TOP:], [False, False, True, True]), folded=True)
    return Section("unknowns", "What nobody has published", lead, (
        table, *((rest,) if body[TOP:] else ()), Heading(Markup("Words you can send")),
        Paragraph(Markup("Anyone may ask under the Freedom of Information Act. The words below are ready to use.")),
        Points(tuple(request(book, i) for i in range(min(len(found), 8))))))


def request(book: Book, i: int) -> Markup:
    """The wording of an information request for one unknown: that of the results where they hold one."""
    name, held = cast("list[Json]", book.results["unknowns"])[i]["name"], book.column("information_requests", "request")
    ready = book.rows("information_requests", assumption=name)
    if ready and held is not None:
        return book.cell("information_requests", ready[0][0], held)
    return Markup("<strong>To {}.</strong> Under the Freedom of Information Act please send me this figure, for each "
                  "area named in “{}”, as it stood on {}: “{}”. Please name the document it is taken from. If you hold "
                  "it in another form, please send that.").format(
        book.at(f"/unknowns/{i}/holder"), book.at("/case/title"), book.day("/case/as_of"),
        book.at(f"/unknowns/{i}/title"))


def method(book: Book, record: str) -> Section:
    """How each figure was made, the data and licences, the glossary, and how to cite and repeat this."""
    blocks: list[Block] = list(optional(
        *made_with(book), measures_table(book),
        view(book, "assumptions", folded=True, drop=("name", "url", "quality")), data_table(book),
        Heading(Markup("Glossary")), Points(tuple(
            bold(Markup("{}:").format(term), meaning) for term, meaning in glossary())),
        Heading(Markup("Cite this")), Paragraph(cite(book, record)),
        Heading(Markup("Repeat this")), Paragraph(repeat(book)),
    ))
    return Section("method", "Method, data and licences", Markup(
        "Anyone can repeat this appraisal on their own machine and get the same bytes."), tuple(blocks))


def made_with(book: Book) -> tuple[Paragraph, ...]:
    """How figures, ranges and the answer come about, with the number of sets of assumptions and the seed."""
    return (
        Paragraph(Markup(
            "Every figure on this page is read from one file, results.json, that travels with it. A range holds nine "
            "in ten of the sets of assumptions that agree with what has been published. Where a figure is missing it "
            "says <em>not known</em>; it is never set to nought.")),
        Paragraph(Markup("{} sets of assumptions were tried with seed {}.").format(
            book.at("/provenance/draws", "", 0), book.at("/provenance/seed", style="raw"))),
        Paragraph(Markup("The answer follows a rule written before the results; its fingerprint is {}.").format(
            Markup('<code class="hash" data-ref="/verdict/rule_sha256">{}</code>').format(
                cast(Json, book.results["verdict"]).get("rule_sha256", "")))))


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
    return Markup('<code>bailiwick appraise <span data-ref="/case/name">{}</span> --as-of <span data-ref="/case/as_of">'
                  '{}</span> --seed <span data-ref="/provenance/seed">{}</span></code>').format(
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


def measures_table(book: Book) -> TableView | None:
    """Every measure with its definition, unit and method, folded; None where there is none."""
    if not book.measures:
        return None
    body = [[book.at(f"/measures/{m}/title"), book.at(f"/measures/{m}/definition"),
             escape(headed(f"/measures/{m}/unit", _unit(str(told["unit"])))),
             book.at(f"/measures/{m}/reference") if told.get("reference") else Markup("")]
            for m, told in book.measures.items()]
    table = tabled("measures-table", "How each measure is made",
                   [("Measure", ""), ("Definition", ""), ("Unit", ""), ("Method from", "")], body, [False] * 4)
    return replace(table, folded=True)


def _unit(unit: str) -> str:
    return words.unit_words(unit, None) or ("£" if words.is_money(unit) else "%" if words.is_share(unit) else unit)


def data_table(book: Book) -> TableView | None:
    """Every file that was read with its publisher, licence, date and fingerprint, folded; None where there is none."""
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
    return replace(table, folded=True)
