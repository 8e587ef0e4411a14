"""What may stand in case.toml, claims.toml and datapackage.json, key by key?

Each model is one table of a file; a field's description is what an error message says was expected there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bailiwick.case import ClaimRule
from bailiwick.casefile_files import Document, Place
from bailiwick.casefile_problems import Problems
from bailiwick.errors import nearest

LARGEST = 1e15
_LINE = r"^[^\x00-\x1f\x7f]*$"
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=_LINE, strip_whitespace=True)]
Blank = Annotated[str, StringConstraints(max_length=4000, pattern=_LINE, strip_whitespace=True)]
_HASH = r"^(sha256:[0-9a-f]{64})?$"
Hash = Annotated[str, StringConstraints(pattern=_HASH)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Address = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s<>\"\x00-\x1f]+)?$", max_length=1000)]
Amount = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]


class Strict(BaseModel):
    """A table in which every key is known, of its own type, and finite."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)


class AssumptionTable(Strict):
    """One disputable number."""

    title: Words = Field(description="what the number is, in plain words")
    value: Amount = Field(description="the number")
    low: Amount = Field(description="the lowest it may reasonably be")
    high: Amount = Field(description="the highest it may reasonably be")
    unit: Words = Field(description="its unit")
    kind: Literal["data", "research", "guess"] = Field(description="data, research or guess")
    shape: Literal["triangular", "uniform", "choice"] = Field("triangular", description="triangular, uniform or choice")
    control: Literal["fact", "lever"] = Field("fact", description="fact, or lever where the decider sets it")
    source: Blank = Field("", description="publisher and title of what was published")
    url: Address = Field("", description="an address that begins with https:// or http://, or nothing")
    published: date = Field(description="the day it was published; for a guess, the day it was made")
    holder: Blank = Field("", description="who knows the value of a guess")
    why: Blank = Field("", description="one sentence: why it matters")
    price_base: Blank = Field("", description='the prices that money is in, as "2017-18"')
    quality: Literal["green", "amber", "red"] = Field("amber", description="green, amber or red")


class RolesTable(Strict):
    """Who stands for the appraisal; blank until a person signs."""

    commissioner: Blank = Field("", description="who asked for the appraisal")
    analyst: Blank = Field("", description="who made it")
    assurer: Blank = Field("", description="who checked it")
    approver: Blank = Field("", description="who approved it")


class AreasTable(Strict):
    """Which areas the options partition, and when areas may stand under one command."""

    system: Slug = Field(description="the name of an area system")
    scope: list[Words] = Field(min_length=1, description="the codes of the areas that every option divides up")
    crossings: bool = Field(False, description="true where a bridge, tunnel or ferry joins the areas of a command")
    across_forces: bool = Field(False, description="true where whole forces merge, so that commands may span them")


class SiteTable(Strict):
    """A building, placed at a point of the area system or by easting and northing."""

    name: Words = Field(description="the name of the building or its town")
    area: Words = Field(description="the code of the area it stands in")
    at: Words | None = Field(None, description="the code of a point (ward) of that area")
    easting: float | None = Field(None, ge=0, le=10_000_000, description="metres, EPSG:27700")
    northing: float | None = Field(None, ge=0, le=10_000_000, description="metres, EPSG:27700")
    role: Literal["headquarters", "base", "counter", "office"] = Field(description="what the building is for")
    opens: date | None = Field(None, description="the day it opens")
    closes: date | None = Field(None, description="the day it closes")
    note: Blank = Field("", description="a note")


class ModelTable(Strict):
    """How a command works."""

    name: Words = Field(description="the name of the operating model")
    title: Words = Field(description="the model in plain words")
    posts: Literal["today", "cuts", "proposed", "redesigned"] = Field(description="whose establishment staffs it")
    channels: Literal["per-area", "per-command"] = Field(description="what a radio channel serves")
    strength: Words = Field(description="the name of an assumption: cars on duty")
    dispatch: Literal["strict", "own-first", "immediate-only-aid", "pooled", "dedicated"] = Field(
        description="which car is sent")
    desks: Words = Field(description="the name of an assumption: dispatchers at once per channel")
    supervisors: Words = Field(description="the name of an assumption: inspectors on duty per channel")
    carries_investigations: bool = Field(description="whether response officers keep the investigation")
    bases: list[Words] = Field(min_length=1, description="the names of sites that officers start from")
    posting: Literal["by-area", "to-demand", "to-demand-with-floor"] = Field(description="how cars are posted")


