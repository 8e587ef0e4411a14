"""What does one panel say about each pilot, by every method, with every check?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bailiwick.errors import CaseError, MethodError, nearest
from bailiwick.evaluation import RECIPES
from bailiwick.evaluation.checks import panel_checks
from bailiwick.evaluation.effect import DEFAULT, Design, Effect
from bailiwick.evaluation.estimation import answered
from bailiwick.evaluation.fits import padded, run
from bailiwick.evaluation.panel import Panel, TreatedGroup
from bailiwick.evaluation.question import POOLED, Question, question
from bailiwick.evaluation.robustness import Dimensions, Multiverse, in_time, multiverse, usual_dimensions
from bailiwick.evaluation.strength import SIGN_METHODS, Circumstances, Judgement, judged
from bailiwick.findings import Check


@dataclass(frozen=True, slots=True, eq=False)
class PilotStudy:
    """Every method's answer on one pilot, the verdict from them, the multiverse, and the ring as if it were treated.

    `signs`: the bare effect by each method whose sign the verdict needs and that was not asked for. `family`: the
    outcomes that were tested together, and `family_p` the p corrected for all of them.
    """

    pilot: str
    headline: str
    effects: Mapping[str, Effect]
    judgement: Judgement
    variants: Multiverse
    ring: Effect | None
    around: Circumstances = field(default_factory=Circumstances)
    signs: Mapping[str, float] = field(default_factory=dict)
    family: tuple[str, ...] = ()
    family_p: float | None = None

    @property
    def effect(self) -> Effect:
        """The headline method's answer."""
        return self.effects[self.headline]

    def rejudged(self, family: tuple[str, ...], p: float, moved: tuple[str, ...] = ()) -> PilotStudy:
        """The same answers with the verdict for a p corrected for a family, and negative controls that moved."""
        around = replace(self.around, controls_moved=moved)
        said = judged(self.effects, self.headline, around=around, family_p=p, signs=self.signs)
        return replace(self, judgement=said, around=around, family=family, family_p=p)


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One outcome: a study of each pilot, the pooled one last, the checks of the data, and whether it was planned."""

    panel: Panel
    design: Design
    pilots: tuple[PilotStudy, ...]
    checks: tuple[Check, ...]
    standing: str
    standing_why: str

    @property
    def worst_first(self) -> tuple[PilotStudy, ...]:
        """The pilots, the one with the worse effect first where the good direction is known, pooled last."""
        sign = {"higher": 1.0, "lower": -1.0}.get(self.design.better, 0.0)
        return tuple(sorted(self.pilots, key=lambda s: (s.pilot == POOLED, sign * s.effect.att)))


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a study is to do: the methods, the headline, in-time starts, declared variants, and what stands around.

    `family`: corrected p by pilot, from `family_p`. None anywhere means the usual choice.
    """

    methods: tuple[str, ...] = ("did", "sc", "dsc", "sdid")
    headline: str = "sdid"
    starts: tuple[str, ...] | None = None
    dimensions: Dimensions | None = None
    around: Circumstances = field(default_factory=Circumstances)
    family: Mapping[str, float] | None = None
    standing: str = "exploratory"
    standing_why: str = "no plan was given"


def study(panel: Panel, design: Design = DEFAULT, *, agenda: Agenda | None = None) -> Study:
    """The whole evaluation of one outcome: each pilot by itself, and all of them pooled where there are several."""
    agenda = agenda or Agenda()
    for method in agenda.methods:
        if method not in RECIPES:
            raise CaseError("evaluate", "--method", got=method, expected="a method", hint=nearest(method, RECIPES))
    studies = [_pilot_study(panel, design, agenda, g.id) for g in panel.pilots]
    names = [g.id for g in panel.pilots]
    first = studies[0].effect
    checks = panel_checks(panel, design, recipe=RECIPES[agenda.headline], pilot=names[0], att=first.att)
    if len(names) > 1:
        floor = min(s.effect.p_floor for s in studies)
        try:
            studies.append(_floored(_pilot_study(panel, design, agenda, POOLED), floor))
        except MethodError as error:
            checks = (*checks, Check("pooled test", None, f"not run: {error}"))
    return Study(panel, design, tuple(studies), checks, agenda.standing, agenda.standing_why)


def _pilot_study(panel: Panel, design: Design, agenda: Agenda, pilot: str) -> PilotStudy:
    asked = question(panel, design, pilot=pilot)
    effects: dict[str, Effect] = {}
    for method in dict.fromkeys((*agenda.methods, agenda.headline)):
        effect = answered(asked, RECIPES[method])
        effects[method] = replace(
            effect, in_time=in_time(panel, RECIPES[method], agenda.starts, design=design, pilot=pilot)
        )
    dimensions = agenda.dimensions or usual_dimensions(panel, design, pilot=pilot)
    dimensions = replace(dimensions, methods=tuple(m for m in dimensions.methods if m in effects) or (agenda.headline,))
    around = replace(
        agenda.around,
        margin=design.margin,
        better=design.better,
        pilots=len(panel.pilots),
        planned=agenda.standing == "pre-specified",
    )
    corrected = None if agenda.family is None else agenda.family.get(pilot)
    signs, head = _signs(asked, effects), effects[agenda.headline].att
    return PilotStudy(
        pilot,
        agenda.headline,
        effects,
        judged(effects, agenda.headline, around=around, family_p=corrected, signs=signs),
        multiverse(panel, RECIPES, dimensions, design=design, pilot=pilot, headline=head),
        ring_effect(panel, design, agenda.headline, pilot),
        around=around,
        signs=signs,
    )


def _floored(pooled: PilotStudy, floor: float) -> PilotStudy:
    """The pooled study judged by no smaller p than the pilots' own placebos could give.

    Pooled sets share their members, so their number says more than they can.
    """
    p = max(floor, pooled.judgement.p)
    return replace(
        pooled,
        judgement=judged(pooled.effects, pooled.headline, around=pooled.around, family_p=p, signs=pooled.signs),
    )


def _signs(asked: Question, effects: Mapping[str, Effect]) -> dict[str, float]:
    """The bare effect by each method that the verdict needs the sign of and that was not asked for."""
    rows = padded([asked.treated])
    missing = [m for m in SIGN_METHODS if m not in effects]
    return {m: float(run(asked.sample, RECIPES[m], rows, rows, weights=False).effects[0]) for m in missing}


def ring_effect(panel: Panel, design: Design, method: str, pilot: str) -> Effect | None:
    """The effect on the units that touch the pilot, as if they had been treated together; None without a ring.

    The pilots themselves are neither donors nor treated here. An effect on the ring hints at spillover.
    """
    if panel.adjacency is None:
        return None
    groups = [g for g in panel.pilots if pilot in (POOLED, g.id)]
    members = panel.positions([name for g in groups for name in g.units])
    ring = tuple(k for k in panel.touching(members) if k not in panel.treated)
    if not ring or len(panel.units) - len(panel.treated) - len(ring) < len(ring) + 2:
        return None
    names = tuple(panel.units[k] for k in ring)
    start = max(g.start for g in groups)
    others = tuple(panel.units[k] for k in panel.treated)
    moved = replace(panel, pilots=(TreatedGroup("ring", names, start),), groups=())
    try:
        quiet = replace(design, leave_out=design.leave_out + others, drop_ring=False, reference="auto")
        return answered(question(moved, quiet), RECIPES[method])
    except MethodError:
        return None
