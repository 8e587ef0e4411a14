"""A made-up town of six areas, four of them in a made-up merger, with every state that a result can have."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from bailiwick.areas import Area, AreaSystem, Link, Point
from bailiwick.assumptions import Assumption, Source
from bailiwick.case import Case, Input
from bailiwick.findings import (
    Appraisal,
    Change,
    Check,
    ClaimResult,
    Condition,
    Estimate,
    Finding,
    GateState,
    Measure,
    Unavailable,
    Unknown,
    Verdict,
    finding_id,
    state_of,
)
from bailiwick.scheme import Command, Gate, Grouping, OperatingModel, Option, Phase, Pilot, Scheme, Site
from bailiwick.tables import ResultTable

#   T1 Northgate   T2 Millbrook   T3 Eastmoor
#   T4 Southfield  T5 Westley     T6 Harbour          (T1, T2, T4, T5 are in scope)
NAMES = ("Northgate", "Millbrook", "Eastmoor", "Southfield", "Westley", "Harbour")
SCOPE = ("T1", "T2", "T4", "T5")
PEOPLE = (180_000, 210_400, 95_000, 320_000, 9, 60_000)
ALONE = (180_000, 210_400, 320_000, 9)
GBP = "GBP, 2017-18 prices"


def _measure(row):
    name, title, unit, decimals, better, role, smallest, scope, combine = row
    return Measure(name, title, unit, decimals, better, role, scope, combine, "none", f"What {title.lower()} means.",
                   "A textbook", smallest, lambda case, command: {}, sources=("Office of Made-up Figures, 2016",))


YEARLY = "GBP a year, 2017-18 prices"
MEASURES = tuple(map(_measure, (
    ("finance.saving_a_year", "Saving a year", YEARLY, -3, "higher", "cost", 50_000, "grouping", "sum"),
    ("finance.saving_from_merging", "Saving that needs the merger", YEARLY, -3, "higher", "cost", 50_000, "grouping",
     "sum"),
    ("finance.one_off_cost", "Cost to set up", GBP, -3, "lower", "cost", 50_000, "grouping", "sum"),
    ("finance.net_present_value", "Value over the period", GBP, -3, "higher", "cost", 50_000, "grouping", "sum"),
    ("finance.payback_years", "Years to pay back", "years", 1, "lower", "cost", 0.5, "grouping", "sum"),
    ("finance.exit_cost", "Cost of going back", GBP, -3, "lower", "cost", 50_000, "grouping", "sum"),
    ("finance.pause_break_even_chance", "Chance of reversal at which waiting pays", "share, 0 to 1", 3, "neither",
     "context", 0.05, "grouping", "sum"),
    ("finance.service_neutral_saving", "Saving at equal service", GBP, -3, "higher", "cost", 50_000, "grouping", "sum"),
    ("finance.supervisors", "Supervisors", "posts", 0, "neither", "context", 1, "command", "sum"),
    ("locality.residents_per_commander", "People for each commander", "people", 0, "lower", "closeness", 1000,
     "command", "max"),
    ("locality.residents_per_named_lead", "People for each named borough lead", "people", 0, "lower", "closeness", 1000,
     "command", "max"),
    ("locality.distance_to_headquarters", "Distance to headquarters", "km", 1, "lower", "closeness", 0.5, "command",
     "mean"),
    ("locality.top_five_shared", "Local problems shared with the command", "crime types", 0, "higher", "closeness", 1,
     "command", "other"),
    ("locality.share_of_command_demand", "Share of the command’s crime", "share", 3, "neither", "context", 0.01,
     "command", "other"),
)))


def _town():
    areas = tuple(
        Area(f"T{i + 1}", name, "Town Police", PEOPLE[i], 70_000, 20.5, *place,
             (Point(f"W{i}", f"Ward {i}", *place, 1),))
        for i, name in enumerate(NAMES) for place in [(1000.0 + 4000 * (i % 3), 9000.0 - 4000 * (i // 3))]
    )
    links = (Link("T1", "T2", "land", "", "drawn"), Link("T4", "T5", "land", "", "drawn"),
             Link("T1", "T4", "land", "", "drawn"), Link("T2", "T5", "land", "", "drawn"))
    return AreaSystem("town", "A made-up town", areas, links)


def _options():
    apart = [Command((code,), "own", f"Base {code}") for code in SCOPE]
    joint = [Command(SCOPE, "joint", "Base T1")]
    pairs = [Command(("T1", "T2"), "joint", "Base T1"), Command(("T4", "T5"), "joint", None)]
    return (
        Option("today", "today", "Four commands, as they are", Grouping(tuple(apart))),
        Option("cuts", "cuts", "Four commands with fewer posts", Grouping(tuple(apart))),
        Option("proposed", "proposed", "One command run from Northgate", Grouping(tuple(joint)),
               {"who": "All four areas"}),
        Option("redesigned", "redesigned", "Two commands, each with its own channel", Grouping(tuple(pairs))),
        Option("pause", "pause", "Decide six months later", Grouping(tuple(apart)), delay_months=6),
    )


def _scheme():
    models = tuple(OperatingModel(name, title, "today", "per-area", "a", "own-first", "b", "c", False, (), "by-area")
                   for name, title in (("own", "Each area on its own"), ("joint", "One pooled command")))
    sites = tuple(Site(f"Base {code}", code, 1000.0 + 4000 * ((int(code[1]) - 1) % 3),
                       9300.0 - 4000 * ((int(code[1]) - 1) // 3), "headquarters", None, None) for code in SCOPE)
    pilots = (Pilot("east", "Eastmoor", ("T3",), (Phase("one command", date(2017, 4, 1), None, 1.0),)),)
    return Scheme("town", "Joining four areas of the town", SCOPE, _options(), models, (), sites,
                  (Gate("Decision", "Mayor", date(2018, 6, 1), "A signed decision", None),), pilots,
                  date(2018, 5, 23), 10)


def _assumption(name, kind, value, holder=""):
    source = None if kind == "guess" else Source("Town accounts 2016", "https://example.org/accounts", date(2017, 9, 1))
    return Assumption(name, value, value * 0.5, value * 2, "triangular", "posts", kind, "fact", f"Title of {name}",
                      source, date(2017, 9, 1), holder, "It moves the saving." if kind == "guess" else "")


def _case():
    assumptions = {a.name: a for a in (
        _assumption("finance.pay.constable", "data", 50_000.0), _assumption("posts.inspector.today", "guess", 12.0,
                                                                           "Town Police, human resources"),
        _assumption("posts.sergeant.today", "guess", 40.0, "Town Police, human resources"))}
    rules = {"safety_floor": {"measures": [
        {"measure": "response.immediate_in_target", "margin": 2.0, "title": "calls reached in 15 minutes"}]}}
    inputs = (Input("case.toml", "ab" * 32, "the authors", "OGL v3", "2018-01-31", "https://example.org/case"),)
    return Case("town-2018", "One command for four areas of the town", "Is it worthwhile to join four areas?", _town(),
                _scheme(), {}, assumptions, date(2018, 1, 31), (), inputs, {}, rules=rules, content="town")


VALUES = {  # measure: option -> (value, low, high), or a reason
    "finance.saving_a_year": {"today": (0, 0, 0), "cuts": (2_100_000, 900_000, 3_000_000),
                              "proposed": (2_140_400, -310_000, 4_460_000), "redesigned": (-420_000, -900_000, 60_000),
                              "pause": (2_000_000, 0, 4_000_000)},
    "finance.saving_from_merging": {"today": (0, 0, 0), "cuts": (0, 0, 0), "proposed": (640_000, -50_000, 1_100_000),
                                    "redesigned": (0, 0, 0), "pause": (600_000, 0, 1_000_000)},
    "finance.one_off_cost": {"today": (0, 0, 0), "cuts": (90_000, 10_000, 400_000),
                             "proposed": (1_900_000, 800_000, 5_200_000), "redesigned": (2_400_000, 900_000, 6_000_000),
                             "pause": (1_900_000, 800_000, 5_200_000)},
    "finance.net_present_value": {"proposed": (9_000_000, -6_000_000, 25_000_000)},
    "finance.payback_years": {"proposed": "not meaningful here"},
    "finance.exit_cost": {"proposed": (1_200_000, 300_000, 3_000_000)},
    "finance.pause_break_even_chance": {"pause": (0.318, 0.12, 0.7), "proposed": "not meaningful here"},
    "finance.service_neutral_saving": {"proposed": "unknown"},
    "finance.supervisors": {"today": (212, 180, 260), "cuts": (200, 170, 250), "proposed": (151, 120, 190)},
}
BY_AREA = {  # measure: option -> one value an area in scope
    "locality.residents_per_commander": {"today": ALONE, "cuts": ALONE, "proposed": (710_409,) * 4,
                                         "redesigned": (390_400, 390_400, 320_001, 320_001)},
    "locality.residents_per_named_lead": {"today": ALONE, "proposed": ALONE},
    "locality.distance_to_headquarters": {"today": (1.2, 1.5, 2.04, 0.8), "proposed": (1.2, 4.2, 4.0, 5.7)},
    "locality.top_five_shared": {"today": (5, 5, 5, 5), "proposed": (4, 5, 3, "unknown")},
    "locality.share_of_command_demand": {"today": (1.0, 1.0, 1.0, 1.0), "proposed": (0.25, 0.4, 0.35, 0.0)},
}


def _estimate(told, measure):
    if isinstance(told, str):
        return Unavailable(told, "nobody has published it" if told == "unknown" else "")
    value, low, high = told if isinstance(told, tuple) else (told, told, told)
    return Estimate(float(value), float(low), float(high), 0.9, "modelled")


def _changes(measure, told, others):
    found = []
    for against, other in others:
        if isinstance(told, str) or isinstance(other, str):
            found.append(Change(against, None, "not shown", "none"))
            continue
        now, before = (x if isinstance(x, tuple) else (x, x, x) for x in (told, other))
        low, high = now[1] - before[1], now[2] - before[2]
        low, high = min(low, high), max(low, high)
        state = state_of(low, high, measure)
        found.append(Change(against, Estimate(now[0] - before[0], low, high, 0.9, "modelled"), state,
                            "all" if state in ("worse", "better") else "some"))
    return tuple(found)


def _findings():
    found = []
    for measure in MEASURES:
        for subject, k in [("scheme", None), *((code, i) for i, code in enumerate(SCOPE))]:
            table = VALUES.get(measure.name) if k is None else BY_AREA.get(measure.name)
            for option, told in (table or {}).items():
                pick = (lambda t, k=k: t if k is None else t[k])  # noqa: E731
                others = [(a, pick(table[a])) for a in ("today", "cuts") if a in table and a != option]
                value = _estimate(pick(told), measure)
                found.append(Finding(finding_id(measure.name, option, subject), measure.name, subject, option, value,
                                     _changes(measure, pick(told), others), measure.sources, date(2017, 6, 22)))
    return tuple(found)


def _tables():
    years = [f"{2018 + i}-{19 + i}" for i in range(10)]
    cash = []
    for option, yearly in (("today", 0.0), ("cuts", 2.1e6), ("proposed", 2.14e6), ("redesigned", -0.42e6)):
        total = -1.9e6 if option == "proposed" else 0.0
        for year in years:
            total += yearly
            cash.append((option, year, yearly, total, total - 1.5e6, total + 1.5e6))
    posts = [(o, r, "all", p) for o, counts in (("today", (4, 28, 180, 900)), ("cuts", (4, 24, 172, 880)),
                                                ("proposed", (1, 20, 130, 890)))
             for r, p in zip(("chief superintendent", "inspector", "sergeant", "constable"), counts, strict=True)]
    steps = [("proposed", s, a) for s, a in (("today's posts", 9e8), ("posts", -2.4e7), ("estate", -1e6),
                                             ("one-off", 2e6), ("optimism bias", 1e6), ("net cost", 8.78e8))]
    questions = ("most senior officer answering for this area only", "rank of that officer")
    said = tuple(zip(questions, ("the commander", "chief superintendent"), strict=True))
    answers = [(c, o, q, a if o == "today" else "" if c == "T1" else "a borough lead", "Town Police")
               for c, o, (q, a) in itertools.product(SCOPE, ("today", "proposed"), said)]
    return (
        ResultTable("posts_by_rank", "Posts by rank", ("option", "rank", "role", "posts"), ("", "", "", "posts"),
                    tuple(posts)),
        ResultTable("cash_by_year", "Cash by year", ("option", "year", "net", "cumulative", "cumulative_low",
                    "cumulative_high"), ("", "", GBP, GBP, GBP, GBP), tuple(cash)),
        ResultTable("waterfall", "From today’s cost", ("option", "step", "amount"), ("", "", GBP), tuple(steps)),
        ResultTable("accountability", "Who answers", ("area", "option", "question", "answer", "holder"), ("",) * 5,
                    tuple(answers)),
        ResultTable("budget", "The budget", ("year", "budget, cash", "budget by GDP deflator"),
                    ("financial year", GBP, GBP),
                    (("2010-11", 5e7, 6e7), ("2013-14", None, None), ("2017-18", 5.2e7, 5.2e7))),
        ResultTable("travel_bands", "Residents by travel time", ("area", "option", "share_within_15"),
                    ("", "", "share"), (("T1", "today", 1.0), ("T1", "proposed", 0.125))),
        ResultTable("sunk_costs", "Already spent", ("item", "amount"), ("", GBP), ()),
        ResultTable("odd_table", "A table nobody foresaw", ("thing", "yes_or_no", "when"), ("", "", ""),
                    (("x", True, date(2018, 1, 1)), (None, None, None))),
    )


def _appraisal(**changes):
    case = _case()
    cost = Estimate(310_000.0, 120_000.0, 600_000.0, 0.9, "modelled")
    told = {
        "case": case, "case_digest": case.digest, "options": case.scheme.options, "findings": _findings(),
        "tables": _tables(),
        "checks": (Check("Residents add up", True, "710,409 in all."), Check("A criterion was fixed first", False,
                   "None was published before 2017."), Check("Guesses are counted", None, "2 of 3 are guesses.")),
        "unknowns": (
            Unknown("posts.inspector.today", "Inspectors today", "Each post is worth £70,000.",
                    "Town Police, human resources", "posts", 12.0, 6.0, 24.0, 17.5, 0.4),
            Unknown("posts.sergeant.today", "Sergeants today", "It moves the saving.", "Town Police, human resources",
                    "posts", 40.0, 20.0, 80.0, None, 0.0)),
        "gates": (
            GateState("Success criteria published", "Mayor", date(2017, 1, 1), "Criteria", "not met",
                      ("2017-01-26: 'had not been agreed' (https://example.org/a)",), None, "It was not agreed."),
            GateState("Start", "Police", date(2018, 5, 23), "All gates", "cannot be known", (), None, "Not due yet."),
            GateState("Pilot began", "Police", None, "A pilot", "met", (), date(2017, 1, 1), "")),
        "conditions": (Condition("Radio channels", "one for each area", ("T2", "T4"), cost, "worthwhile",
                                 "cannot be judged"),),
        "claims": (
            ClaimResult("far", "A councillor", date(2018, 1, 31), "more distant", "against", "https://example.org/c",
                        "supported", "The base would be farther from 3 of 4 areas.",
                        ("locality.distance_to_headquarters/proposed/T5",)),
            ClaimResult("save", "The Mayor", date(2017, 11, 30), "it saves <money>", "for", "javascript:alert(1)",
                        "cannot be tested", "", ())),
        "verdict": Verdict("cannot be judged", "It cannot be judged, because nobody has shown how long callers wait.",
                           ("The saving could be £2.1 million a year or a loss.", "Three areas lose closeness."),
                           ("Response is not answered yet.", "Two figures are guesses.", "No criterion was fixed."),
                           {"veto": "cannot be judged", "aggregate": "cannot be judged"}, "cd" * 32),
        "provenance": {"accepted": 180},
    }
    return Appraisal(**{**told, **changes})


@pytest.fixture(scope="session")
def measures():
    return MEASURES


@pytest.fixture(scope="session")
def appraisal():
    return _appraisal()


@pytest.fixture(scope="session")
def make_appraisal():
    return _appraisal


@pytest.fixture(scope="session")
def document(appraisal):
    import json

    from bailiwick.publish.results import canonical, results

    return json.loads(canonical(results(appraisal, MEASURES)))


@pytest.fixture(scope="session")
def page(document):
    """The report of the made-up town."""
    from bailiwick.publish import report

    return report(document)