class CommandTable(Strict):
    """One command of an option."""

    areas: list[Words] = Field(min_length=1, description="the codes of its areas")
    model: Words = Field(description="the name of an operating model")
    headquarters: Words | None = Field(None, description="the name of a site; left out, the nearest base serves")


class OptionTable(Strict):
    """One course of action."""

    name: Slug = Field(description="a short name in small letters, digits and hyphens")
    kind: Literal["today", "cuts", "proposed", "redesigned", "pause", "alternative"] = Field(
        description="how the rooms read it")
    title: Words = Field(description="the option in plain words")
    commands: list[CommandTable] = Field(min_length=1, description="the commands into which it divides the scope")
    labels: dict[str, Blank] = Field({}, description="words that say what it involves")
    delay_months: int = Field(0, ge=0, le=120, description="months by which the decision is put off")


class PostTable(Strict):
    """One line of the establishment; each count is an assumption."""

    rank: Words = Field(description="the rank")
    role: Words = Field(description="what the posts do")
    per: Literal["command", "area", "channel"] = Field(description="what the counts are per")
    attribution: Literal["yes", "no", "range"] = Field(description="whether the line's reduction needs the merger")
    proposed_as: Literal["count", "change"] = Field("count", description="count, or change from today")
    today: AssumptionTable = Field(description="posts today: an assumption")
    proposed: AssumptionTable = Field(description="posts as proposed: an assumption")
    redesigned: AssumptionTable = Field(description="posts under the redesign: an assumption")
    needs_merger: AssumptionTable = Field(description="share of the reduction that needs the merger: an assumption")


class EvidenceTable(Strict):
    """Something published about a gate."""

    day: date = Field(description="the day it was published")
    shows: Literal["met", "not met", "cannot be known"] = Field(description="what it shows")
    text: Words = Field(description="what was said")
    url: Address = Field("", description="an address that begins with https:// or http://, or nothing")


class GateTable(Strict):
    """A step that must be passed."""

    name: Words = Field(description="what must have happened")
    owner: Words = Field(description="who answers for it")
    due: date | None = Field(None, description="the day by which it is due")
    requires: Words = Field(description="what must be true")
    criterion_dated: date | None = Field(None, description="the day its criterion was published")
    evidence: list[EvidenceTable] = Field([], description="what was published about it")


class PhaseTable(Strict):
    """A regime inside a pilot."""

    name: Words = Field(description="the regime in a few words")
    start: date = Field(description="its first day")
    end: date | None = Field(None, description="the first day after it")
    dose: float = Field(ge=0, le=1, description="how much of the change was tried, 0 to 1")


class PilotTable(Strict):
    """Where the change was tried."""

    id: Slug = Field(description="a short name in small letters, digits and hyphens")
    title: Words = Field(description="the pilot's areas in words")
    areas: list[Words] = Field(min_length=1, description="the codes of its areas")
    phases: list[PhaseTable] = Field(min_length=1, description="its regimes in order")


class EvaluationTable(Strict):
    """How the pilots are evaluated, fixed before their outcomes are read."""

    plan: Words = Field(description="the name of the evaluation plan, a TOML file beside case.toml")
    sha256: Hash = Field(description='the hash of the plan\'s meaning: "sha256:" and 64 hexadecimal digits')


class ScenarioTable(Strict):
    """A named set of assumptions that are changed together."""

    name: Slug = Field(description="a short name in small letters, digits and hyphens")
    title: Words = Field(description="the scenario in plain words")
    why: Words = Field(description="one sentence: why it is asked")
    values: dict[str, Amount] = Field({}, description="the value of an assumption, by name, inside its range")
    times: dict[str, Amount] = Field({}, description="the factor on the value of an assumption, by name, above 0")
    plus: dict[str, Amount] = Field({}, description="what is added to the value of an assumption, by name")


