"""A small merger built by hand: four boroughs of one force among six, one command proposed, one building to close."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bailiwick.areas import Area, AreaSystem
from bailiwick.assumptions import Assumption
from bailiwick.case import Case
from bailiwick.scheme import Command, Grouping, OperatingModel, Option, Post, Scheme, Site
from bailiwick.tables import SCHEMAS, Table

CATALOGUE = Path(__file__).parents[2] / "src" / "bailiwick" / "catalogue"
FIRST_CASE = Path(__file__).parents[2] / "cases" / "south-west-london-2018" / "case.toml"
RESIDENTS = {"A": 100_000, "B": 200_000, "C": 300_000, "D": 200_000, "E": 400_000, "F": 400_000}
SCOPE = ("A", "B", "C", "D")
# rank, role, per, proposed_as, today, proposed, redesigned, needs_merger
LINES = (
    ("chief superintendent", "commander", "command", "count", 1, 1, 1, 1.0),
    ("superintendent", "functions", "command", "count", 2, 4, 4, 0.75),
    ("inspector", "response duty", "channel", "count", 5, 5, 5, 1.0),
    ("sergeant", "supervision", "area", "change", 45, -4, -4, 0.25),
    ("constable", "response", "area", "change", 110, 0, 2, 0.0),
    ("constable", "dedicated ward officer", "area", "change", 37, 0, 0, 0.0),
    ("constable", "local policing", "area", "change", 180, -8, -8, 0.1),
    ("staff", "business support", "command", "count", 8, 20, 20, 0.7),
)


def assumption(name: str, value: float, **given: object) -> Assumption:
    told = {"low": value, "high": value, "shape": "triangular", "unit": "", "kind": "guess", "control": "fact",
            "title": name, "source": None, "published": date(2018, 1, 31)} | given
    return Assumption(name=name, value=value, **told)


def shipped() -> dict[str, Assumption]:
    """The room's own assumptions as the catalogue ships them, with the first case's wider programme."""
    table = tomllib.loads((CATALOGUE / "assumptions" / "finance.toml").read_text(encoding="utf-8"))
    first = tomllib.loads(FIRST_CASE.read_text(encoding="utf-8"))["assumptions"]
    table |= {name: row for name, row in first.items() if name.startswith("finance.programme.")}
    return {
        name: assumption(name, float(row["value"]), low=float(row["low"]), high=float(row["high"]),
                         shape=row["shape"], control=row["control"], unit=row["unit"], kind=row["kind"],
                         price_base=row.get("price_base", ""))
        for name, row in table.items()
    }


def rulebook(name: str) -> dict[str, object]:
    return tomllib.loads((CATALOGUE / "rulebooks" / f"{name}.toml").read_text(encoding="utf-8"))


def model(name: str, posts: str, channels: str, bases: tuple[str, ...]) -> OperatingModel:
    return OperatingModel(name, name, posts, channels, "", "own-first", "", "", False, bases, "by-area")


def options() -> tuple[Option, ...]:
    def apart(which: str) -> Grouping:
        return Grouping(tuple(Command((code,), which, f"site {code}") for code in SCOPE))

    def one(which: str) -> Grouping:
        return Grouping((Command(SCOPE, which, "site A"),))

    return (
        Option("today", "today", "", apart("borough")),
        Option("cuts", "cuts", "", apart("borough-cut")),
        Option("proposed", "proposed", "", one("bcu")),
        Option("redesigned", "redesigned", "", one("bcu-channels")),
        Option("pause", "pause", "", apart("borough"), delay_months=6),
        Option("pause-12", "pause", "", apart("borough"), delay_months=12),
    )


def scheme() -> Scheme:
    every = tuple(f"site {code}" for code in SCOPE)
    models = (
        model("borough", "today", "per-area", every), model("borough-cut", "cuts", "per-area", every),
        model("bcu", "proposed", "per-command", every[:3]), model("bcu-channels", "redesigned", "per-area", every[:3]),
    )
    sites = tuple(Site(f"site {code}", code, 0.0, 0.0, "base", None, date(2019, 3, 31) if code == "D" else None)
                  for code in SCOPE)
    posts = tuple(
        Post(rank, role, per, *(f"posts.{rank}.{role}.{part}" for part in ("today", "proposed", "redesigned")),
             proposed_as, f"posts.{rank}.{role}.needs_merger", "range")
        for rank, role, per, proposed_as, *_ in LINES)
    return Scheme("town", "Town", SCOPE, options(), models, posts, sites, (), (), date(2018, 5, 23), 10)


def post_assumptions() -> dict[str, Assumption]:
    found = {}
    for rank, role, _, _, *numbers in LINES:
        for part, value in zip(("today", "proposed", "redesigned", "needs_merger"), numbers, strict=True):
            name = f"posts.{rank}.{role}.{part}"
            spread = 0.2 * abs(value) + (0 if part == "today" else 1)
            low, high = (0.0, 1.0) if part == "needs_merger" else (value - spread, value + spread)
            found[name] = assumption(name, float(value), low=float(low), high=float(high))
    return found


def table(name: str, *rows: Mapping[str, object]) -> Table:
    blank = dict.fromkeys(SCHEMAS[name].names)
    return Table(SCHEMAS[name], tuple({**blank, **row} for row in rows))


def tables() -> dict[str, Table]:
    return {
        "figures": table("figures", {"id": "constables_for_8m", "value": 140, "role": "fit"}),
        "budget": table(
            "budget", {"year": "2016-17", "item": "budget", "value": 3_000_000_000},
            {"year": "2017-18", "item": "budget", "value": 3_000_000_000},
            {"year": "2017-18", "item": "savings to find", "value": 400_000_000},
            {"year": "2018-19", "item": "precept rise proposed", "value": 12.0},
            {"year": "2018-19", "item": "grant change", "value": 0},
            {"year": "2016-17", "item": "tax base", "value": 2_500_000},
        ),
        "deflators": table(
            "deflators", {"year": "2015", "series": "gdp", "value": 98.0},
            {"year": "2016", "series": "gdp", "value": 100.0},
            {"year": "2011-12", "series": "police-pay", "value": 0.0},
            {"year": "2016-17", "series": "police-pay", "value": 1.0},
            {"year": "2017-18", "series": "police-pay", "value": 1.0},
        ),
    }


@pytest.fixture
def case() -> Case:
    """The small merger with the shipped assumptions and the rulebook in force in January 2018."""
    areas = tuple(Area(code, code, "Town Police", people, None, 10.0, 0.0, 0.0) for code, people in RESIDENTS.items())
    return Case("town", "Town", "", AreaSystem("town", "Town", areas, ()), scheme(), tables(),
                shipped() | post_assumptions(), date(2018, 1, 31), rulebook=rulebook("green-book-2003"),
                content="finance tests")


@pytest.fixture
def rulebooks() -> dict[str, dict[str, object]]:
    """All rulebooks of the catalogue by name."""
    return {path.stem: rulebook(path.stem) for path in sorted((CATALOGUE / "rulebooks").glob("*.toml"))}


@pytest.fixture
def changed():
    """A function that puts other values in a case, ranges aside."""
    def apply(case: Case, values: Mapping[str, float] | None = None, **fields: object) -> Case:
        return replace(case, changed={**case.changed, **(values or {})}, **fields)

    return apply


@pytest.fixture
def without():
    """A function that takes assumptions out of a case by the start of their names."""
    def apply(case: Case, start: str) -> Case:
        return replace(case, assumptions={n: a for n, a in case.assumptions.items() if not n.startswith(start)})

    return apply


@pytest.fixture
def redrawn(case: Case):
    """A function that gives the case other shares that need the merger, line by line, and other values."""
    lines = sorted(n for n in case.assumptions if n.startswith("posts.") and n.endswith("needs_merger"))

    def apply(needs: list[float], values: Mapping[str, float]) -> Case:
        return replace(case, changed=dict(zip(lines, needs, strict=True)) | dict(values))

    return apply
