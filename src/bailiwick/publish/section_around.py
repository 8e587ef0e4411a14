"""Who gains and who loses, how would it be run, who was asked, and how did the rule reach its answer?"""

from __future__ import annotations

from typing import cast

from markupsafe import Markup

from bailiwick.publish import words
from bailiwick.publish.bound import Book, listed
from bailiwick.publish.front import OTHER_RULES
from bailiwick.publish.headline import (
    ANSWERS,
    FROM_MERGING,
    NEUTRAL,
    ONE_OFF,
    PEOPLE,
    SAVING,
    losers,
    named,
    worst_measures,
)
from bailiwick.publish.page import Block, Paragraph, Points, Section, TableView, bold, optional, tabled, view
from bailiwick.publish.results import Json

_SIGNS = {"better": "▲", "worse": "▼", "same": "■", "not shown": "?"}
_TOWN_TABLES = ("cost_shares", "precept_equalisation")


def fairness(book: Book) -> Section:
    """What each area gains and loses against cuts alone, side by side, and what is not known about people in it."""
    worst = worst_measures(book, most=1)
    if worst:
        lead = Markup("By what could be measured, the clearest loss is this. {}.").format(losers(book, *worst[0]))
    else:
        lead = Markup("No area is shown to lose by what could be measured.")
    blocks = optional(
        _gains_and_losses(book),
        *(view(book, name) for name in _TOWN_TABLES),
        Paragraph(Markup("This case holds no figures by deprivation, age, disability, ethnicity or faith. So it cannot "
                         "say whether any group of people would lose more than another. The public sector equality "
                         "duty needs a person to weigh that; no program can.")))
    return Section("fairness", "Who gains and who loses", lead, blocks)


def rule(book: Book) -> Section:
    """How the rule, written before the results, reached its answer; under other rules; and what would change it."""
    verdict = cast(Json, book.results["verdict"])
    title = cast(Json, book.case.get("rules", {})).get("title")
    blocks: list[Block] = []
    if title:
        blocks.append(Paragraph(Markup("The rule: {}.").format(book.at("/case/rules/title"))))
    blocks.append(Points(tuple(book.at(f"/verdict/reasons/{i}") for i in range(
        len(cast("list[str]", verdict["reasons"]))))))
    other = tuple(Markup("{}: {}.").format(OTHER_RULES.get(name, words.human(name)),
                                           book.at(f"/verdict/under_other_rules/{name}"))
                  for name in cast(Json, verdict["under_other_rules"]))
    if other:
        blocks.append(Points(other))
    blocks += optional(_conditions(book))
    lead = Markup("The answer is <em>{}</em>. {}").format(
        Markup('<span data-ref="/verdict/answer">{}</span>').format(ANSWERS[str(verdict["answer"])].lower()),
        book.at("/verdict/sentence"))
    return Section("rule", "How the rule reached the answer", lead, tuple(blocks))


def delivery(book: Book) -> Section:
    """Benefits with their baseline and who answers for them, buildings, and how harm would be seen."""
    rows = _benefits(book)
    roles = cast(Json, book.case.get("roles", {}))
    unnamed = not any(roles.values())
    lead = Markup("Nobody is named as owner of any benefit, so nobody would answer if it did not come.") if unnamed \
        else Markup("Each benefit needs an owner, a baseline, a target and a date.")
    table = tabled("benefits", "Benefits register: what is promised, from where, to where, and who answers for it",
                   [("Benefit", ""), ("Today", ""), ("As proposed", ""), ("Owner", ""), ("By", "")], rows,
                   [False, True, True, False, False]) if rows else None
    blocks = optional(
        table, view(book, "estate", folded=True, caption=Markup("Buildings kept, released and opened")),
        Paragraph(Markup("Contracts, computers, vehicles and staff consultation are not in this case. They belong to "
                         "the commercial and management case that the promoter must write.")))
    return Section("delivery", "How it would be run and who answers for it", lead, blocks)