class CaseTable(Strict):
    """The whole of case.toml."""

    form: Literal["bailiwick/case/1"] = Field(alias="schema", description='"bailiwick/case/1"')
    name: Slug = Field(description="a short name in small letters, digits and hyphens")
    title: Words = Field(description="the merger in one line")
    question: Words = Field(description="the question that the appraisal answers")
    as_of: date = Field(description="the day as of which the case is judged")
    seed: int = Field(2018, ge=0, le=2**63 - 1, description="a whole number that fixes all random draws")
    draws: int = Field(200, ge=1, le=100_000, description="how many sets of assumptions are drawn")
    effective: date = Field(description="the day the proposal would take effect")
    horizon_years: int = Field(ge=1, le=60, description="years over which costs and benefits are counted")
    rulebook: Slug = Field(description="the name of a rulebook of the catalogue")
    verdict_rules: Slug = Field(description="the name of the rules of the verdict")
    claims: Words | None = Field(None, description="the name of the file with the debate's claims")
    roles: RolesTable = Field(default_factory=lambda: RolesTable.model_validate({}),
                              description="who stands for the appraisal")
    areas: AreasTable = Field(description="the areas in question")
    entered: Blank = Field("", alias="register", description="the file of the register, beside case.toml")
    evaluation: EvaluationTable | None = Field(None, description="the evaluation plan of the pilots, and its hash")
    tables: dict[str, Words] = Field({}, description="a CSV file or a table of the catalogue for each name")
    sites: list[SiteTable] = Field(min_length=1, description="the buildings")
    models: list[ModelTable] = Field(min_length=1, description="how commands work")
    options: list[OptionTable] = Field(min_length=1, description="the options: today, cuts, proposed ...")
    posts: list[PostTable] = Field(min_length=1, description="the establishment, line by line")
    gates: list[GateTable] = Field([], description="what must be true before the scheme may go on")
    pilots: list[PilotTable] = Field([], description="where it was tried")
    scenarios: list[ScenarioTable] = Field([], description="named sets of assumptions changed together")
    assumptions: dict[str, AssumptionTable] = Field({}, description="assumptions of this case, by name")


class ClaimTable(Strict):
    """Something said in the debate."""

    id: Slug = Field(description="a short name in small letters, digits and hyphens")
    who: Words = Field(description="who said it")
    when: date = Field(description="the day it was said")
    quote: Words = Field(description="the words")
    side: Literal["for", "against", "neither"] = Field(description="for, against or neither")
    url: Address = Field("", description="an address that begins with https:// or http://, or nothing")
    measure: Blank = Field("", description="the measure that tests it, as locality.distance_to_headquarters")
    option: Blank = Field("", description="the option it is about")
    subject: Blank = Field("", description="scheme, each, any, or the code of an area in scope")
    rule: ClaimRule = Field(description="how the measure tests it")
    threshold: Amount | None = Field(None, description="the number to compare with")
    holder: Blank = Field("", description="who has the figure that would test it")
    why: Words = Field(description="how the words are read")
    about: Blank = Field("", description="what this claim and others give a number for, in the same words")


class ClaimsTable(Strict):
    """The whole of claims.toml."""

    claims: list[ClaimTable] = Field(description="the claims, each under [[claims]]")


class LicenceTable(Strict):
    """A licence, as the Data Package standard writes it."""

    model_config = ConfigDict(extra="ignore")

    name: Words = Field(description='the short name of a licence, as "OGL-UK-3.0"')
    title: Blank = Field("", description="its name in full")
    path: Blank = Field("", description="where it can be read")


class SourceTable(Strict):
    """Where a file came from, as the Data Package standard writes it."""

    model_config = ConfigDict(extra="ignore")

    title: Words = Field(description="who published it, and under which title")
    path: Address = Field("", description="an address that begins with https:// or http://, or nothing")


class ResourceTable(Strict):
    """One file beside case.toml that the appraisal reads, or a restricted one of which only the hash is known."""

    model_config = ConfigDict(extra="ignore")

    path: Words = Field(description="the path of the file inside the case folder")
    hash: Hash = Field("", description='"sha256:" and 64 hexadecimal digits, or nothing')
    title: Blank = Field("", description="what the file holds")
    publisher: Words = Field(description="who published the figures")
    licenses: list[LicenceTable] = Field(min_length=1, description="the licences they are under, each with a name")
    sources: list[SourceTable] = Field([], description="where they were published")
    first_published: Words = Field(
        description='the day they were first published, as "2018-01-31", or "per row" where each row has its own')
    vintage: Words = Field(description="the release they were taken from")
    restricted: bool = Field(False, description="true where the file may not be passed on")


