"""A made-up town for the locality room.  Metres; residents in brackets.

    northing
      4000   North: n1 (100) at (0, 4000), n2 (300) at (4000, 4000)      base "Hill" at (0, 4000)
         0   South: s1 (200) at (0, 0), s2 (200) at (3000, 0)            base "Dock" at (0, 0)
     -8000   Far:   f1 (100) at (0, -8000)                               no base; own point (0, -8000)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bailiwick.areas import Area, AreaSystem, Link, Point
from bailiwick.assumptions import Assumption
from bailiwick.case import Case
from bailiwick.scheme import Command, Grouping, OperatingModel, Option, Post, Scheme, Site
from bailiwick.tables import SCHEMAS, Table

DAY = date(2018, 1, 31)
CRIMES = {  # area: (theft, violence, robbery)
    "N": (60, 30, 10), "S": (20, 70, 10), "F": (50, 50, 0),
}


def areas() -> tuple[Area, ...]:
    return (
        Area("F", "Far", "Town Police", 90, 40, 30.0, 0, -8000, (Point("f1", "f1", 0, -8000, 100),), 1, 1),
        Area("N", "North", "Town Police", 420, 200, 10.0, 3000, 4000,
             (Point("n1", "n1", 0, 4000, 100), Point("n2", "n2", 4000, 4000, 300)), 2, 1),
        Area("S", "South", "Town Police", 500, 220, 20.0, 1500, 0,
             (Point("s1", "s1", 0, 0, 200), Point("s2", "s2", 3000, 0, 200)), 3, 1),
    )


def assumption(name: str, value: float, low: float | None = None, high: float | None = None) -> Assumption:
    return Assumption(name, value, value if low is None else low, value if high is None else high, "triangular",
                      "unit", "guess", "fact", name, None, DAY, "nobody", "test")


def assumptions() -> dict[str, Assumption]:
    given = [
        assumption("locality.detour", 1.5, 1.0, 2.0), assumption("locality.kilometres_per_hour", 30, 10, 60),
        assumption("locality.ward_officers_per_ward", 2, 0, 3),
        assumption("locality.support_officers_per_ward", 1, 0, 3),
        assumption("locality.harm.theft", 1), assumption("locality.harm.violence", 10, 3, 30),
        assumption("locality.harm.robbery", 20, 5, 40),
        assumption("posts.lead.today", 1, 0, 3), assumption("posts.lead.proposed", 3, 0, 5),
        assumption("posts.lead.redesigned", 4, 0, 5), assumption("posts.lead.needs", 1),
    ]
    return {a.name: a for a in given}


def model(name: str, posts: str) -> OperatingModel:
    return OperatingModel(name, name, posts, "per-area", "", "pooled", "", "", False, (), "by-area")


def scheme() -> Scheme:
    alone = Grouping((Command(("N",), "borough", "Hill"), Command(("S",), "borough", "Dock"),
                      Command(("F",), "borough")))
    merged = Grouping((Command(("N", "S"), "bcu", "Dock"), Command(("F",), "borough")))
    post = Post("superintendent", "functions and borough lead", "command", "posts.lead.today", "posts.lead.proposed",
                "posts.lead.redesigned", "count", "posts.lead.needs", "range")
    return Scheme(
        "town", "Town", ("F", "N", "S"),
        (Option("today", "today", "Today", alone), Option("cuts", "cuts", "Cuts", alone),
         Option("proposed", "proposed", "Proposed", merged), Option("pause", "pause", "Pause", alone, {}, 6)),
        (model("borough", "today"), model("bcu", "proposed"), model("bcu-2", "redesigned")), (post,),
        (Site("Hill", "N", 0, 4000, "base", None, None), Site("Dock", "S", 0, 0, "headquarters", None, None),
         Site("Counter", "F", 0, -8000, "counter", None, None)),
        (), (), date(2018, 5, 23), 10,
    )


def crime_table(counts=None, period="2017", published=date(2018, 1, 31)) -> Table:
    rows = [
        {"area": code, "type": kind, "count": count, "reference_period": period, "published": published, "vintage": "x"}
        for code, row in (counts or CRIMES).items()
        for kind, count in zip(("Theft", "Violence", "Robbery"), row, strict=True)
    ]
    return Table(SCHEMAS["crimes"], tuple(rows))


@pytest.fixture
def town() -> Case:
    links = (Link("F", "S", "land", "", "map"), Link("N", "S", "land", "", "map"))
    return Case("town", "Town", "?", AreaSystem("town", "Town", areas(), links), scheme(),
                {"crimes": crime_table()}, assumptions(), DAY, content="town")


@pytest.fixture
def with_areas(town):
    """The town with some fields of one area changed."""
    def changed(code, **fields):
        rest = tuple(replace(a, **fields) if a.code == code else a for a in town.system.areas)
        return replace(town, system=replace(town.system, areas=rest), content=f"{code}{fields}")
    return changed


@pytest.fixture
def crimes():
    """The maker of a crime table: counts by area, period, day published."""
    return crime_table
