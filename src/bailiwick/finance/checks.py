"""Do the money figures hold together: no line twice, equal money equal, nothing sunk, one price base?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from bailiwick.case import Case
from bailiwick.finance.books import books
from bailiwick.finance.cashflow import net_present_value, yearly_rate
from bailiwick.finance.ledger import Line, counted_twice, flows
from bailiwick.finance.pay import fits
from bailiwick.finance.posts import Counts, needs_merger, option_of_kind
from bailiwick.finance.precepts import force_of, levies, merging_forces, unknown
from bailiwick.findings import Check

_PENCE = 0.01


def cuts_differ(case: Case) -> tuple[Check, ...]:
    """Whether `cuts` and the proposal have different posts, as they must while any line needs the merger."""
    kept = books(case)
    cut, merged = option_of_kind(case, "cuts").name, option_of_kind(case, "proposed").name
    same = _identical(kept.account(cut).posts, kept.account(merged).posts)
    needed = _any_needed(case, kept.today, kept.account(merged).posts)
    said = "the same posts" if same else "different posts"
    return (Check("Cuts without merging are not the merger under another name", not (same and needed),
                  f"`{cut}` and `{merged}` have {said}; "
                  + ("part of the reduction needs the merger" if needed else "no reduction needs the merger")),)


def _identical(a: Counts, b: Counts) -> bool:
    return all(math.isclose(x, y, abs_tol=1e-9) for x, y in zip(a, b, strict=True))


def _any_needed(case: Case, today: Counts, merged: Counts) -> bool:
    return any(share > 0 and abs(now - then) > 1e-9
               for share, now, then in zip(needs_merger(case), today, merged, strict=True))


def equal_money(case: Case) -> tuple[Check, ...]:
    """Whether `cuts` saves to the penny what the proposal saves a year."""
    kept = books(case)
    gap = kept.account(option_of_kind(case, "cuts").name).saving \
        - kept.account(option_of_kind(case, "proposed").name).saving
    short = "" if kept.balance.short <= _PENCE else "; there are too few constables to close it"
    return (Check("Cuts cost a year what the proposal costs", abs(gap) <= _PENCE,
                  f"difference GBP {abs(gap):,.2f} a year{short}"),)


def no_double_counting(case: Case) -> tuple[Check, ...]:
    """Whether every saving is credited once."""
    return (double_counting(tuple(line for a in books(case).accounts for line in a.lines)),)


def double_counting(lines: tuple[Line, ...]) -> Check:
    """The check of any ledger lines: none feeds two headline benefits."""
    twice = counted_twice(lines)
    return Check("No saving is counted twice", not twice,
                 "each saving feeds one total" if not twice else "counted twice: " + "; ".join(twice[:5]))


def ledger_adds_up(case: Case) -> tuple[Check, ...]:
    """Whether a full year's savings by line equal the difference in cost, and each year's flow its lines."""
    kept = books(case)
    wrong = [a.option.name for a in kept.accounts
             if not math.isclose(a.saving, kept.today_cost - a.posts_cost + a.estate_saving, abs_tol=1.0)]
    return (Check("The ledger adds up", not wrong,
                  "savings by line equal today's cost less the option's" if not wrong
                  else "they do not under " + ", ".join(wrong)),)


def one_price_base(case: Case) -> tuple[Check, ...]:
    """Whether all money, in the ledger and in the assumptions, is in one year's prices."""
    found = {line.price_base for a in books(case).accounts for line in a.lines}
    found |= {a.price_base for name, a in case.assumptions.items() if name.startswith("finance.") and a.price_base}
    return (Check("One price base", len(found) <= 1, "prices of " + (" and ".join(sorted(found)) or "no year")),)


def sunk_excluded(case: Case) -> tuple[Check, ...]:
    """Whether leaving the sunk lines out of the ledger changes no total."""
    kept = books(case)
    wrong, sunk = [], 0.0
    for a in kept.accounts:
        live = tuple(line for line in a.lines if not line.sunk)
        sunk = max(sunk, math.fsum(line.amount for line in a.lines if line.sunk))
        if flows(live, kept.years, "economic", kept.factors) != kept.net(a.option.name):
            wrong.append(a.option.name)
    return (Check("Money already spent is in no total", not wrong, f"GBP {sunk:,.0f} shown, none of it counted"),)


def transition_costed(case: Case) -> tuple[Check, ...]:
    """Whether every option that merges commands has a cost of change above zero."""
    kept = books(case)
    free = [a.option.name for a in kept.accounts
            if a.option.kind not in ("today", "cuts") and kept.one_off(a.option.name) <= 0]
    said = "no cost of change under " + ", ".join(free) if free else "every merger carries a cost of change"
    return (Check("Change is not free", not free, said),)


def precept(case: Case) -> tuple[Check, ...]:
    """Whether council-tax precepts would have to be made equal across the scheme, and what that would move."""
    merging, missing = merging_forces(case), unknown(case)
    if not merging:
        kept = sorted({force_of(case, code) for code in case.scheme.scope})
        return (Check("Precept equalisation", True, "does not arise: no force is merged with another "
                      f"({_named(kept)})"),)
    if missing:
        return (Check("Precept equalisation", None, f"the proposal merges {_named(merging)}: give the Band D precept "
                      f"and tax base of {_named(missing)}; the cost of one precept is unknown"),)
    changes = [levy.change for levy in levies(case)]
    return (Check("Precept equalisation", True, f"the proposal merges {_named(merging)}: one precept moves a "
                  f"Band D home by GBP {min(changes):,.2f} to {max(changes):,.2f} a year"),)


