"""Where is that number from?  Its whole tree: measure, formula, assumptions, rows, code, draws, where it is printed."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import cast

from bailiwick import finance
from bailiwick.appraisal import measure_named
from bailiwick.case import Case
from bailiwick.findings import Unavailable
from bailiwick.publish import words
from bailiwick.publish.bound import Book, plain
from bailiwick.publish.results import Json
from bailiwick.publish.trace_formula import formula
from bailiwick.publish.trace_parts import Formula
from bailiwick.publish.trace_watch import NEUTRAL, Asked, Reads, Swing, swings, watched
from bailiwick.response import runs, service
from bailiwick.response.restore import restoration
from bailiwick.response.service import MEASURED
from bailiwick.tables import Row

WIDTH, MOST = 118, 12
_SLOW = (*MEASURED, NEUTRAL)
_ROOM = {"response": ("response.", "cars.")}
_IMPACT = {"red": 0, "amber": 1, "green": 2}


def trace(document: Json, case: Case, id: str, pages: Mapping[str, str] | None = None) -> tuple[list[str], Json]:
    """A finding's tree as lines and as plain data; `pages` are the texts of the pages by name, to say where it stands.

    The measure is computed again from the case, so that what is listed is what the code reads now, and the number is
    set against the recorded one.
    """
    book = Book(document)
    found = cast(Json, book.by_id(id))
    tree = _tree(book, case, found, pages or {})
    return [id, *_drawn(tree, "")], {**found, "trace": tree}


def code_of(compute: Callable[..., object]) -> str:
    """The file, line and name of the function that works a measure out, found behind the wrappers around it.

    >>> code_of(code_of).split(":")[0]
    'bailiwick/publish/trace.py'
    """
    while compute.__closure__:
        inner = [cell.cell_contents for cell in compute.__closure__ if callable(cell.cell_contents)]
        if not inner:
            break
        compute = inner[0]
    code = compute.__code__
    root = Path(str(resources.files("bailiwick"))).parent
    return f"{Path(code.co_filename).relative_to(root).as_posix()}:{code.co_firstlineno} {compute.__name__}"


def printed_at(page: str, id: str) -> tuple[str, ...]:
    """The ids of the parts of a page (paragraph, table, section) in which a finding is printed, each once, in order."""
    found: dict[str, None] = {}
    for place in re.finditer(re.escape(f'data-finding="{id}"'), page):
        before = page[:place.start()]
        at = before.rfind(' id="')
        found[before[at + 5:before.find('"', at + 5)] if at >= 0 else ""] = None
    return tuple(found)


def _tree(book: Book, case: Case, found: Json, pages: Mapping[str, str]) -> Json:
    """The parts of the tree, each a line, a list of lines or a tree of its own."""
    measure = measure_named(str(found["measure"]))
    told = book.measures.get(str(found["measure"]), {})
    tree: Json = {"measure": _measure(book, found, told), **_against(book, found)}
    if measure is not None:
        asked = Asked(measure, case.scheme.option(str(found["option"])), str(found["subject"]))
        value, reads = watched(case, asked)
        tree["computed again"] = _again(value, found, measure.decimals)
        tree["formula"] = [] if isinstance(value, Unavailable) else _formula(formula(case, asked))
        moved = () if measure.name in _SLOW else swings(case, asked, tuple(reads.assumptions))
        tree.update(_assumptions(case, _ordered(book, reads, measure.name), moved, measure.decimals))
        tree["input rows"] = _rows(case, reads, str(found["subject"]))
        tree["code"] = _code(cast("Callable[..., object]", measure.compute), measure.name)
    tree["sources"] = [str(source) for source in cast("Sequence[str]", found["sources"])]
    tree["draws"] = _draws(book, found)
    tree["printed"] = [f"{name}#{place}" for name, page in pages.items()
                       for place in printed_at(page, str(found["id"]))]
    drawn_on = [name for name, table in book.tables.items() if found["id"] in cast("list[str]", table["finding_ids"])]
    tree["printed"] = [*cast("list[str]", tree["printed"]), *(f"results.json table {name}" for name in drawn_on)]
    return {key: part for key, part in tree.items() if part}


def _measure(book: Book, found: Json, told: Json) -> list[str]:
    said = [f"{told.get('title', found['measure'])}: {plain(book.full(found))}",
            f"of {found.get('area') or found['subject']}, option {book.option_title(str(found['option']))}",
            f"definition: {told.get('definition', 'none given')}",
            f"method: {told.get('reference') or 'none cited'}; basis: {found['basis'] or 'none'}"]
    return [*said, f"note: {found['note']}"] if found["note"] else said


def _against(book: Book, found: Json) -> Json:
    return {f"against {change['against']}": [
        f"{plain(book.changed(found, str(change['against'])))} ({words.HOLDS[str(change['holds_in'])]})"]
        for change in cast("list[Json]", found["changes"])}


def _again(value: object, found: Json, decimals: int) -> list[str]:
    recorded = found["value"]
    if isinstance(value, Unavailable):
        same = recorded is None
        return [f"no number: {value.text or value.reason}; " + ("as recorded" if same else f"recorded: {recorded}")]
    number = words.rounded(cast(float, value), decimals)
    same = recorded is not None and abs(number - cast(float, recorded)) <= 1e-9 * max(1.0, abs(number))
    return [f"{_told(number, decimals)}, as recorded" if same else
            f"{_told(number, decimals)}, but {recorded} is recorded: the case or the code has changed since"]


def _formula(found: Formula | None) -> list[str]:
    if found is None:
        return ["no closed formula: see the definition and the code"]
    lines = [found.rule]
    for term in found.terms:
        reckoned = f"  = {term.reckoned}" if term.reckoned else ""
        lines.append(f"{_figure(term.value):>16}  {term.label}{reckoned}")
    if found.total is not None and found.terms:
        lines.append(f"{_figure(found.total):>16}  in all")
    return [*lines, *found.remarks]


def _code(compute: Callable[..., object], name: str) -> list[str]:
    if name in MEASURED:
        return [code_of(compute), code_of(service.numbers), code_of(service.run), code_of(runs.simulate)]
    if name == NEUTRAL:
        return [code_of(finance.service_neutral_saving), code_of(restoration)]
    return [code_of(compute)]


def _ordered(book: Book, reads: Reads, measure: str) -> list[str]:
    """The assumptions that were read, those of the measure's own room first, of greater impact first."""
    name, impact = (book.column("assumptions", column) for column in ("name", "impact"))
    known: dict[str, str] = {}
    if name is not None and impact is not None:
        known = {str(row[name]): str(row[impact]) for _, row in book.rows("assumptions")}
    room = measure.split(".")[0]
    return sorted(reads.assumptions, key=lambda n: (not n.startswith(_ROOM.get(room, (room,))),
                                                    _IMPACT.get(known.get(n, ""), 3)))


