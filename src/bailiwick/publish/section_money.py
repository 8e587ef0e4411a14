"""What does it save, what does it cost, when is it paid back, and how much of that is the merger's own?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import charts, words
from bailiwick.publish.bound import Book, listed, plain
from bailiwick.publish.charts import Datum, drawn
from bailiwick.publish.front import EXIT, FROM_MERGING, ONE_OFF, PAYBACK, PRESENT_VALUE, REVERSAL, SAVING
from bailiwick.publish.page import (
    NOTHING,
    Block,
    Figure,
    Heading,
    Paragraph,
    Points,
    Section,
    TableView,
    bold,
    optional,
    sourced,
    tabled,
    view,
)
from bailiwick.publish.results import Json

BUDGET = "finance.real_budget_change"
_KINDS = {"today": "today", "cuts": "cuts alone", "proposed": "the proposal", "redesigned": "the redesign",
          "pause": "a pause"}


def options(book: Book) -> Section:
    """The options side by side on the money that was found for each."""
    rows = []
    for i, option in enumerate(book.options):
        name = str(option["name"])
        rows.append([book.at(f"/options/{i}/title") if option.get("title") else escape(name),
                     book.at(f"/options/{i}/command_count", "", 0),
                     *(book.short(book.finding(m, name)) for m in (SAVING, FROM_MERGING, ONE_OFF))])
    table = tabled("options-table", "Every option on the same five questions",
                   [("Option", ""), ("Commands", ""), ("Saving a year", "£"), ("Of it, from merging", "£"),
                    ("Cost to set up", "£")], rows, [False, True, True, True, True])
    lead = _options_lead(book)
    note = Paragraph(Markup(
        "Two options stand beside every figure. <em>Today</em> is how things are. <em>Cuts alone</em> reaches the "
        "proposal’s yearly budget without merging anybody: what merging itself does is the difference between the "
        "two. To credit a merger with savings that could be had without it is the oldest mistake in this field."))
    return Section("options", "The options", lead, optional(_saving_chart(book), table, note))


def money(book: Book) -> Section:
    """Savings, cost, cash by year, posts, comparisons, programme and pause."""
    name = _proposed(book)
    saving, merging = book.finding(SAVING, name), book.finding(FROM_MERGING, name)
    if saving is None or saving["value"] is None:
        lead = Markup("What the proposal would save is {}.").format(book.said(saving))
    elif cast(float, saving["value"]) < 0:
        lead = Markup("The proposal would not save money: it would cost {} more than today{}.").format(
            book.said(saving, style="size"), book.likely(saving))
    else:
        lead = Markup("The proposal would save {} once settled{}; {} of that is the merger’s own.").format(
            book.said(saving), book.likely(saving), book.said(merging, style="amount"))
    blocks: list[Block] = list(optional(
        Paragraph(_present(book, name)), _waterfall(book, name), _cash(book, name),
        Heading(Markup("Posts by rank")), _posts(book), _folded(book, "posts_by_rank"),
        Heading(Markup("What merging itself does: three comparisons, never mixed")),
        Paragraph(Markup("At <strong>equal money</strong> we ask which posts are kept. At <strong>equal "
                         "service</strong> we ask what is saved once each option has bought back the service it lost. "
                         "At <strong>equal posts</strong> no yearly saving is possible: what is left is the cost of "
                         "the change itself.")),
        *_compared(book), _attribution(book, name),
        view(book, "horizons", folded=True),
        Heading(Markup("If you wait")), Paragraph(_waiting(book)), view(book, "pause"),
        Heading(Markup("Who would pay, and who would pay more")), view(book, "precept"), view(book, "cost_shares"),
        Heading(Markup("What other mergers cost")), view(book, "reference_class"),
        Heading(Markup("The wider programme")), view(book, "programme_views"), view(book, "sunk_costs"),
        view(book, "before_and_after", folded=True), view(book, "estate", folded=True), _folded(book, "ledger"),
        view(book, "cash_by_year", folded=True),
    ))
    return Section("money", "Money", lead, tuple(_without_bare_headings(blocks)))


def budget(book: Book) -> Section:
    """The police budget in real terms and what share of the gap this proposal closes."""
    figure = _budget_chart(book)
    change = book.finding(BUDGET, "today")
    if change is not None and change["value"] is not None:
        way = "less" if cast(float, change["value"]) < 0 else "more"
        lead = Markup("After price rises, the coming year’s budget buys {} {} than this year’s{}.").format(
            book.said(change, style="size"), way, _likely_size(book, change))
    elif figure is not None:
        lead = figure.headline + "."
    else:
        lead = Markup("The budget behind this proposal is not in this case, so its share of the gap is not known.")
    return Section("budget", "The budget in real terms", lead, optional(
        figure, Paragraph(_share_of_gap(book)), view(book, "budget", folded=figure is not None)))


def _likely_size(book: Book, found: Json) -> Markup:
    low, high = cast("float | None", found["low"]), cast("float | None", found["high"])
    if low is None or high is None or low * high <= 0:
        return book.likely(found)
    near, far = ("high", "low") if high < 0 else ("low", "high")
    return Markup(' <span class="range">(likely {} to {})</span>').format(
        book.said(found, key=near, style="size"), book.said(found, key=far, style="size"))


def _share_of_gap(book: Book) -> Markup:
    found = book.rows("budget")
    parts = []
    for column, words_ in (("share of savings to find", "of the savings still to be found"),
                           ("share of savings not identified", "of the savings that had not been identified")):
        place = book.column("budget", column)
        known = [i for i, row in found if place is not None and row[place] is not None]
        if place is not None and known:
            parts.append(Markup("{} {}").format(book.cell("budget", known[-1], place), words_))
    if not parts:
        return Markup("What share of the police’s savings target this proposal would meet is not known.")
    return Markup("The proposal’s saving would be {}.").format(listed(parts))


def _proposed(book: Book) -> str:
    option = book.of_kind("proposed")
    return str(option["name"]) if option else ""


def _options_lead(book: Book) -> Markup:
    name = _proposed(book)
    merging = book.finding(FROM_MERGING, name)
    if merging is None or merging["value"] is None:
        return Markup("What merging itself saves, beyond cuts that need no merger, is {}.").format(book.said(merging))
    if cast(float, merging["value"]) <= 0:
        return Markup("Merging itself saves nothing: {}{}.").format(book.said(merging), book.likely(merging))
    return Markup("Merging itself saves {}{}; the rest could be had without it.").format(
        book.said(merging), book.likely(merging))


def _present(book: Book, name: str) -> Markup:
    value, exits = book.finding(PRESENT_VALUE, name), book.finding(EXIT, name)
    return Markup("It costs {} to set up. Over {}, in today’s value, it is worth {}. {} To undo it would cost {}."
                  ).format(
        book.full(book.finding(ONE_OFF, name)), book.at("/case/horizon_years", "years", 0), book.full(value),
        _paid_back(book, book.finding(PAYBACK, name)), book.full(exits))


def _paid_back(book: Book, found: Json | None) -> Markup:
    if found is None or found["value"] is None:
        return Markup("When the money comes back: {}.").format(book.said(found))
    if cast(float, found["value"]) < 1:
        worst = cast("float | None", found["high"])
        late = Markup(", or after {} at worst").format(book.said(found, key="high"))
        return Markup("The money comes back within the first year{}.").format(late if worst and worst >= 1 else "")
    return Markup("The money comes back after {}{}.").format(book.said(found), book.likely(found))


def _waiting(book: Book) -> Markup:
    pause = book.of_kind("pause")
    chance = book.finding(REVERSAL, str(pause["name"])) if pause else None
    if chance is None or chance["value"] is None:
        return Markup("The price of waiting is {}.").format(book.said(chance))
    return Markup("Waiting pays if you think the merger is more likely than {}{} to be undone later.").format(
        book.said(chance), book.likely(chance))


def _saving_chart(book: Book) -> Figure | None:
    rows: list[Datum] = []
    body: list[list[Markup]] = []
    for i, option in enumerate(book.options):
        found = book.finding(SAVING, str(option["name"]))
        if found and found["value"] is not None and option.get("kind") != "today":
            value, low, high = (cast(float, found[key]) for key in ("value", "low", "high"))
            rows.append({"name": _short(option), "value": value, "low": low, "high": high,
                         "focus": "yes" if option.get("kind") == "proposed" else "no"})
            body.append([book.at(f"/options/{i}/title"), book.full(found)])
    if not rows:
        return None
    found = book.finding(SAVING, _proposed(book))
    headline = Markup("The proposal saves {}{}").format(book.said(found), book.likely(found))
    return _figure(Told("saving", headline, "Saving a year against today, pounds; dot: best guess, bar: likely range",
                        "A dot and a bar for each option."), charts.ranges(rows, "saving a year", "GBP"),
                   sourced(book, found), tabled("saving-numbers", "Saving a year against today, by option",
                                                [("Option", ""), ("Saving a year", "")], body, [False, True]))


def _short(option: Json) -> str:
    kind = str(option.get("kind", ""))
    label = _KINDS.get(kind, str(option["name"]))
    if kind in ("today", "cuts", "proposed"):
        return words.human(label)
    return words.human(str(option["name"]).replace("-", " "))


def _waterfall(book: Book, name: str) -> Figure | None:
    step, amount = book.column("waterfall", "step"), book.column("waterfall", "amount")
    found = book.finding(PRESENT_VALUE, name)
    if step is None or amount is None or found is None or found["value"] is None:
        return None
    rows = [(i, row) for i, row in book.rows("waterfall", option=name)[1:-1] if row[amount]]
    data: list[Datum] = []
    level = 0.0
    for _, row in rows:
        value = float(cast(float, row[amount]))
        data.append(_bar(str(row[step]), level, level - value, "costs" if value > 0 else "saves", -value))
        level -= value
    if len(data) < 2:
        return None
    data.append(_bar("left in all", 0.0, level, "in all", level))
    most = min(rows, key=lambda r: cast(float, r[1][amount]))[0]
    headline = Markup("{}: {} saved; after the cost of change {} is left").format(
        words.human(str(dict(rows)[most][step])), book.cell("waterfall", most, amount, style="size"), book.full(found))
    every = [i for i, _ in book.rows("waterfall", option=name)]
    return _figure(Told("waterfall", headline, "Step by step from today’s cost, value over the period, pounds",
                        "Bars step from what is saved to what is left."),
                   charts.waterfall(data, "saved against today"), sourced(book, found),
                   view(book, "waterfall", rows=every, drop=("option",)))


def _bar(name: str, start: float, end: float, kind: str, size: float) -> Datum:
    return {"name": words.human(name), "start": start, "end": end, "kind": kind, "right": max(start, end),
            "label": words.money(size, short=True)}


def _cash(book: Book, name: str) -> Figure | None:
    year, value = book.column("cash_by_year", "year"), book.column("cash_by_year", "cumulative")
    if year is None or value is None:
        return None
    shown = [option for kind in ("proposed", "cuts", "redesigned") if (option := book.of_kind(kind)) is not None]
    wanted = [(str(o["name"]), _short(o)) for o in shown]
    data: list[Datum] = []
    for chosen, label in wanted:
        data += charts.points(book, "cash_by_year", year, name=label, value=value, option=chosen)
    mine = book.rows("cash_by_year", option=name)
    if len(mine) < 2 or not data:
        return None
    headline = Markup("By {} the proposal has saved {} in all").format(
        book.cell("cash_by_year", mine[-1][0], year), _with_range(book, "cash_by_year", mine[-1][0], value))
    return _figure(Told("cash", headline, "Running total of benefits less costs against today; band: likely range",
                        "Lines over the years with bands of doubt around them."),
                   charts.lines(data, "running total", "GBP", names=[label for _, label in wanted], zero=True),
                   table=view(book, "cash_by_year", rows=[i for i, _ in mine], folded=True))


def _with_range(book: Book, table: str, row: int, column: int) -> Markup:
    columns = cast("list[str]", book.tables[table]["columns"])
    said = book.cell(table, row, column, style="amount")
    ends = [columns.index(f"{columns[column]}_{e}") for e in ("low", "high") if f"{columns[column]}_{e}" in columns]
    if len(ends) < 2:
        return said
    return Markup("{} (likely {} to {})").format(said, *(book.cell(table, row, end, style="amount") for end in ends))


def _posts(book: Book) -> Figure | None:
    rank, posts = book.column("posts_by_rank", "rank"), book.column("posts_by_rank", "posts")
    if rank is None or posts is None:
        return None
    kinds = [o for o in book.options if o.get("kind") in ("today", "cuts", "proposed")]
    data: list[Datum] = []
    ranks = list(dict.fromkeys(str(row[rank]) for _, row in book.rows("posts_by_rank")))
    for option in kinds:
        rows = book.rows("posts_by_rank", option=option["name"])
        for name in ranks:
            held = [float(cast(float, row[posts])) for _, row in rows if row[rank] == name and row[posts] is not None]
            if held:
                data.append({"group": words.human(name), "name": _short(option), "value": sum(held)})
    found = book.finding("finance.supervisors", _proposed(book))
    if not data or found is None:
        return None
    before = book.finding("finance.supervisors", "today")
    headline = Markup("{} supervise after the change; {} do today").format(
        book.said(found), book.said(before, style="amount"))
    return _figure(Told("posts", headline, "Posts by rank: constables are left out where they would hide the rest",
                        "Bars of posts for each rank and option."),
                   charts.bars(_without_giants(data), "posts", "posts", names=[_short(o) for o in kinds]),
                   sourced(book, found), view(book, "posts_by_rank", caption=Markup("Posts by rank and option")))


def _without_giants(data: Sequence[Datum]) -> list[Datum]:
    most = max(cast(float, d["value"]) for d in data)
    small = [d for d in data if d["group"] not in {g["group"] for g in data if cast(float, g["value"]) == most}]
    second = max((cast(float, d["value"]) for d in small), default=0.0)
    return small if small and most > 4 * second else list(data)


def _attribution(book: Book, name: str) -> Paragraph | None:
    merging, saving = book.finding(FROM_MERGING, name), book.finding(SAVING, name)
    if merging is None or saving is None:
        return None
    return Paragraph(Markup("Of {} saved a year, {} needs the merger: posts that a command must have and that fall "
                            "away only when commands join, such as one commander each.").format(
        book.said(saving, style="amount"), book.full(merging)))


def _budget_chart(book: Book) -> Figure | None:
    year = book.column("budget", "year")
    cash, real = book.column("budget", "budget, cash"), book.column("budget", "budget by GDP deflator")
    if year is None or real is None:
        return None
    data = charts.points(book, "budget", year, name="after price rises", value=real)
    if len(data) < 2:
        return None
    rows = [i for i, row in book.rows("budget") if row[real] is not None]
    names = ["after price rises"]
    if cash is not None:
        data += charts.points(book, "budget", year, name="as paid", value=cash)
        names.append("as paid")
    fell = cast(float, data[0]["value"]) > cast(float, data[len(rows) - 1]["value"])
    first, last = ((book.cell("budget", i, real, style="amount"), book.cell("budget", i, year))
                   for i in (rows[0], rows[-1]))
    headline = Markup("After price rises the budget went {} from {} to {} between {} and {}").format(
        "down" if fell else "up", first[0], last[0], first[1], last[1])
    return _figure(Told("budget-line", headline,
                        "Police budget by financial year, pounds, GDP deflator; the axis does not start at nought",
                        "A line over the years for which a budget was published."),
                   charts.lines(data, "budget", "GBP", names=names),
                   table=view(book, "budget", caption=Markup("The budget by year")))


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a chart: its id, the headline that states the finding, what is shown, what the eye sees."""

    id: str
    headline: Markup
    subtitle: str
    shape: str


