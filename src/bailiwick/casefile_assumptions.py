"""Which numbers does a case assume: those of the catalogue, its own in their place, and the counts of its posts?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bailiwick import catalogue
from bailiwick.assumptions import Assumption, Source
from bailiwick.casefile_files import Document, Place, content_of, toml
from bailiwick.casefile_problems import Problems
from bailiwick.casefile_schema import AssumptionTable, CaseTable, PostTable, checked
from bailiwick.errors import nearest

LARGEST_SHARE = 2
POST_PARTS = ("today", "proposed", "redesigned", "needs_merger")
_MONEY = re.compile(r"GBP|£|pounds?\b")
_PRICE_BASE = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Entry:
    """An assumption as written: its name, its table, and the document and place where it stands."""

    name: str
    table: AssumptionTable
    document: Document
    place: Place


def gathered(document: Document, case: CaseTable, as_of: date, problems: Problems) -> dict[str, Assumption]:
    """All assumptions of a case by name: the catalogue's, overridden by the case's, and those of its posts."""
    shipped = {entry.name: entry for entry in catalogue_entries(problems)}
    own = {entry.name: entry for entry in case_entries(document, case)}
    posts = {entry.name: entry for entry in post_entries(document, case)}
    _check_names(case, (shipped, own, posts), problems)
    for name, entry in own.items():
        if name in shipped and entry.table.unit != shipped[name].table.unit:
            problems.tell(entry.document, (*entry.place, "unit"), got=entry.table.unit,
                          expected=f'"{shipped[name].table.unit}", the unit of {name} in the catalogue',
                          hint="convert value, low and high")
    entries = [*({**shipped, **own}.values()), *posts.values()]
    for entry in entries:
        for check in (_check_range, _check_evidence, _check_day, _check_unit):
            check(entry, as_of, problems)
    _check_price_base(entries, problems)
    return {entry.name: _assumption(entry) for entry in sorted(entries, key=lambda entry: entry.name)}


@lru_cache(maxsize=1)
def catalogue_documents() -> tuple[Document, ...]:
    """The assumption files of the catalogue, parsed."""
    shelf = catalogue.folder("assumptions")
    return tuple(
        toml(content_of(shelf.joinpath(f"{room}.toml"), where), where)
        for room in catalogue.names("assumptions") for where in [f"catalogue/assumptions/{room}.toml"]
    )


def catalogue_entries(problems: Problems) -> tuple[Entry, ...]:
    """The assumptions that ship with bailiwick, in the order of their files."""
    entries = []
    seen: set[str] = set()
    for document in catalogue_documents():
        for name in document.data:
            if name in seen:
                problems.tell(document, (name,), got=name, expected="a name that no other file of the catalogue has")
            seen.add(name)
            table = checked(AssumptionTable, document, problems, (name,))
            if table is not None:
                entries.append(Entry(name, table, document, (name,)))
    return tuple(entries)


def case_entries(document: Document, case: CaseTable) -> Iterator[Entry]:
    """The assumptions that stand under [assumptions] in case.toml."""
    for name, table in case.assumptions.items():
        yield Entry(name, table, document, ("assumptions", name))


def post_entries(document: Document, case: CaseTable) -> Iterator[Entry]:
    """The assumptions that stand inside [[posts]]: the counts, and the share that needs the merger."""
    for n, post in enumerate(case.posts):
        for part, table in post_parts(post):
            yield Entry(post_name(post, part), table, document, ("posts", n, part))


def post_parts(post: PostTable) -> tuple[tuple[str, AssumptionTable], ...]:
    """The four assumptions of a line of posts, by the key they stand under."""
    return tuple(zip(POST_PARTS, (post.today, post.proposed, post.redesigned, post.needs_merger), strict=True))


def post_name(post: PostTable, part: str) -> str:
    """The name of one of a post line's assumptions: posts.<rank>.<role>.<part>, spaces as underscores."""
    return ".".join(["posts", post.rank.replace(" ", "_"), post.role.replace(" ", "_"), part])


def model_names(case: CaseTable) -> Iterator[tuple[Place, str]]:
    """The assumptions that the operating models name, each with its place."""
    for n, model in enumerate(case.models):
        for key, name in (("strength", model.strength), ("desks", model.desks), ("supervisors", model.supervisors)):
            yield ("models", n, key), name


