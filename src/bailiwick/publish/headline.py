"""Which figures head a page, and who loses by them?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from markupsafe import Markup

from bailiwick.publish.bound import Book, listed
from bailiwick.publish.results import Json

ANSWERS = {
    "worthwhile": "Worthwhile",
    "worthwhile only if": "Worthwhile only if conditions are met",
    "not worthwhile": "Not worthwhile",
    "cannot be judged": "Cannot be judged on public data",
}
SAVING, FROM_MERGING = "finance.saving_a_year", "finance.saving_from_merging"
ONE_OFF, PRESENT_VALUE = "finance.one_off_cost", "finance.net_present_value"
PAYBACK, EXIT = "finance.payback_years", "finance.exit_cost"
REVERSAL = "finance.pause_break_even_chance"
PEOPLE, DISTANCE = "locality.residents_per_commander", "locality.distance_to_headquarters"
TRAVEL = "locality.travel_time_to_headquarters"
NEUTRAL = "finance.service_neutral_saving"
FEW = 6
"""So many areas are named in a sentence; more are told by the least and the most."""


def changed_areas(book: Book, measure: str, state: str = "worse", against: str = "today") -> list[Json]:
    """The proposal's findings for the areas whose change by a measure has that state, the biggest change first."""
    proposed = named(book, "proposed")
    found = [f for code in book.scope if (f := book.finding(measure, proposed, code))]
    return sorted((f for f in found if book.state(f, against) == state), key=lambda f: -abs(size(f, against)))


def worst_measures(book: Book, most: int = 3) -> list[tuple[str, list[Json]]]:
    """The service and closeness measures under which areas lose by the proposal, those with most losers first."""
    rows = [(name, changed_areas(book, name)) for name, m in book.measures.items()
            if m["role"] in ("service", "closeness")]
    order = {PEOPLE: 0, DISTANCE: 1}
    kept = [row for row in rows if row[1]]
    kept.sort(key=lambda row: (book.measures[row[0]]["role"] != "service", order.get(row[0], 2), -len(row[1])))
    return kept[:most]



def losers(book: Book, measure: str, found: Sequence[Json]) -> Markup:
    """Who loses by a measure, in a sentence with the biggest loss."""
    title = book.at(f"/measures/{measure}/title")
    most = book.area(str(found[0]["subject"]))
    if len(found) == 1:
        return Markup("{}: {} ({})").format(title, most, book.changed(found[0], "today"))
    names = Markup("everywhere") if len(found) == len(book.scope) else places(book, found)
    return Markup("{}: {} (most in {}: {})").format(title, names, most, book.changed(found[0], "today"))


def places(book: Book, found: Sequence[Json]) -> Markup:
    """The areas of some findings in words: by name where they are few."""
    if len(found) <= FEW:
        return listed([book.area(str(f["subject"])) for f in found])
    if len(found) == len(book.scope):
        return Markup("every area")
    return Markup("most areas") if 2 * len(found) > len(book.scope) else Markup("several areas")


def by_area(book: Book, found: Sequence[Json], style: str = "phrase") -> Markup:
    """Each area's figure in words; where areas are many, the least and the most."""
    said = [Markup("{} in {}").format(book.said(f, style=style), book.area(str(f["subject"]))) for f in found]
    if len(found) <= FEW:
        return listed(said)
    known = [(float(cast(float, f["value"])), i) for i, f in enumerate(found) if f["value"] is not None]
    if not known:
        return Markup("a number that is not known")
    return Markup("from {} to {}").format(said[min(known)[1]], said[max(known)[1]])


def size(found: Json, against: str) -> float:
    """The change of a finding against another option; nought where none is known."""
    change = next((c for c in cast("list[Json]", found["changes"]) if c["against"] == against), None)
    return float(cast(float, change["value"])) if change and change["value"] is not None else 0.0


def named(book: Book, kind: str) -> str:
    """The name of the first option of a kind; empty where there is none."""
    option = book.of_kind(kind)
    return str(option["name"]) if option else ""