def _figure(told: Told, spec: charts.Spec, source: Markup = NOTHING, table: TableView | None = None) -> Figure:
    picture = drawn(told.id, spec)
    return Figure(told.id, told.headline, told.subtitle, picture.wide, picture.narrow,
                  f"{plain(told.headline)}. {told.shape}", source, table)


def _folded(book: Book, name: str) -> TableView | None:
    if name != "ledger":
        return view(book, name, folded=True)
    return view(book, name, rows=_mine(book, name), drop=("option",), folded=True)


def _mine(book: Book, table: str) -> list[int] | None:
    return [i for i, _ in book.rows(table, option=_proposed(book))] or None


def _compared(book: Book) -> tuple[Block, ...]:
    reading, kind = book.column("comparisons", "reading"), book.column("comparisons", "comparison")
    mine = _mine(book, "comparisons")
    table = view(book, "comparisons", rows=mine, drop=("reading", "option"))
    if table is None or reading is None or kind is None:
        return optional(table)
    read = Points(tuple(
        bold(Markup("{}.").format(book.cell("comparisons", i, kind)), book.cell("comparisons", i, reading))
        for i in mine or ()))
    every = view(book, "comparisons", drop=("reading",), folded=True, caption=Markup("The same for every option"))
    return optional(table, read, every)


def _without_bare_headings(blocks: Sequence[Block]) -> list[Block]:
    return [b for b, after in zip(blocks, [*blocks[1:], None], strict=True)
            if not (isinstance(b, Heading) and (after is None or isinstance(after, Heading)))]
