"""How would each side put its strongest honest case, and what would settle the matter between them?

Both cases are made from the stored results: for each side one accepted set, its figures beside their range over all
accepted sets, every figure with the id of the finding it belongs to, and what the other side will answer.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

from bailiwick.errors import CaseError, MethodError, nearest
from bailiwick.publish import words
from bailiwick.publish.bound import Book
from bailiwick.publish.brief_points import Point, against, in_favour
from bailiwick.publish.brief_sets import Sets, sets_of
from bailiwick.publish.results import Json

READERS = {"mayor": "for", "council": "against"}
"""Whose side each reader takes: the promoter's and the critic's."""

TITLES = {"for": "The case for the merger", "against": "The case against the merger"}
WIDTH = 110
FEW = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """One assumption in which the two cases must differ: what each takes, how far it may lie, and who knows."""

    assumption: str
    title: str
    holder: str
    in_favour: str
    against: str
    range: str


def brief(document: Json, reader: str) -> tuple[list[str], object]:
    """Both cases, the reader's own first, in how little they differ, and the one figure that would settle most.

    Errors: CaseError for another reader than council or mayor, MethodError where no set has every number.
    """
    if reader not in READERS:
        raise CaseError("brief", "--for", got=reader, expected="council or mayor", hint=nearest(reader, READERS))
    book = Book(document)
    sets = sets_of(book)
    if sets is None:
        raise MethodError("no accepted set has every number that the rule asks for, so neither case can be made: "
                          "raise --draws, or see `bailiwick questions`")
    cases = {"for": in_favour(book, sets), "against": against(book, sets)}
    order = [READERS[reader], *(side for side in cases if side != READERS[reader])]
    lines = list(_heading(book, sets))
    for side in order:
        lines += ["", TITLES[side].upper(), *_wrapped(_opening(side, sets))]
        for n, point in enumerate(cases[side], 1):
            lines += _printed(n, point)
    found = differences(book)
    lines += ["", "WHERE THE TWO CASES PART", *_wrapped(_parting(book, found))]
    for one in found[:FEW]:
        lines += textwrap.wrap(f"- {one.title}: {one.in_favour} in the case for, {one.against} in the case against "
                               f"(it may lie anywhere from {one.range}). Held by: {one.holder}.", WIDTH,
                               subsequent_indent="  ")
    if len(found) > FEW:
        lines.append(f"- and {len(found) - FEW} more, in the table `contrast` of the results.")
    settled = settling(book, found)
    lines += ["", "THE ONE FIGURE TO ASK FOR", *_wrapped(settled["text"])]
    if settled["request"]:
        lines += ["", *_wrapped(settled["request"])]
    data = {"reader": reader, "answer": cast(Json, document["verdict"])["answer"],
            "cases": {side: [asdict(point) for point in points] for side, points in cases.items()},
            "differences": [asdict(one) for one in found], "settles": settled}
    return lines, data


def differences(book: Book) -> tuple[Difference, ...]:
    """The fewest assumptions found in which the two cases must differ, the one that moves most first."""
    rows = [dict(zip(cast("list[str]", book.tables["contrast"]["columns"]), row, strict=True))
            for _, row in book.rows("contrast")]
    found = []
    for row in rows:
        unit = str(row["unit"])
        told = [_said(row[key], unit) for key in ("in_the_case_for", "in_the_case_against", "from", "to")]
        holder = str(row["holder"]) or "Whoever published it"
        found.append(Difference(str(row["assumption"]), str(row["title"]), holder, told[0], told[1],
                                f"{told[2]} to {told[3]}"))
    weight = _weights(book)
    return tuple(sorted(found, key=lambda one: -weight.get(one.assumption, 0.0)))


def settling(book: Book, found: Sequence[Difference]) -> dict[str, str]:
    """The figure whose disclosure would settle most: its name, why, and the words to ask for it."""
    shares = {str(u["name"]): float(cast(float, u["settles"])) for u in cast("list[Json]", book.results["unknowns"])}
    among = [one.assumption for one in found if one.assumption in shares] or list(shares)
    if not among:
        return {"assumption": "", "text": "Nothing that matters is unknown.", "request": ""}
    name = max(among, key=lambda one: shares[one])
    row = next((dict(zip(cast("list[str]", book.tables["information_requests"]["columns"]), r, strict=True))
                for _, r in book.rows("information_requests", assumption=name)), {})
    if shares[name] > 0:
        why = f"Learning it would settle the answer in {shares[name]:.0%} of the sets that fit what was published."
    else:
        why = _turning(book, name) or "No single figure settles the answer; where the cases part, it comes first."
    title = str(row.get("figure", name))
    return {"assumption": name, "text": f"{title}. {why}", "request": str(row.get("request", ""))}


def _turning(book: Book, name: str) -> str:
    rows = [dict(zip(cast("list[str]", book.tables["what_decides"]["columns"]), r, strict=True))
            for _, r in book.rows("what_decides", assumption=name) if r]
    turned = [row for row in rows if row["turns_at"] is not None]
    if not turned:
        return ""
    unit = str(turned[0]["unit"])
    told = "; ".join(f"at {_said(row['turns_at'], unit)} for “{row['headline_title']}”" for row in turned)
    return (f"No single figure settles every question, but this one comes nearest. The answer turns {told}: a line "
            "through the accepted sets, so take the point as rough.")


def _weights(book: Book) -> dict[str, float]:
    """How much of the range of a headline each assumption moves, at most, over the headlines of the table."""
    found: dict[str, float] = {}
    columns = cast("list[str]", book.tables["what_decides"]["columns"])
    rows = [dict(zip(columns, row, strict=True)) for _, row in book.rows("what_decides")]
    for row in rows:
        if row["method"] == "fitted":
            name = str(row["assumption"])
            found[name] = found.get(name, 0.0) + 1.0
    return found


def _heading(book: Book, sets: Sets) -> Iterator[str]:
    yield f"{book.case['title']}, as known on {words.day(str(book.case['as_of']))}"
    yield from _wrapped(
        f"{sets.count} sets of assumptions fit what was published, and none is more likely than another. Each side "
        "below picks the set that serves it best and says so. Brackets hold the lowest and the highest figure of all "
        "the sets; ids in square brackets open the figure (bailiwick why).")
    verdict = cast(Json, book.results["verdict"])
    yield from _wrapped(f"By the rule, the answer is: {verdict['answer']}. The rule is met in {sets.passed} of "
                        f"{sets.count} sets.")


def _opening(side: str, sets: Sets) -> str:
    chosen = sets.of(side)
    met = "meets" if chosen.passes else "does not meet"
    return f"Taken from set {chosen.number}, which {met} the rule."


def _printed(n: int, point: Point) -> list[str]:
    ids = " ".join(f"[{figure.finding}]" for figure in point.figures)
    return [*textwrap.wrap(f"{n}. {point.text}", WIDTH, subsequent_indent="   "),
            *textwrap.wrap(f"The other side will say: {point.reply}", WIDTH, initial_indent="   ",
                           subsequent_indent="   "),
            *textwrap.wrap(ids, WIDTH, initial_indent="   ", subsequent_indent="   ", break_long_words=False,
                           break_on_hyphens=False)]


def _parting(book: Book, found: Sequence[Difference]) -> str:
    note = str(book.tables["contrast"]["note"])
    if not found:
        return note
    count = words.count(len(found), "thing", "things")
    only = " only" if len(found) <= FEW else ", and no fewer were found"
    return f"They need to disagree about {count}{only}. {note}"


def _said(value: object, unit: str) -> str:
    number = cast("float | None", value)
    return words.phrase(number, unit, 2 if words.is_share(unit) or (number is not None and abs(number) < 10) else 0)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH)