def consultation(book: Book) -> Section:
    """What was asked and answered, where the case records it; otherwise that it records none."""
    tables = [name for name in book.tables if name.startswith(("consultation", "register_consultation"))]
    blocks = optional(*(view(book, name) for name in tables))
    if blocks:
        return Section("consultation", "Consultation", Markup("What people were asked, what they said, and what "
                                                             "changed because of it."), blocks)
    asked = Points((
        bold("Fair consultation asks early:", "before the decision is made, with enough reasons to judge it by."),
        bold("Enough time:", "so that councils and residents can answer."),
        bold("Answers weighed:", "what was said, and what changed because of it, are published side by side.")))
    return Section("consultation", "Consultation", Markup(
        "This case records no consultation: neither what was asked nor what was answered."), (asked,))


def _gains_and_losses(book: Book) -> TableView | None:
    proposed = named(book, "proposed")
    shown = [m for m, told in book.measures.items() if told["role"] in ("service", "closeness")
             and any(book.finding(m, proposed, code) for code in book.scope)]
    if not shown:
        return None
    body = []
    for measure in shown:
        against = "cuts" if book.measures[measure]["role"] == "service" else "today"
        cells = []
        for code in book.scope:
            found = book.finding(measure, proposed, code)
            sign = _SIGNS.get(book.state(found, against), "")
            cells.append(Markup('<span aria-hidden="true">{}</span> {}').format(sign, book.changed(found, against)))
        body.append([Markup("{}, against {}").format(
            book.at(f"/measures/{measure}/title"), {"cuts": "cuts alone"}.get(against, against)), *cells])
    some = book.scope[:6]
    table = tabled("gains", "Each area’s change, by each measure of service and closeness",
                   [("Measure", ""), *((book.names.get(code, code), "") for code in some)],
                   [row[:1 + len(some)] for row in body], [False] * (1 + len(some)))
    return TableView(table.id, table.caption, table.head, table.body, table.numeric, note=Markup(
        "▲ better, ▼ worse, ■ about the same, ? the figures cannot tell. Service is set against cuts alone, at the "
        "same money; closeness against today."), cut=len(book.scope) > len(some))


def _conditions(book: Book) -> TableView | None:
    listed_ = cast("list[Json]", book.results["conditions"])
    if not listed_:
        return None
    body = []
    for i, told in enumerate(listed_):
        protects = [book.area(code) for code in cast("list[str]", told["protects"])]
        body.append([book.at(f"/conditions/{i}/setting"),
                     book.at(f"/conditions/{i}/cost_a_year/value", "GBP a year", 0, style="cell"),
                     listed(protects) or Markup("no area is shown"), book.at(f"/conditions/{i}/verdict_with")])
    return tabled("conditions", "What could be asked for, its price, and the answer with it",
                  [("Condition", ""), ("Cost a year", "£"), ("Protects", ""), ("The answer with it", "")], body,
                  [False, True, False, False])


def _benefits(book: Book) -> list[list[Markup]]:
    proposed, roles = named(book, "proposed"), cast(Json, book.case.get("roles", {}))
    owner = Markup('<span data-ref="/case/roles/commissioner">{}</span>').format(roles["commissioner"]) \
        if roles.get("commissioner") else Markup('<span class="missing">not named</span>')
    when = book.day("/case/effective") if book.case.get("effective") else Markup("no date")
    service = [m for m, told in book.measures.items() if told["role"] == "service"][:2]
    rows = []
    for measure in (SAVING, FROM_MERGING, NEUTRAL, ONE_OFF, *service, PEOPLE):
        subject = "scheme" if measure != PEOPLE else next(iter(book.scope), "scheme")
        found = book.finding(measure, proposed, subject)
        if found is None:
            continue
        title = book.at(f"/measures/{measure}/title")
        if subject != "scheme":
            title = Markup("{}, {}").format(title, book.area(subject))
        rows.append([title, book.short(book.finding(measure, "today", subject)), book.short(found), owner, when])
    return rows
