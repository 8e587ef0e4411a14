"""What does a post of each rank cost a year, and do our figures reproduce the one the Met published?"""

from __future__ import annotations

from bailiwick.case import Case
from bailiwick.findings import Fit

_EMPLOYED = ("staff", "pcso")


def employer_cost(basic: float, additions: float, on_costs: float) -> float:
    """The yearly cost of one post: pay and additions to pay, times one plus what the employer pays on top.

    `on_costs` is the multiplier of National Insurance and pension contributions.

    >>> employer_cost(35_000, 6_000, 1.25)
    51250.0
    """
    return (basic + additions) * on_costs


def cost_of_post(case: Case, rank: str) -> float:
    """The yearly cost of a post of that rank, pounds at the case's price base; CaseError for a rank without pay."""
    basic = case.value("finance.pay." + rank.replace(" ", "_"))
    if rank in _EMPLOYED:
        return employer_cost(basic, case.value("finance.pay.staff_weighting"), case.value("finance.pay.staff_on_costs"))
    additions = case.value("finance.pay.london_weighting") + case.value("finance.pay.london_allowance")
    return employer_cost(basic, additions, case.value("finance.pay.on_costs"))


def fits(case: Case) -> tuple[Fit, ...]:
    """The published money figures that this case or draw must reproduce, each with ours.

    The one in force: £8 million a year said to equal 140 constables (figure `constables_for_8m`), so £57,143 a post.
    A figure that is hidden at the appraisal's date is not matched.
    """
    table = case.tables.get("figures")
    rows = table.where(id="constables_for_8m", role="fit") if table else ()
    found = []
    for row in rows:
        told = row["value"]
        if isinstance(told, (int, float)) and told > 0:
            found.append(Fit(
                "constables_for_8m", cost_of_post(case, "constable"), case.value("finance.fit.saving") / told,
                case.value("finance.fit.discrepancy")))
    return tuple(found)
