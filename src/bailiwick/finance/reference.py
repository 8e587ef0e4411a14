"""What did other mergers cost for each pound they were to save, and to undo, beside what is reckoned here?

The outside view: a plan's own sum of its parts leaves out what it did not think of; the costs of plans of the same kind
do not (Kahneman and Tversky 1979, Intuitive prediction; HM Treasury, supplementary guidance on optimism bias).
"""

from __future__ import annotations

from collections.abc import Iterator

from bailiwick.case import Case
from bailiwick.finance.books import books
from bailiwick.finance.posts import option_of_kind
from bailiwick.tables import Cell, ResultTable

_PAIRS = (
    ("to set up", "merger cost", "merger saving", 1.0, "years of the yearly saving"),
    ("to undo", "merger exit", "merger budget", 100.0, "% of the yearly budget"),
)
"""What is compared: the topic of the cost, the topic of what it is measured by, the factor and the unit."""


def reference_class(case: Case) -> ResultTable:
    """Published costs of setting up and undoing other mergers against their saving or budget, then the proposal's own.

    From figures of topic `merger cost` and `merger saving`, `merger exit` and `merger budget`, paired by subject; no
    rows where the case has no pair that was public on its day.
    """
    others = [row for pair in _PAIRS for row in _published(case, pair)]
    kinds = {str(row[1]) for row in others}
    rows = tuple(others) + tuple(row for row in _own(case) if str(row[1]) in kinds)
    return ResultTable(
        "reference_class", "What other mergers cost, beside what is reckoned here",
        ("merger", "what", "cost", "measured by", "ratio", "in", "source"),
        ("", "", "GBP million", "GBP million", "", "", ""), rows, (),
        "Published plans and outturns in prices of their day; a ratio far below the others' says that something may "
        "have been left out." if rows else "")


def _published(case: Case, pair: tuple[str, str, str, float, str]) -> Iterator[tuple[Cell, ...]]:
    what, cost, base, factor, unit = pair
    table = case.tables.get("figures")
    found = {(str(row["topic"]), str(row["subject"])): row for row in table or ()}
    for (topic, subject), row in found.items():
        other = found.get((base, subject))
        if topic != cost or other is None or not other["value"]:
            continue
        spent, measure = float(str(row["value"])), float(str(other["value"]))
        yield (subject, what, spent, measure, round(factor * spent / measure, 2), unit, row["source"])


def _own(case: Case) -> Iterator[tuple[Cell, ...]]:
    kept = books(case)
    name = option_of_kind(case, "proposed").name
    account = kept.account(name)
    one_off = kept.one_off(name)
    if account.saving > 0:
        yield ("this proposal", "to set up", round(one_off / 1e6, 2) + 0.0, round(account.saving / 1e6, 2),
               round(one_off / account.saving, 2) + 0.0, _PAIRS[0][4], "this appraisal")
    if kept.today_cost > 0:
        yield ("this proposal", "to undo", round(account.exit / 1e6, 2), round(kept.today_cost / 1e6, 2),
               round(100 * account.exit / kept.today_cost, 2), _PAIRS[1][4], "this appraisal")
