"""How does a figure on the page stay tied to results.json?

Everything a page prints comes out of a `Book`, which wraps the results and marks each figure up with the finding
(`data-finding`) or the place (`data-ref`, a JSON Pointer, RFC 6901) that it was read from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from markupsafe import Markup, escape

from bailiwick.publish import words
from bailiwick.publish.results import Json

Row = Sequence[object]


class Book:
    """The results of one appraisal, read by finding, table cell or pointer, as plain values or as bound markup."""

    def __init__(self, results: Json) -> None:
        self.results = results
        self._findings = {str(f["id"]): f for f in cast("list[Json]", results["findings"])}
        self.tables = cast("dict[str, Json]", results["tables"])
        self.measures = cast("dict[str, Json]", results.get("measures", {}))
        self.case = cast("Json", results["case"])
        self.areas = cast("list[Json]", self.case.get("areas", []))
        self.names = {str(area["code"]): str(area["name"]) for area in self.areas}
        self.scope = tuple(str(code) for code in cast("list[str]", self.case.get("scope", []))) or tuple(self.names)
        self.options = cast("list[Json]", results["options"])

    # -- plain values ------------------------------------------------------------------------------------------------

    def of_kind(self, kind: str) -> Json | None:
        """The first option of that kind (today, cuts, proposed ...), or None."""
        return next((o for o in self.options if o.get("kind", o["name"]) == kind), None)

    def option_title(self, name: str) -> str:
        """The title of an option; its name where it has none."""
        return next((str(o.get("title") or name) for o in self.options if o["name"] == name), name)

    def finding(self, measure: str, option: str, subject: str = "scheme") -> Json | None:
        """The finding of a measure for a subject under an option, or None."""
        return self._findings.get(f"{measure}/{option}/{subject}")

    def by_id(self, id: str) -> Json | None:
        """The finding of that id, or None."""
        return self._findings.get(id)

    def of_room(self, room: str) -> list[Json]:
        """The findings of one room, in their order."""
        return [f for f in self._findings.values() if str(f["measure"]).startswith(room + ".")]

    def number(self, measure: str, option: str, subject: str = "scheme") -> float | None:
        """The value of a finding, or None where there is no finding or no value."""
        found = self.finding(measure, option, subject)
        return cast("float | None", found["value"]) if found else None

    def decimals(self, measure: str) -> int:
        """The decimals a measure is printed with."""
        return cast(int, self.measures.get(measure, {}).get("decimals", 2))

    def table(self, name: str) -> Json | None:
        """A table of results, or None where there is none or it has no rows."""
        found = self.tables.get(name)
        return found if found and found["rows"] else None

    def column(self, table: str, *names: str) -> int | None:
        """The position of the first of these columns in a table, or None."""
        columns = cast("list[str]", self.tables[table]["columns"]) if table in self.tables else []
        return next((columns.index(name) for name in names if name in columns), None)

    def rows(self, table: str, **wanted: object) -> list[tuple[int, Row]]:
        """The numbered rows of a table whose named cells hold the wanted values; none where a column is missing."""
        found = self.table(table)
        if not found:
            return []
        places = {name: self.column(table, name) for name in wanted}
        if None in places.values():
            return []
        return [(i, row) for i, row in enumerate(cast("list[Row]", found["rows"]))
                if all(row[cast(int, places[name])] == value for name, value in wanted.items())]

    # -- bound markup ------------------------------------------------------------------------------------------------

    def said(self, found: Json | None, *, key: str = "value", style: str = "phrase") -> Markup:
        """A finding's value, low or high as bound markup: `phrase` with its unit, `amount` without, `size` unsigned."""
        if found is None:
            return Markup('<span class="missing">{}</span>').format(words.NOT_KNOWN)
        value = cast("float | None", found[key])
        if value is None:
            return Markup('<span class="missing" data-finding="{}">{}</span>').format(
                found["id"], words.missing(cast("str | None", found.get("reason"))))
        return _data(_worded(value, str(found["unit"]), self.decimals(str(found["measure"])), style), value,
                     finding=str(found["id"]), key=key)

    def likely(self, found: Json | None) -> Markup:
        """The likely range of a finding as bound markup, in brackets; empty where there is none."""
        if found is None or found["low"] is None or found["low"] == found["high"]:
            return Markup("")
        return Markup(" <span class=\"range\">(likely {} to {})</span>").format(
            self.said(found, key="low", style="amount"), self.said(found, key="high", style="amount"))

    def full(self, found: Json | None) -> Markup:
        """A finding's value with its unit and its likely range."""
        return self.said(found) + self.likely(found)

    def short(self, found: Json | None) -> Markup:
        """A finding's value and likely range as they stand in a table cell."""
        if found is None or found["low"] is None or found["low"] == found["high"]:
            return self.said(found, style="cell")
        return Markup('{} <span class="range">({} to {})</span>').format(
            *(self.said(found, key=key, style="cell") for key in ("value", "low", "high")))

    def changed(self, found: Json | None, against: str) -> Markup:
        """The change of a finding against another option, in words that agree with its state, bound."""
        change = _change(found, against)
        if found is None or change is None or change["value"] is None:
            return Markup('<span class="missing">{}</span>').format(words.NOT_KNOWN)
        value = cast(float, change["value"])
        text = words.change(value, str(change["state"]), str(found["unit"]), self.decimals(str(found["measure"])))
        return _data(text, value, finding=str(found["id"]), key=f"change/{against}")

    def state(self, found: Json | None, against: str) -> str:
        """The state of a change (better, same, worse, not shown), or an empty string where there is none."""
        change = _change(found, against)
        return str(change["state"]) if change else ""

    def at(self, pointer: str, unit: str = "", decimals: int = 6, *, style: str = "phrase") -> Markup:
        """The number or the words at a JSON Pointer as bound markup; `not known` where null stands."""
        value = self.pointed(pointer)
        if value is None or value == "":
            return Markup('<span class="missing">{}</span>').format(words.NOT_KNOWN)
        if isinstance(value, bool):
            return Markup('<span data-ref="{}">{}</span>').format(pointer, "yes" if value else "no")
        if isinstance(value, int | float):
            return _data(_worded(value, unit, decimals, style), value, ref=pointer)
        return Markup('<span data-ref="{}">{}</span>').format(pointer, words.tidy(str(value)))

    def after(self, pointer: str, opening: str) -> Markup:
        """The words at a JSON Pointer without an opening that the page has just said, bound."""
        text = str(self.pointed(pointer) or "")
        if not text.startswith(opening):
            return self.at(pointer)
        rest = words.tidy(text.removeprefix(opening))
        return Markup('<span data-ref="{}">{}</span>').format(pointer, rest[:1].upper() + rest[1:])

    def sentence(self, pointer: str, number: int) -> Markup:
        """One sentence of the words at a JSON Pointer, bound; empty past the last."""
        said = words.split(words.tidy(str(self.pointed(pointer) or "")))
        return Markup('<span data-ref="{}" data-sentence="{}">{}</span>').format(
            pointer, number, said[number]) if number < len(said) else Markup("")

    def counted(self, pointer: str, one: str, many: str) -> Markup:
        """The count at a pointer with its words in the right number: `1 is not`, `2 are not`."""
        count = self.pointed(pointer)
        return Markup("{} {}").format(self.at(pointer, "", 0), one if count == 1 else many)

    def day(self, pointer: str) -> Markup:
        """The date at a JSON Pointer, said in words, bound."""
        value = self.pointed(pointer)
        if not value:
            return Markup('<span class="missing">{}</span>').format(words.day(None))
        return Markup('<time datetime="{0}" data-ref="{1}">{2}</time>').format(value, pointer, words.day(str(value)))

    def cell(self, table: str, row: int, column: int, *, style: str = "cell") -> Markup:
        """One cell of a table as bound markup, in its column's unit, area codes as names."""
        pointer = f"/tables/{_escaped(table)}/rows/{row}/{column}"
        value = cast("list[Row]", self.tables[table]["rows"])[row][column]
        unit = self._unit(table, row, column)
        if isinstance(value, str) and all(code in self.names for code in value.split("+")):
            return Markup('<span data-ref="{}" data-code="{}">{}</span>').format(pointer, value, self.area(value))
        return self.at(pointer, unit, cell_decimals(value, unit), style=style)

    def _unit(self, table: str, row: int, column: int) -> str:
        unit = cast("list[str]", self.tables[table]["units"])[column]
        own = self.column(table, "unit")
        if unit in ("", "see unit") and own is not None and own != column:
            return str(cast("list[Row]", self.tables[table]["rows"])[row][own])
        return unit

    def pointed(self, pointer: str) -> object:
        """The value at a JSON Pointer; KeyError or IndexError where nothing stands there."""
        return pointed(self.results, pointer)

    def area(self, code: str) -> Markup:
        """The name of an area, or of a command's areas, bound where it carries a figure of its own."""
        codes = code.removeprefix("command:").split("+")
        return listed([self._named(c) for c in codes])

    def _named(self, code: str) -> Markup:
        name = self.names.get(code, code)
        if code not in self.names or not any(c.isdigit() for c in name):
            return escape(name)
        return self.at(f"/case/areas/{list(self.names).index(code)}/name")