def _check_names(case: CaseTable, named: tuple[Mapping[str, Entry], ...], problems: Problems) -> None:
    shipped, own, posts = named
    document = next(iter(posts.values())).document
    known = sorted({*shipped, *own})
    wanted = {name for _, name in model_names(case)} | {
        f"finance.{part}.{post.rank.replace(' ', '_')}" for post in case.posts for part in ("pay", "leavers")}
    for place, name in model_names(case):
        if name not in known:
            problems.tell(document, place, got=name, expected="the name of an assumption", hint=nearest(name, known))
    rooms = {name.split(".")[0] for name in shipped}
    for name, entry in own.items():
        if name in posts or name.startswith("posts."):
            problems.tell(document, entry.place, got=name, expected="an assumption of a room",
                          hint="the counts of posts stand inside [[posts]]")
        elif name not in shipped and name not in wanted and name.split(".")[0] in rooms:
            problems.tell(document, entry.place, got=name, expected="an assumption that something reads",
                          hint=nearest(name, [*shipped, *wanted]))


def _check_range(entry: Entry, as_of: date, problems: Problems) -> None:
    low, value, high = entry.table.low, entry.table.value, entry.table.high
    if low > high:
        problems.tell(entry.document, (*entry.place, "low"), got=f"low = {low:g}, high = {high:g}",
                      expected="low no larger than high", hint="swap the two")
    elif not low <= value <= high:
        problems.tell(entry.document, (*entry.place, "value"), got=f"{value:g}",
                      expected=f"a value from low = {low:g} to high = {high:g}", hint="widen the range, or correct it")
    if entry.table.shape == "choice" and any(number != int(number) for number in (low, value, high)):
        problems.tell(entry.document, (*entry.place, "shape"), got=f"choice among {low:g} to {high:g}",
                      expected="whole numbers for a choice", hint='write shape = "uniform" for anything between')


def _check_evidence(entry: Entry, as_of: date, problems: Problems) -> None:
    table = entry.table
    needed = {"holder": table.holder, "why": table.why} if table.kind == "guess" else {"source": table.source}
    words = {"holder": "who knows the value: a guess names its holder",
             "why": "one sentence on why it matters: a guess says so",
             "source": f"who published it, and where: kind is {table.kind}"}
    for key, text in needed.items():
        if not text:
            problems.tell(entry.document, (*entry.place, key), got="nothing", expected=words[key],
                          hint='without a source write kind = "guess"' if key == "source" else f"add {key} = ...")


def _check_day(entry: Entry, as_of: date, problems: Problems) -> None:
    table = entry.table
    if table.kind != "guess" and table.published > as_of:
        own = entry.place[0] in ("posts", "assumptions")
        instead = "give here" if own else f'give under [assumptions."{entry.name}"]'
        problems.tell(entry.document, (*entry.place, "published"), got=table.published.isoformat(),
                      expected=f"a figure published by {as_of.isoformat()}, the day of the appraisal",
                      hint=f"{instead} what was known then, or a guess with a range")


def _check_unit(entry: Entry, as_of: date, problems: Problems) -> None:
    table = entry.table
    least, most = (0, 1) if entry.place[-1] == "needs_merger" else (-LARGEST_SHARE, LARGEST_SHARE)
    if table.unit == "share" and not (table.low >= least and table.high <= most):
        problems.tell(entry.document, (*entry.place, "low" if table.low < least else "high"),
                      got=f"low = {table.low:g}, high = {table.high:g}",
                      expected=f"shares from {least:g} to {most:g}", hint="25% is 0.25")
    if not is_money(table):
        return
    if table.low < 0 and not table.unit.startswith("change"):
        problems.tell(entry.document, (*entry.place, "low"), got=f"{table.low:g} {table.unit}",
                      expected="money of 0 or more", hint="costs and receipts are both written without a sign")
    if not _PRICE_BASE.fullmatch(table.price_base):
        problems.tell(entry.document, (*entry.place, "price_base"), got=table.price_base or "nothing",
                      expected='the prices that the money is in, as "2017-18"', hint='add price_base = "2017-18"')


def is_money(table: AssumptionTable) -> bool:
    """Whether the unit of an assumption is an amount of money."""
    return _MONEY.search(table.unit) is not None


def _check_price_base(entries: list[Entry], problems: Problems) -> None:
    money = [entry for entry in entries if is_money(entry.table) and entry.table.price_base]
    bases = Counter(entry.table.price_base for entry in money)
    if len(bases) < 2:
        return
    base = min(bases, key=lambda known: (-bases[known], known))
    for entry in money:
        if entry.table.price_base != base:
            problems.tell(entry.document, (*entry.place, "price_base"), got=entry.table.price_base,
                          expected=f"{base}, the prices of the other amounts",
                          hint="prices of different years are never mixed: convert value, low and high")


def _assumption(entry: Entry) -> Assumption:
    table = entry.table
    source = Source(table.source, table.url, table.published) if table.source else None
    return Assumption(
        name=entry.name, value=float(table.value), low=float(table.low), high=float(table.high), shape=table.shape,
        unit=table.unit, kind=table.kind, control=table.control, title=table.title, source=source,
        published=table.published, holder=table.holder, why=table.why, price_base=table.price_base,
        quality=table.quality,
    )
