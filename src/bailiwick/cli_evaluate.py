"""Did it work where it was tried? The command that evaluates anybody's panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bailiwick.errors import CaseError, nearest

if TYPE_CHECKING:
    from bailiwick.evaluation.effect import Design
    from bailiwick.evaluation.family import Asked
    from bailiwick.evaluation.panel import Panel
    from bailiwick.evaluation.plan import Plan
    from bailiwick.evaluation.study import PilotStudy, Study

METHODS = ("did", "sc", "dsc", "sdid", "all")
DIRECTIONS = ("higher", "lower", "neither")


def evaluate(  # noqa: PLR0913 - one option of the command line each
    panel: Annotated[Path, typer.Argument(help="A long or wide CSV or Parquet file.", metavar="PANEL")],
    unit: Annotated[str, typer.Option("--unit", help="Column that names the unit.")],
    time: Annotated[str, typer.Option("--time", help="Column of years, quarters, months, dates or numbers.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Outcome: a column, or several as A,B; a name if wide.")],
    treated: Annotated[str, typer.Option("--treated", help="Treated unit, or several: U,U.")],
    start: Annotated[str, typer.Option("--from", help="First treated period, or the date of the start.")],
    method: Annotated[str, typer.Option(help="did, sc, dsc, sdid, or all.")] = "all",
    groups: Annotated[Path | None, typer.Option(help="Table unit,group: who was treated together.")] = None,
    phases: Annotated[Path | None, typer.Option(help="Table name,from,to[,dose][,group].")] = None,
    adjacency: Annotated[Path | None, typer.Option(help="Table of pairs of units that touch.")] = None,
    exclude: Annotated[str, typer.Option(help="Units to leave out: U,U.")] = "",
    where: Annotated[list[str] | None, typer.Option(help="Keep the rows with COLUMN=VALUE.")] = None,
    since: Annotated[str | None, typer.Option(help="First period of the window.")] = None,
    until: Annotated[str | None, typer.Option(help="First period after the window.")] = None,
    scale: Annotated[str, typer.Option(help="level, index (own mean before = 100), log, or year-on-year.")] = "level",
    margin: Annotated[str, typer.Option(help="Smallest change that matters, fixed beforehand: 5, or A=5,B=2.")] = "",
    better: Annotated[str, typer.Option(help="higher, lower or neither is better; or A=lower,B=higher.")] = "neither",
    anticipation: Annotated[int, typer.Option(help="Periods to leave out before the start.", min=0)] = 0,
    draws: Annotated[int | None, typer.Option(help="Draw so many placebo sets if too many to list.", min=19)] = None,
    plan: Annotated[Path | None, typer.Option(help="Plan written beforehand (TOML): pilots, windows.")] = None,
    registered: Annotated[str | None, typer.Option(help="Where the plan's hash was lodged: DATE=SHA256.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page and the JSON.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")] = False,
) -> None:
    """Evaluate a pilot on any panel: effect, every placebo, detectable effect, and a page that shows them."""
    from bailiwick.evaluation.effect import Design
    from bailiwick.evaluation.family import study_together
    from bailiwick.sources.panelfile import PanelRequest, panels_from_file

    _refuse(method, METHODS, "--method")
    _refuse(scale, ("level", "index", "log", "year-on-year"), "--scale")
    beforehand = None if plan is None else _plan_read(plan)
    request = PanelRequest(
        unit=unit, time=time, outcome=outcome, treated=treated, start=start, exclude=exclude,
        where=tuple(_condition(w) for w in where or ()), since=since, until=until, groups=groups, phases=phases,
        adjacency=adjacency,
    )
    _options_fit(margin, better)
    panels = panels_from_file(panel, request)
    design = Design(scale=scale.replace("-", " "), anticipation=anticipation, draws=draws)  # type: ignore[arg-type]
    if beforehand is None:
        asked = _asked(panels, design, method, (margin, better))
    else:
        asked = tuple(_planned(beforehand, one, registered) for one in panels)
    _written(study_together(asked), out or Path("out") / panel.stem, as_json=as_json)


def _asked(
    panels: tuple[Panel, ...], design: Design, method: str, wanted: tuple[str, str]
) -> tuple[Asked, ...]:
    """What is asked of each outcome where no plan says it: all of them one family."""
    from dataclasses import replace

    from bailiwick.evaluation.family import Asked
    from bailiwick.evaluation.study import Agenda

    agenda = Agenda() if method == "all" else Agenda(methods=(method,), headline=method)
    names = [one.outcome for one in panels]
    if len(names) > 1 and wanted[0] and "=" not in wanted[0] and design.scale not in ("index", "log"):
        said = f"one for each outcome, as in {names[0]}={wanted[0]}, or --scale index"
        raise CaseError("evaluate", "--margin", got=wanted[0], expected=said)
    margins = _by_outcome(wanted[0], names, "--margin")
    directions = _by_outcome(wanted[1], names, "--better")
    return tuple(
        Asked(
            one,
            replace(design, margin=_margin(margins.get(one.outcome)), better=directions.get(one.outcome, "neither")),
            agenda,
        )
        for one in panels
    )


def _by_outcome(text: str, names: list[str], option: str) -> dict[str, str]:
    """The option's value for each outcome: one for all, or NAME=value for each named."""
    if "=" not in text:
        return dict.fromkeys(names, text) if text else {}
    found = {}
    for pair in text.split(","):
        name, _, value = (part.strip() for part in pair.rpartition("="))
        if name not in names:
            raise CaseError("evaluate", option, got=name or pair, expected="an outcome", hint=nearest(name, names))
        found[name] = value
    return found