def pointed(document: object, pointer: str) -> object:
    """The value at an RFC 6901 JSON Pointer.

    >>> pointed({"a": [1, {"b/c": 2}]}, "/a/1/b~1c")
    2
    """
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else cast("Mapping[str, object]", document)[key]
    return document


def cell_decimals(value: object, unit: str) -> int:
    """The decimals that a table cell is printed with, by its unit and size."""
    if not isinstance(value, float) or unit in ("people", "residents", "crimes"):
        return 0 if isinstance(value, int) else 2
    if words.is_share(unit):
        return 3
    return 1 if abs(value) >= 10 else 2


def plain(markup: Markup | str) -> str:
    """The words of a piece of markup, for alt text and titles."""
    return " ".join(markup.striptags().split()) if isinstance(markup, Markup) else markup


def sentences(parts: Iterable[Markup | str]) -> Markup:
    """Sentences set one after another."""
    return Markup(" ").join(part for part in parts if part)


def listed(items: Iterable[Markup | str], last: str = "and") -> Markup:
    """Bound pieces as a list in words."""
    kept = [escape(item) for item in items]
    if len(kept) < 2:
        return kept[0] if kept else Markup("")
    return Markup("{} {} {}").format(Markup(", ").join(kept[:-1]), last, kept[-1])


def _worded(value: float, unit: str, decimals: int, style: str) -> str:
    if style == "phrase":
        return words.phrase(value, unit, decimals)
    if style == "raw":
        return json.dumps(value)
    if style == "size":
        return words.phrase(abs(value), unit, decimals)
    if style == "cell":
        return words.trimmed(value, decimals) if not unit else words.amount(value, unit, decimals, short=True)
    return words.amount(value, unit, decimals)


def _data(text: str, value: float, *, finding: str = "", key: str = "value", ref: str = "") -> Markup:
    told = json.dumps(value)
    if finding:
        return Markup('<data value="{}" data-finding="{}" data-key="{}">{}</data>').format(told, finding, key, text)
    return Markup('<data value="{}" data-ref="{}">{}</data>').format(told, ref, text)


def _change(found: Json | None, against: str) -> Json | None:
    changes = cast("list[Json]", found["changes"]) if found else []
    return next((c for c in changes if c["against"] == against), None)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