def _assumptions(case: Case, read: Sequence[str], moved: Sequence[Swing], decimals: int) -> Json:
    """The assumptions that were read: those that move the number with what it becomes, then the names of the others."""
    names = [swing.name for swing in moved] or list(read)
    ends = {swing.name: swing for swing in moved}
    told = [line for name in names[:MOST] for line in _assumption(case, name, ends.get(name), decimals)]
    rest = [name for name in read if name not in names[:MOST]]
    title = "assumptions that move it, widest first" if moved else "assumptions that the code reads"
    if not names:
        return {}
    return {title: told, "other assumptions read": textwrap.wrap(", ".join(rest), WIDTH - 8) if rest else []}


def _assumption(case: Case, name: str, swing: Swing | None, decimals: int) -> Iterator[str]:
    told = case.assumption(name)
    source = told.source.title if told.source and told.source.title else f"nobody has published it; ask {told.holder}"
    dated = f", {told.published.isoformat()}" if told.published else ""
    yield (f"{name} = {_figure(case.value(name))} ({_figure(told.low)} to {_figure(told.high)}) {told.unit}; "
           f"{told.kind}, {told.control}, quality {told.quality}")
    yield f"    {told.title}: {source}{dated}"
    if swing is not None:
        low, high = ("no number" if end is None else _told(words.rounded(end, decimals), decimals)
                     for end in (swing.at_low, swing.at_high))
        yield f"    at {_figure(told.low)} the number is {low}, at {_figure(told.high)} it is {high}"


def _rows(case: Case, reads: Reads, subject: str) -> list[str]:
    lines: list[str] = []
    for name, rows in sorted(reads.rows.items()):
        if not rows:
            continue
        table = case.tables[name]
        mine = {n: row for n, row in rows.items() if row.get("area", subject) == subject} or rows
        lines.append(f"table {name}: {len(rows)} of {len(table)} rows read, from {_file(case, table.path)}")
        lines += [f"    row {n + 1}: {_row(row)}" for n, row in list(mine.items())[:MOST]]
        if len(mine) > MOST:
            lines.append(f"    and {len(mine) - MOST} more rows")
    areas = [i.path for i in case.inputs if "areas/" in i.path and i.path.endswith(".csv")]
    return [*lines, *(f"areas: {_file(case, path)}" for path in areas)]


def _file(case: Case, path: str) -> str:
    for one in case.inputs:
        if path and (one.path == path or one.path.endswith("/" + path) or path.endswith("/" + one.path)):
            published = f", published {one.published}" if one.published else ""
            return f"{one.path} ({one.publisher}; {one.licence}{published}; sha256 {one.sha256[:12]})"
    return path or "the case"


def _row(row: Row) -> str:
    told = "; ".join(f"{key}: {cell}" for key, cell in row.items() if cell not in (None, "") and key != "vintage")
    return textwrap.shorten(told, 2 * WIDTH, placeholder=" ...")


def _draws(book: Book, found: Json) -> list[str]:
    told = cast(Json, book.results["provenance"])
    level = cast("float | None", found["level"])
    ranged = f"; {level:.0%} of them give {found['low']} to {found['high']}" if level else ""
    return [f"seed {told['seed']}; {told['draws']} sets of assumptions tried, {told.get('accepted', 'all')} "
            f"kept{ranged}"]


def _drawn(tree: Json, indent: str) -> Iterator[str]:
    for number, (key, part) in enumerate(tree.items()):
        last = number == len(tree) - 1
        yield f"{indent}{'└' if last else '├'} {key}"
        inside = f"{indent}{' ' if last else '│'}   "
        for line in cast("Sequence[str]", part):
            own = inside + " " * (len(line) - len(line.lstrip()))
            yield from textwrap.wrap(line.strip(), WIDTH, initial_indent=own, subsequent_indent=own + "    ")


def _told(value: float, decimals: int) -> str:
    return f"{value:,.{max(decimals, 0)}f}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.4g}"