def _margin(text: str | None) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise CaseError("evaluate", "--margin", got=text, expected="a number above zero") from error
    if not 0 < value < float("inf"):
        raise CaseError("evaluate", "--margin", got=text, expected="a number above zero")
    return value


def _options_fit(margin: str, better: str) -> None:
    """Refuse numbers and directions that cannot be, before the file is read."""
    for pair in margin.split(","):
        _margin(pair.rpartition("=")[2].strip())
    for pair in better.split(","):
        _refuse(pair.rpartition("=")[2].strip(), DIRECTIONS, "--better")


def _plan_read(path: Path) -> Plan:
    """The plan, read before any outcome is."""
    from bailiwick.evaluation.plan import plan_from_toml

    if not path.is_file():
        raise CaseError(str(path), "--plan", got="no such file", expected="a TOML file")
    return plan_from_toml(path.read_bytes(), where=path.name)


def _planned(plan: Plan, panel: Panel, registered: str | None) -> Asked:
    """What a plan asks of one outcome; the treated units of the command must be the plan's."""
    from datetime import date

    from bailiwick.evaluation.family import Asked
    from bailiwick.evaluation.plan import Registration
    from bailiwick.evaluation.strength import Circumstances
    from bailiwick.evaluation.study import Agenda

    laid = plan.applied(panel)
    if laid.treated != panel.treated:
        names = ",".join(panel.units[k] for k in laid.treated)
        raise CaseError("evaluate", "--treated", got="other units than the plan's", expected=names)
    lodged = None
    if registered is not None:
        day, _, sha = registered.partition("=")
        try:
            lodged = Registration(sha, date.fromisoformat(day))
        except ValueError as error:
            raise CaseError("evaluate", "--registered", got=registered, expected="2017-12-01=SHA256") from error
    standing, why = plan.standing(panel.outcome, registration=lodged, loaded=date.today())
    agenda = Agenda(
        methods=(plan.method, *plan.also), headline=plan.method, dimensions=plan.dimensions(laid),
        around=Circumstances(confounders=plan.confounders), standing=standing,
        standing_why=f"{why}; the plan is sha256:{plan.digest}",
    )
    named = plan.outcome(panel.outcome)
    family, role = ("not in the plan", "") if named is None else (named.family, named.role)
    return Asked(laid, plan.design(laid, panel.outcome), agenda, family, role == "negative control")


def _refuse(word: str, known: tuple[str, ...], option: str) -> None:
    if word not in known:
        raise CaseError("evaluate", option, got=word, expected=" or ".join(known), hint=nearest(word, known))