def _named(names: Sequence[str]) -> str:
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def settling_in_once(case: Case) -> tuple[Check, ...]:
    """Whether the time lost while settling in is one line, paid time only, and in no yearly saving.

    Late arrivals of the same months stay in their own units, in the forecast of response; no pound stands for them.
    """
    kept = books(case)
    wrong = []
    for a in kept.accounts:
        lines = [line for line in a.lines if line.item == "dip"]
        priced = [line for line in lines if line.headline != "settling in" or line.cash or not line.economic]
        if len(lines) > 1 or priced or any(s.item == "dip" for s in a.savings):
            wrong.append(a.option.name)
    return (Check("Settling in is priced once", not wrong, "one line of paid time; late arrivals are not in pounds"
                  if not wrong else "counted more than once under " + ", ".join(wrong)),)


def building_worth_once(case: Case) -> tuple[Check, ...]:
    """Whether a building's worth is in the economic view by its use and in the cash view by its sale, never both."""
    wrong = sorted({f"{line.option}: {line.item}" for a in books(case).accounts for line in a.lines
                    if (line.item.endswith(".sale") and line.counts_in("economic"))
                    or (line.item.endswith(".use") and line.counts_in("cash"))})
    return (Check("A building's worth is counted once in each view", not wrong,
                  "its use in the economic view, its sale in cash" if not wrong else "both: " + "; ".join(wrong)),)


def officer_floor(case: Case) -> tuple[Check, ...]:
    """Whether no line falls below zero and ring-fenced ward officers are not cut under any option."""
    kept = books(case)
    below = [f"{a.option.name}: {post.key}" for a in kept.accounts
             for post, n in zip(case.scheme.posts, a.posts, strict=True) if n < -1e-9]
    ward = [f"{a.option.name}: {post.key}" for a in kept.accounts
            for post, n, now in zip(case.scheme.posts, a.posts, kept.today, strict=True)
            if "ward officer" in post.role and n < now - 1e-9]
    wrong = below + ward
    return (Check("Officer floor", not wrong, "no line below zero, no ward officer's post cut" if not wrong
                  else "below the floor: " + "; ".join(wrong)),)


def unit_cost_agrees(case: Case) -> tuple[Check, ...]:
    """Whether our cost of a constable reproduces the published one within its stated discrepancy."""
    found = tuple(Check(
        "The published cost of a constable is reproduced", fit.agrees,
        f"ours GBP {fit.modelled:,.0f}, published GBP {fit.published:,.0f}, may differ by GBP {fit.discrepancy:,.0f}")
        for fit in fits(case))
    return found or (Check("The published cost of a constable is reproduced", None, "no such figure was published"),)


def savings_rest_on(case: Case) -> tuple[Check, ...]:
    """How much of the proposal's yearly saving rests on numbers of posts or buildings that nobody has published."""
    account = books(case).account(option_of_kind(case, "proposed").name)
    guessed = {post.key for post in case.scheme.posts
               if "guess" in (case.assumption(post.today).kind, case.assumption(post.proposed).kind)}
    rests = [s for s in account.savings if s.item in guessed or s.headline == "estate"]
    if not account.savings:
        return (Check("What the saving rests on", None, "nothing is saved a year"),)
    return (Check("What the saving rests on", None, f"{len(rests)} of the {len(account.savings)} lines of the yearly "
                  f"saving, GBP {math.fsum(s.pounds for s in rests):,.0f} of {account.saving:,.0f}, rest on numbers "
                  "that nobody has published; no business case stands behind them"
                  if rests else "every line rests on published numbers"),)


def rulebook_in_force(case: Case) -> tuple[Check, ...]:
    """Whether the discounting rulebook had been published by the date of the appraisal, and was not yet followed."""
    day, later = case.rulebook.get("published"), case.rulebook.get("superseded")
    known = isinstance(day, date) and case.published_by(day)
    text = f"{case.rulebook.get('title', 'the rulebook')}, published {day}"
    if known and isinstance(later, date) and case.published_by(later):
        return (Check("The discounting rules were in force", None, f"{text}; a later edition came out on {later}"),)
    return (Check("The discounting rules were in force", known, text),)


def discounting_twice(case: Case) -> tuple[Check, ...]:
    """Whether the net present value, worked out again by Horner's rule, is the same."""
    kept = books(case)
    worst = 0.0
    for a in kept.accounts:
        net = kept.net(a.option.name)
        worst = max(worst, abs(net_present_value(net, case.rulebook) - _horner(case, net)))
    return (Check("Two ways of discounting agree", worst <= 1.0, f"largest difference GBP {worst:,.4f}"),)


def _horner(case: Case, net: tuple[float, ...]) -> float:
    value = 0.0
    for year in range(len(net) - 1, -1, -1):
        value = net[year] + value
        if year:
            value /= 1 + yearly_rate(case.rulebook, year)
    return value