class PackageTable(Strict):
    """The whole of datapackage.json."""

    model_config = ConfigDict(extra="ignore")

    name: Words = Field(description="the name of the case")
    resources: list[ResourceTable] = Field(
        description="the files, each with path, publisher, licenses, first_published, vintage")


M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], document: Document, problems: Problems, inside: Place = ()) -> M | None:
    """The document, or the part of it at `inside`, as the model; None after telling everything that does not fit."""
    data: object = document.data
    for step in inside:
        data = data[step] if isinstance(data, Mapping) and isinstance(step, str) else {}
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            _tell(model, document, (inside, fault), problems)
        return None


def _tell(model: type[BaseModel], document: Document, at: tuple[Place, ErrorDetails], problems: Problems) -> None:
    inside, fault = at
    place = tuple(fault["loc"])
    kind, got = fault["type"], fault["input"]
    holder, description = _field(model, place)
    if kind == "extra_forbidden":
        known = sorted(field.alias or name for name, field in holder.model_fields.items())
        problems.tell(document, inside + place, got=str(place[-1]), expected="one of the keys " + ", ".join(known),
                      hint=nearest(str(place[-1]), known) + ", or delete it")
    elif kind == "missing":
        problems.tell(document, inside + place, got="nothing", expected=description,
                      hint=f'add "{place[-1]}": ...' if document.where.endswith(".json") else f"add {place[-1]} = ...")
    else:
        expected, hint = _wanted(fault)
        problems.tell(document, inside + place, got=_shown(got), hint=hint,
                      expected=f"{expected}: {description}" if description else expected)


def _shown(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return "a table" if isinstance(value, dict) else value


def _wanted(fault: ErrorDetails) -> tuple[str, str]:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "literal_error":
        words = [word.strip("'") for word in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return "one of " + ", ".join(words), nearest(str(fault["input"]), words)
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context["pattern"]), "other letters"), ""
    if kind in _TYPES:
        return _TYPES[kind]
    if kind in _BOUNDS:
        (limit,) = context.values() if len(context) == 1 else (context.get("min_length", ""),)
        told = f"{limit:g}" if isinstance(limit, float | int) else str(limit)
        return _BOUNDS[kind].format(told), ""
    return fault["msg"], ""


def _field(model: type[BaseModel], place: Place) -> tuple[type[BaseModel], str]:
    description = ""
    for step in place:
        if not isinstance(step, str):
            continue
        named = {field.alias or name: field for name, field in model.model_fields.items()}
        if step not in named:
            continue
        description = named[step].description or ""
        model = next(_models(named[step].annotation), model)
    return model, description


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


_TYPES = {
    "string_type": ("text in double quotes", ""),
    "int_type": ("a whole number", "write digits without quotes or a decimal point"),
    "float_type": ("a number", "write digits without quotes"),
    "bool_type": ("true or false", "write it without quotes"),
    "date_type": ("a date", "write it without quotes and without a time, as 2018-01-31"),
    "list_type": ("a list in square brackets", ""),
    "dict_type": ("a table of keys and values", ""),
    "model_type": ("a table of keys and values", ""),
    "finite_number": ("a number that is not nan or inf", "when nobody knows it, write a guess with low and high"),
    "string_too_short": ("text that is not empty", ""),
    "too_short": ("at least one entry", ""),
    "int_parsing_size": ("a smaller number", "check the unit and the number of zeros"),
}
_BOUNDS = {
    "greater_than_equal": "a number of {} or more",
    "less_than_equal": "a number of {} or less",
    "string_too_long": "text of at most {} letters",
}
_PATTERNS = {
    _LINE: "text on one line",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, digits and single hyphens",
    r"^(https?://[^\s<>\"\x00-\x1f]+)?$": "a web address",
    _HASH: '"sha256:" and 64 hexadecimal digits',
}