def _condition(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals or not column:
        raise CaseError("evaluate", "--where", got=text, expected="COLUMN=VALUE")
    return column.strip(), value.strip()


def _written(results: tuple[Study, ...], folder: Path, *, as_json: bool) -> None:
    """The pages and the record in `folder`, and the answer on the terminal."""
    import json

    from bailiwick.evaluation.record import studies_record
    from bailiwick.publish.evaluation_page import evaluation_pages

    record, pages = studies_record(results), evaluation_pages(results)
    if folder.exists() and not folder.is_dir():
        raise CaseError(str(folder), "--out", got="a file", expected="a folder, or a name that is free")
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "evaluation.json").write_text(text + "\n", encoding="utf-8")
    for name, page in pages:
        (folder / name).write_text(page, encoding="utf-8")
    if as_json:
        typer.echo(text)
        return
    for line in (*(_family_lines(results) if len(results) > 1 else ()), *(t for one in results for t in _told(one))):
        typer.echo(line)
    typer.echo(f"\nPage: {folder / pages[0][0]}\nData: {folder / 'evaluation.json'}")


def _family_lines(results: tuple[Study, ...]) -> list[str]:
    """One line for each outcome and pilot: p by itself, and p corrected for the outcomes looked at together."""
    wide = max(len(one.panel.outcome) for one in results)
    lines = [
        f"\n{len(results)} outcomes, tested together on the same placebos (max-T); the corrected p decides.",
        f"  {'outcome':{wide}}  {'effect':>10}{'p':>8}{'corrected':>11}{'detectable':>12}  verdict",
    ]
    for pilot in [p.pilot for p in results[0].worst_first]:
        lines.append(f"  {pilot}:")
        for one, study in ((r, s) for r in results for s in r.pilots if s.pilot == pilot):
            e = study.effect
            mde = "none" if e.mde is None else f"{e.mde:.4g}"
            lines.append(
                f"  {one.panel.outcome:{wide}}  {e.att:>10.4g}{e.placebo_p:>8.4f}{study.judgement.p:>11.4f}{mde:>12}"
                f"  {study.judgement.verdict}"
            )
    return lines


def _told(result: Study) -> list[str]:
    lines: list[str] = []
    for pilot in result.worst_first:
        lines.extend(_pilot_lines(pilot))
    failed = [check for check in result.checks if check.passed is False]
    if failed:
        lines.append("\nChecks of the data that failed:")
        lines.extend(f"  {check.name}: {check.text}" for check in failed)
    lines.append(f"\nStanding: {result.standing} ({result.standing_why}).")
    return lines


def _held(study: PilotStudy) -> str:
    if study.family:
        return f"corrected for the {len(study.family)} outcomes looked at together"
    return "pooled placebos share members: never below what one pilot's own placebos can give"


def _pilot_lines(study: PilotStudy) -> list[str]:
    effect = study.effect
    lines = [
        f"\n{study.pilot}{f', {effect.outcome}' if study.family else ''}: {study.judgement.verdict.upper()}",
        f"  {study.judgement.sentence}",
        f"  from {effect.periods[effect.before]}; {effect.before} periods before, "
        f"{len(effect.periods) - effect.before} after; {effect.reference}",
        "", f"  {'method':8}{'effect':>12}{'p':>9}{'floor':>8}{'90% interval':>26}{'detectable':>13}",
    ]
    for name, e in study.effects.items():
        span = "none at this level" if e.interval is None else f"{e.interval[0]:.4g} to {e.interval[1]:.4g}"
        mde = "none" if e.mde is None else f"{e.mde:.4g}"
        lines.append(f"  {name:8}{e.att:>12.6g}{e.placebo_p:>9.4f}{e.p_floor:>8.4f}{span:>26}{mde:>13}")
    if len(effect.by_phase) > 1:
        lines.append("")
        lines.extend(
            f"  {p.name}, {p.first} to {p.last}, dose {p.dose:g}: {p.att:.4g} (p = {p.p:.4f}"
            f"{'' if p.mde is None else f', detectable {p.mde:.4g}'})"
            for p in effect.by_phase
        )
    if study.judgement.p > effect.placebo_p:
        lines.append(f"\n  p that decides: {study.judgement.p:.4f} ({_held(study)})")
    loo, many = effect.loo_range, study.variants
    if loo is not None:
        lines.append(f"\n  one donor left out: {loo.low:.4g} ({loo.at_low}) to {loo.high:.4g} ({loo.at_high})")
    lines.extend(f"  as if from {f.start}: {f.att:.4g} (p = {f.p:.4f})" for f in effect.in_time)
    agree = f"{many.same_sign:.0%} with this sign, median {many.median:.3g}%"
    lines.append(f"  {len(many.specifications)} specifications: {agree}")
    lines.extend(f"  note: {flag}" for flag in effect.flags)
    return lines
